/* What the files of the tests share. */
#ifndef VENDGATE_TESTING_H
#define VENDGATE_TESTING_H

#include <stdbool.h>

/* The bytes of a literal without its closing NUL, and with it as the protocol wants it. */
#define LENGTH(text) (sizeof(text) - 1)
#define WITH_NUL(text) text, sizeof(text)

/* Counts; prints `name` and `got` when it is not good. */
void expect(bool good, const char *name, const char *got);

/* testcode.c: vendgate_enter_code(). */
void enters_codes(void);

#endif
