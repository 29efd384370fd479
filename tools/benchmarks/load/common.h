// What the load programs share: time, sockets, one blocking HTTP exchange, and just enough JSON and base64url.
#ifndef VENDLOCK_BENCH_COMMON_H
#define VENDLOCK_BENCH_COMMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Ends the program with one line on stderr and exit status 1.
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/// CLOCK_MONOTONIC in nanoseconds.
int64_t now_ns(void);
void sleep_ms(int milliseconds);

/// Address of terminal `index` within 127.0.0.0/8, so that each terminal comes from an address of its own.
uint32_t source_address(uint32_t index);

/// Blocking TCP connection to 127.0.0.1:port with TCP_NODELAY. `source` is a host-order address, 0 for the system's choice.
int tcp_connect(int port, uint32_t source);
int unix_connect(const char *path);
void send_all(int fd, const void *bytes, size_t length);

/// Reads a small file (a token) and drops the white space at its end. The caller frees it.
char *read_file(const char *path);

struct answer {
    int status;
    size_t length;         // of the whole answer, head and body
    const char *body;      // into the caller's buffer, not terminated
    size_t body_length;
};

/// Parses one HTTP/1.1 answer with Content-Length. Returns false while it is incomplete.
bool answer_parse(const char *bytes, size_t length, struct answer *into);

/// Sends `request` and reads one answer into `buffer`, terminating it with a NUL.
struct answer http_exchange(int fd, const char *request, size_t request_length, char *buffer, size_t capacity);

/// Copies the value of the first `"key":` that is a string or a number. Returns false when there is none.
bool json_value(const char *json, const char *key, char *value, size_t capacity);

size_t base64url_encode(const void *bytes, size_t length, char *text);
size_t base64url_decode(const char *text, size_t length, unsigned char *bytes, size_t capacity);

/// Sorts, then returns the value at `percent` (nearest rank).
double percentile(double *values, size_t count, double percent);

#endif
