#include "rand.h"

#include <inttypes.h>
#include <stdio.h>

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool rand_read(const char *text, int64_t *cents) {
    int64_t amount = 0;
    int places = 0;
    if (*text == 'R' || *text == 'r') text++;
    while (*text == ' ') text++;
    if (!is_digit(*text)) return false;
    for (; is_digit(*text); text++) {
        amount = amount * 10 + (*text - '0') * 100;
        if (amount > RAND_MOST_CENTS) return false;
    }
    if (*text == '.' || *text == ',') {
        text++;
        int64_t worth = 10;
        for (; is_digit(*text) && places < 2; text++, places++, worth /= 10) amount += (*text - '0') * worth;
        if (places == 0) return false;
    }
    while (*text == ' ') text++;
    if (*text != '\0' || amount == 0 || amount > RAND_MOST_CENTS) return false;
    *cents = amount;
    return true;
}

void rand_write(int64_t cents, char *out, size_t size) {
    snprintf(out, size, "R%" PRId64 ".%02" PRId64, cents / 100, cents % 100);
}
