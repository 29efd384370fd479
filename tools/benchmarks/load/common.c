#include "common.h"

#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void sleep_ms(int milliseconds) {
    struct timespec t = {milliseconds / 1000, (milliseconds % 1000) * 1000000L};
    nanosleep(&t, NULL);
}

uint32_t source_address(uint32_t index) {
    // From 127.1.0.1 on; the last octet stays within 1...250.
    return 0x7F010000u + ((index / 250) << 8) + index % 250 + 1;
}

int tcp_connect(int port, uint32_t source) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) fail("socket: %s", strerror(errno));
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (source) {
        struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(source)};
        setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
        if (bind(fd, (struct sockaddr *)&from, sizeof from)) fail("bind: %s", strerror(errno));
    }
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(fd, (struct sockaddr *)&to, sizeof to)) fail("connect to port %d: %s", port, strerror(errno));
    return fd;
}

int unix_connect(const char *path) {
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof to.sun_path) fail("%s: too long for a socket's path", path);
    strcpy(to.sun_path, path);
    if (connect(fd, (struct sockaddr *)&to, sizeof to)) fail("connect to %s: %s", path, strerror(errno));
    return fd;
}

void send_all(int fd, const void *bytes, size_t length) {
    const char *at = bytes;
    while (length) {
        ssize_t sent = send(fd, at, length, MSG_NOSIGNAL);
        if (sent <= 0) fail("send: %s", strerror(errno));
        at += sent;
        length -= (size_t)sent;
    }
}

char *read_file(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) fail("%s: %s", path, strerror(errno));
    char *text = calloc(1, 4097);
    size_t length = fread(text, 1, 4096, file);
    fclose(file);
    while (length && strchr(" \r\n\t", text[length - 1])) text[--length] = 0;
    return text;
}

bool answer_parse(const char *bytes, size_t length, struct answer *into) {
    const char *end = memmem(bytes, length, "\r\n\r\n", 4);
    if (!end) return false;
    size_t content = 0;
    bool sized = false;
    for (const char *line = bytes; line < end; ) {
        const char *next = memmem(line, (size_t)(end - line) + 2, "\r\n", 2);
        if (strncasecmp(line, "content-length:", 15) == 0) {
            content = strtoul(line + 15, NULL, 10);
            sized = true;
        }
        line = next + 2;
    }
    into->status = atoi(bytes + 9);
    if (!sized && into->status != 204 && into->status != 304)
        fail("the answer has no Content-Length: %.*s", (int)(end - bytes), bytes);
    into->body = end + 4;
    into->body_length = content;
    into->length = (size_t)(into->body - bytes) + content;
    return length >= into->length;
}

struct answer http_exchange(int fd, const char *request, size_t request_length, char *buffer, size_t capacity) {
    struct answer answer;
    size_t have = 0;
    send_all(fd, request, request_length);
    do {
        if (have + 1 >= capacity) fail("the answer is longer than %zu bytes", capacity);
        ssize_t got = recv(fd, buffer + have, capacity - 1 - have, 0);
        if (got <= 0) fail("the server closed the connection at: %.60s", request);
        have += (size_t)got;
        buffer[have] = 0;
    } while (!answer_parse(buffer, have, &answer));
    return answer;
}

bool json_value(const char *json, const char *key, char *value, size_t capacity) {
    char name[64];
    snprintf(name, sizeof name, "\"%s\"", key);
    const char *at = strstr(json, name);
    if (!at) return false;
    at += strlen(name);
    while (*at == ' ' || *at == ':') at++;
    const char *stops = ",}] \n";
    if (*at == '"') {
        at++;
        stops = "\"";
    }
    size_t length = strcspn(at, stops);
    if (length == 0 || length >= capacity) return false;
    memcpy(value, at, length);
    value[length] = 0;
    return true;
}

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

size_t base64url_encode(const void *bytes, size_t length, char *text) {
    const unsigned char *in = bytes;
    size_t out = 0;
    uint32_t bits = 0;
    int held = 0;
    for (size_t i = 0; i < length; i++) {
        bits = bits << 8 | in[i];
        for (held += 8; held >= 6; held -= 6) text[out++] = alphabet[bits >> (held - 6) & 63];
    }
    if (held) text[out++] = alphabet[bits << (6 - held) & 63];
    text[out] = 0;
    return out;
}

size_t base64url_decode(const char *text, size_t length, unsigned char *bytes, size_t capacity) {
    static signed char digit[256];
    static bool filled;
    if (!filled) {
        memset(digit, -1, sizeof digit);
        for (int i = 0; i < 64; i++) digit[(unsigned char)alphabet[i]] = (signed char)i;
        filled = true;
    }
    size_t out = 0;
    uint32_t bits = 0;
    int held = 0;
    for (size_t i = 0; i < length && out < capacity; i++) {
        if (digit[(unsigned char)text[i]] < 0) break;
        bits = bits << 6 | (uint32_t)digit[(unsigned char)text[i]];
        held += 6;
        if (held >= 8) bytes[out++] = (unsigned char)(bits >> (held -= 8));
    }
    return out;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double percentile(double *values, size_t count, double percent) {
    qsort(values, count, sizeof *values, ascending);
    size_t rank = (size_t)ceil(percent / 100 * (double)count);
    return values[rank ? rank - 1 : 0];
}
