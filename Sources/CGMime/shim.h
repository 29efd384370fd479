#pragma once
#include <errno.h>
#include <gmime/gmime.h>

// g_object_unref(3) takes any object: one function per kind that is used.
static inline void vendlock_gmime_free_type(GMimeContentType *type) { g_object_unref(type); }
static inline void vendlock_gmime_free_disposition(GMimeContentDisposition *disposition) { g_object_unref(disposition); }

// A descriptor of iconv_open(3) fails as (iconv_t)-1, which Swift has no name for; NULL here.
static inline void *vendlock_gmime_open_charset(const char *charset) {
    iconv_t descriptor = g_mime_iconv_open("UTF-8", charset);
    return descriptor == (iconv_t)-1 ? NULL : descriptor;
}
// g_mime_iconv is a macro; errno is read at once. 0, or why it stopped: E2BIG, EILSEQ, EINVAL.
static inline int vendlock_gmime_convert(void *descriptor, char **from, size_t *left, char **to, size_t *room) {
    return g_mime_iconv((iconv_t)descriptor, from, left, to, room) == (size_t)-1 ? errno : 0;
}
static inline void vendlock_gmime_close_charset(void *descriptor) { g_mime_iconv_close((iconv_t)descriptor); }
