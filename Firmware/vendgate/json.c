#include "json.h"

#include <string.h>

#include "utf8.h"

/* ---- Reading, first pass: is this JSON at all? ------------------------------------------------------------- */

struct reader {
    const char *at;
    const char *end;
    int depth;
};

static bool read_value(struct reader *r);

static void skip_space(struct reader *r) {
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r')) r->at++;
}

static bool take(struct reader *r, char c) {
    if (r->at == r->end || *r->at != c) return false;
    r->at++;
    return true;
}

static bool take_word(struct reader *r, const char *word) {
    size_t length = strlen(word);
    if ((size_t)(r->end - r->at) < length || memcmp(r->at, word, length) != 0) return false;
    r->at += length;
    return true;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool take_digits(struct reader *r) {
    const char *start = r->at;
    while (r->at < r->end && is_digit(*r->at)) r->at++;
    return r->at > start;
}

static bool read_number(struct reader *r) {
    (void)take(r, '-');
    if (!take(r, '0') && !take_digits(r)) return false;
    if (take(r, '.') && !take_digits(r)) return false;
    if (r->at < r->end && (*r->at == 'e' || *r->at == 'E')) {
        r->at++;
        if (!take(r, '+')) (void)take(r, '-');
        if (!take_digits(r)) return false;
    }
    return true;
}

/* Four hexadecimal digits, or -1. */
static int32_t take_hex4(struct reader *r) {
    if (r->end - r->at < 4) return -1;
    int32_t value = 0;
    for (int i = 0; i < 4; i++) {
        char c = *r->at++;
        int digit = is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value;
}

#define END_OF_STRING (-1)
#define BAD_CHARACTER (-2)

/* The next character of a string whose opening quote has been passed, unescaped. Passes the closing quote. */
static int32_t take_character(struct reader *r) {
    if (r->at == r->end) return BAD_CHARACTER;
    unsigned char c = (unsigned char)*r->at;
    if (c == '"') {
        r->at++;
        return END_OF_STRING;
    }
    if (c < 0x20) return BAD_CHARACTER;
    if (c != '\\') {
        size_t length = 0;
        int32_t scalar = vg_utf8_decode(r->at, (size_t)(r->end - r->at), &length);
        if (scalar < 0) return BAD_CHARACTER;
        r->at += length;
        return scalar;
    }
    r->at++;
    if (r->at == r->end) return BAD_CHARACTER;
    switch (*r->at++) {
    case '"': return '"';
    case '\\': return '\\';
    case '/': return '/';
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'u': break;
    default: return BAD_CHARACTER;
    }
    int32_t unit = take_hex4(r);
    if (unit < 0 || (unit >= 0xDC00 && unit <= 0xDFFF)) return BAD_CHARACTER;
    if (unit < 0xD800 || unit > 0xDBFF) return unit;
    if (!take(r, '\\') || !take(r, 'u')) return BAD_CHARACTER;
    int32_t low = take_hex4(r);
    if (low < 0xDC00 || low > 0xDFFF) return BAD_CHARACTER;
    return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
}

static bool read_string(struct reader *r) {
    if (!take(r, '"')) return false;
    int32_t c;
    while ((c = take_character(r)) >= 0) continue;
    return c == END_OF_STRING;
}

/* Both are checked strings, from their opening quotes. */
static bool same_string(struct vg_json a, struct vg_json b) {
    struct reader ra = {a.at + 1, a.end, 0}, rb = {b.at + 1, b.end, 0};
    for (;;) {
        int32_t ca = take_character(&ra), cb = take_character(&rb);
        if (ca != cb) return false;
        if (ca < 0) return ca == END_OF_STRING;
    }
}

static bool read_object(struct reader *r) {
    struct vg_json names[VG_JSON_MEMBERS_MAX];
    size_t count = 0;
    if (!take(r, '{')) return false;
    skip_space(r);
    if (take(r, '}')) return true;
    for (;;) {
        if (count == VG_JSON_MEMBERS_MAX) return false;
        skip_space(r);
        names[count].at = r->at;
        if (!read_string(r)) return false;
        names[count].end = r->at;
        for (size_t i = 0; i < count; i++)
            if (same_string(names[i], names[count])) return false;
        count++;
        skip_space(r);
        if (!take(r, ':') || !read_value(r)) return false;
        if (take(r, '}')) return true;
        if (!take(r, ',')) return false;
    }
}

static bool read_array(struct reader *r) {
    if (!take(r, '[')) return false;
    skip_space(r);
    if (take(r, ']')) return true;
    for (;;) {
        if (!read_value(r)) return false;
        if (take(r, ']')) return true;
        if (!take(r, ',')) return false;
    }
}

/* One value with the white space around it. */
static bool read_value(struct reader *r) {
    skip_space(r);
    if (r->at == r->end || r->depth == VG_JSON_DEPTH_MAX) return false;
    bool good;
    r->depth++;
    switch (*r->at) {
    case '{': good = read_object(r); break;
    case '[': good = read_array(r); break;
    case '"': good = read_string(r); break;
    case 't': good = take_word(r, "true"); break;
    case 'f': good = take_word(r, "false"); break;
    case 'n': good = take_word(r, "null"); break;
    default: good = read_number(r); break;
    }
    r->depth--;
    skip_space(r);
    return good;
}

bool vg_json_document(const char *text, size_t length, struct vg_json *root) {
    struct reader r = {text, text + length, 0};
    skip_space(&r);
    root->at = r.at;
    if (!read_value(&r) || r.at != r.end) return false;
    while (r.at > root->at && strchr(" \t\n\r", r.at[-1]) != NULL) r.at--;
    root->end = r.at;
    return true;
}

/* ---- Reading, second pass: what does the checked text say? -------------------------------------------------- */

static const struct vg_json absent = {NULL, NULL};

enum vg_json_kind vg_json_kind(struct vg_json value) {
    if (value.at == NULL || value.at == value.end) return VG_JSON_ABSENT;
    switch (*value.at) {
    case '{': return VG_JSON_OBJECT;
    case '[': return VG_JSON_ARRAY;
    case '"': return VG_JSON_STRING;
    case 't':
    case 'f': return VG_JSON_BOOL;
    case 'n': return VG_JSON_NULL;
    default: return VG_JSON_NUMBER;
    }
}

/* Takes one value of a checked text. */
static struct vg_json take_value(struct reader *r) {
    skip_space(r);
    struct vg_json value = {r->at, NULL};
    if (!read_value(r)) return absent;
    value.end = r->at;
    while (value.end > value.at && strchr(" \t\n\r", value.end[-1]) != NULL) value.end--;
    return value;
}

struct vg_json vg_json_member(struct vg_json object, const char *name) {
    if (vg_json_kind(object) != VG_JSON_OBJECT) return absent;
    struct reader r = {object.at + 1, object.end, 0};
    for (;;) {
        skip_space(&r);
        if (r.at == r.end || *r.at != '"') return absent;
        struct vg_json found = take_value(&r);
        if (!take(&r, ':')) return absent;
        struct vg_json value = take_value(&r);
        if (vg_json_equals(found, name)) return value;
        if (!take(&r, ',')) return absent;
    }
}

bool vg_json_next(struct vg_json array, struct vg_json *element) {
    if (vg_json_kind(array) != VG_JSON_ARRAY) return false;
    struct reader r = {element->at == NULL ? array.at + 1 : element->end, array.end, 0};
    skip_space(&r);
    if (element->at != NULL && !take(&r, ',')) return false;
    skip_space(&r);
    if (r.at == r.end || *r.at == ']') return false;
    *element = take_value(&r);
    return vg_json_kind(*element) != VG_JSON_ABSENT;
}

bool vg_json_is_true(struct vg_json value) { return vg_json_kind(value) == VG_JSON_BOOL && *value.at == 't'; }

bool vg_json_int64(struct vg_json value, int64_t *out) {
    if (vg_json_kind(value) != VG_JSON_NUMBER) return false;
    const char *at = value.at;
    bool negative = *at == '-';
    if (negative) at++;
    int64_t number = 0; /* counted downwards: INT64_MIN has no positive twin */
    for (; at < value.end; at++) {
        if (!is_digit(*at)) return false;
        int digit = *at - '0';
        if (number < (INT64_MIN + digit) / 10) return false;
        number = number * 10 - digit;
    }
    if (!negative && number == INT64_MIN) return false;
    *out = negative ? number : -number;
    return true;
}

bool vg_json_equals(struct vg_json value, const char *text) {
    if (vg_json_kind(value) != VG_JSON_STRING) return false;
    struct reader r = {value.at + 1, value.end, 0};
    size_t left = strlen(text);
    for (;;) {
        int32_t c = take_character(&r);
        if (c < 0) return c == END_OF_STRING && left == 0;
        size_t length = 0;
        if (left == 0 || vg_utf8_decode(text, left, &length) != c) return false;
        text += length;
        left -= length;
    }
}

bool vg_json_line(struct vg_json value, char *out, size_t size) {
    if (vg_json_kind(value) != VG_JSON_STRING) return false;
    struct reader r = {value.at + 1, value.end, 0};
    size_t used = 0;
    bool room = true;
    for (;;) {
        int32_t c = take_character(&r);
        if (c == END_OF_STRING) break;
        if (c <= 0) return false;
        /* C0, DEL and C1; and the line separators of Unicode. */
        if (c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029) c = ' ';
        char bytes[4];
        size_t length = vg_utf8_encode(c, bytes);
        if (length >= size - used) room = false;
        if (!room) continue;
        memcpy(out + used, bytes, length);
        used += length;
    }
    out[used] = '\0';
    return true;
}

/* ---- Writing ---------------------------------------------------------------------------------------------- */

size_t vg_json_quote(const char *text, char *out, size_t size) {
    static const char hex[] = "0123456789abcdef";
    size_t left = strlen(text), used = 0;
    if (size < 2) return 0;
    out[used++] = '"';
    while (left > 0) {
        size_t length = 0;
        int32_t c = vg_utf8_decode(text, left, &length);
        if (c < 0 || size - used < 7) return 0; /* 6 bytes of \u001f and the closing quote */
        if (c == '"' || c == '\\') {
            out[used++] = '\\';
            out[used++] = (char)c;
        } else if (c < 0x20 || c == 0x7F) {
            memcpy(out + used, "\\u00", 4);
            out[used + 4] = hex[c >> 4];
            out[used + 5] = hex[c & 15];
            used += 6;
        } else {
            memcpy(out + used, text, length);
            used += length;
        }
        text += length;
        left -= length;
    }
    if (size - used < 1) return 0;
    out[used++] = '"';
    return used;
}
