#include "utf8.h"

int32_t vg_utf8_decode(const char *text, size_t size, size_t *length) {
    if (size == 0) return -1;
    const unsigned char *b = (const unsigned char *)text;
    if (b[0] < 0x80) {
        *length = 1;
        return b[0];
    }
    size_t count;
    int32_t scalar, least;
    if (b[0] >= 0xC2 && b[0] <= 0xDF) {
        count = 2, scalar = b[0] & 0x1F, least = 0x80;
    } else if (b[0] >= 0xE0 && b[0] <= 0xEF) {
        count = 3, scalar = b[0] & 0x0F, least = 0x800;
    } else if (b[0] >= 0xF0 && b[0] <= 0xF4) {
        count = 4, scalar = b[0] & 0x07, least = 0x10000;
    } else {
        return -1;
    }
    if (size < count) return -1;
    for (size_t i = 1; i < count; i++) {
        if ((b[i] & 0xC0) != 0x80) return -1;
        scalar = scalar << 6 | (b[i] & 0x3F);
    }
    if (scalar < least || scalar > 0x10FFFF || (scalar >= 0xD800 && scalar <= 0xDFFF)) return -1;
    *length = count;
    return scalar;
}

size_t vg_utf8_encode(int32_t scalar, char out[4]) {
    if (scalar < 0x80) {
        out[0] = (char)scalar;
        return 1;
    }
    if (scalar < 0x800) {
        out[0] = (char)(0xC0 | scalar >> 6);
        out[1] = (char)(0x80 | (scalar & 0x3F));
        return 2;
    }
    if (scalar < 0x10000) {
        out[0] = (char)(0xE0 | scalar >> 12);
        out[1] = (char)(0x80 | (scalar >> 6 & 0x3F));
        out[2] = (char)(0x80 | (scalar & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | scalar >> 18);
    out[1] = (char)(0x80 | (scalar >> 12 & 0x3F));
    out[2] = (char)(0x80 | (scalar >> 6 & 0x3F));
    out[3] = (char)(0x80 | (scalar & 0x3F));
    return 4;
}
