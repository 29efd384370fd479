/*
 * Strict JSON (RFC 8259) over text that stays where it is: nothing is allocated, nothing is copied until asked for.
 * vg_json_document() checks a whole text once; every other function takes values of a checked text.
 */
#ifndef VENDGATE_JSON_H
#define VENDGATE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Nesting of arrays and objects. An answer of the gate needs 4. */
#define VG_JSON_DEPTH_MAX 16

/* Members of one object. Bounds the search for duplicate names, which compares each with each. */
#define VG_JSON_MEMBERS_MAX 64

enum vg_json_kind {
    VG_JSON_ABSENT, /* there is no such member */
    VG_JSON_NULL,
    VG_JSON_BOOL,
    VG_JSON_NUMBER,
    VG_JSON_STRING,
    VG_JSON_ARRAY,
    VG_JSON_OBJECT
};

/* One value of a checked text: its first to its last character. */
struct vg_json {
    const char *at;
    const char *end;
};

/*
 * Checks that `text` is exactly one value, with white space around it at most: UTF-8 without surrogates, no
 * duplicate member names (compared after unescaping), no lone \uD800 to \uDFFF, depth and members within the bounds.
 */
bool vg_json_document(const char *text, size_t length, struct vg_json *root);

enum vg_json_kind vg_json_kind(struct vg_json value);

/* The member of that name, of kind VG_JSON_ABSENT when `object` has none or is no object. */
struct vg_json vg_json_member(struct vg_json object, const char *name);

/* Steps through an array; start with a zeroed `element`. False after the last one. */
bool vg_json_next(struct vg_json array, struct vg_json *element);

bool vg_json_is_true(struct vg_json value);

/* A number without fraction or exponent that fits; false for anything else. */
bool vg_json_int64(struct vg_json value, int64_t *out);

/* Whether a string is exactly `text`, after unescaping. */
bool vg_json_equals(struct vg_json value, const char *text);

/*
 * A string as one printable line: control characters become spaces, so that a message cannot drive the screen that
 * shows it. Cut at a character when it does not fit. False for anything but a string, and for one that holds U+0000.
 */
bool vg_json_line(struct vg_json value, char *out, size_t size);

/*
 * Writes `text` as a JSON string, quotes included, ASCII control characters escaped. Returns the bytes written
 * (no closing NUL), or 0 when it does not fit or is not UTF-8.
 */
size_t vg_json_quote(const char *text, char *out, size_t size);

#endif
