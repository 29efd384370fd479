/* Amounts as people at a counter write them: rand, with cents after a point or a comma. */
#ifndef TERMINAL_RAND_H
#define TERMINAL_RAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The most that one sale of this program may be: R100 000.00. */
#define RAND_MOST_CENTS 10000000

/* "50", "R50", "50.5", "50,05"; more than nothing and at most RAND_MOST_CENTS. */
bool rand_read(const char *text, int64_t *cents);

/* "R50.00" */
void rand_write(int64_t cents, char *out, size_t size);

#endif
