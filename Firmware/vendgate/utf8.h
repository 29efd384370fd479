/* UTF-8 (RFC 3629), strictly: no overlong form, no surrogate, nothing above U+10FFFF. */
#ifndef VENDGATE_UTF8_H
#define VENDGATE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* The first character of `text` and its length in bytes; -1 when the bytes are not UTF-8. */
int32_t vg_utf8_decode(const char *text, size_t size, size_t *length);

/* Writes 1 to 4 bytes and returns how many. `scalar` is one that vg_utf8_decode() can return. */
size_t vg_utf8_encode(int32_t scalar, char out[4]);

#endif
