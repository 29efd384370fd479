// Round trips over a Unix stream socket. A message ends with a NUL byte, as in Varlink.
//
//   gate once SOCKET                  asks `Check` once; prints the reply, exit status 0 only when permitted
//   gate drive SOCKET SECONDS         asks `Check` again and again; prints one JSON object
//   gate echo SOCKET REPLY_BYTES      the peer: answers each message with REPLY_BYTES bytes, the NUL included
#include "common.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static size_t read_message(int fd, char *buffer, size_t capacity) {
    size_t have = 0;
    do {
        ssize_t got = recv(fd, buffer + have, capacity - have, 0);
        if (got <= 0) return 0;
        have += (size_t)got;
        if (have == capacity && buffer[have - 1]) fail("a message is longer than %zu bytes", capacity);
    } while (buffer[have - 1] != 0);
    return have;
}

static const char check[] =
    "{\"method\":\"io.vendlock.Gate.Check\",\"parameters\":{\"operation\":\"airtime_vend\",\"amount_cents\":1000}}";

static int once(const char *path) {
    char reply[4096], value[16];
    int fd = unix_connect(path);
    send_all(fd, check, sizeof check); // with its NUL
    if (!read_message(fd, reply, sizeof reply)) fail("the gate closed its socket");
    puts(reply);
    return json_value(reply, "permitted", value, sizeof value) && strcmp(value, "true") == 0 ? 0 : 1;
}

static void drive(const char *path, int seconds) {
    enum { MOST = 4000000 };
    double *took = malloc(MOST * sizeof *took);
    char reply[4096];
    size_t count = 0, length = 0;
    int fd = unix_connect(path);
    for (int i = 0; i < 1000; i++) { // warm
        send_all(fd, check, sizeof check);
        length = read_message(fd, reply, sizeof reply);
        if (!length || strstr(reply, "\"error\"")) fail("not a decision: %s", length ? reply : "the socket was closed");
    }
    bool permitted = strstr(reply, "\"permitted\":true") || strstr(reply, "\"permitted\": true");
    int64_t start = now_ns(), end = start + (int64_t)seconds * 1000000000, at = start;
    while (at < end && count < MOST) {
        send_all(fd, check, sizeof check);
        if (!read_message(fd, reply, sizeof reply)) fail("the socket was closed");
        int64_t now = now_ns();
        took[count++] = (double)(now - at) / 1000;
        at = now;
    }
    double rate = (double)count / ((double)(at - start) / 1e9);
    double p99 = percentile(took, count, 99);
    printf("{\"per_s\": %.0f, \"median_us\": %.2f, \"p99_us\": %.2f, \"request_bytes\": %zu, \"reply_bytes\": %zu, \"permitted\": %s}\n",
           rate, percentile(took, count, 50), p99, sizeof check, length, permitted ? "true" : "false");
}

static void echo(const char *path, size_t reply_bytes) {
    static char buffer[4096], reply[4096];
    if (reply_bytes < 1 || reply_bytes > sizeof reply) fail("a reply has 1 to %zu bytes", sizeof reply);
    memset(reply, 'x', reply_bytes - 1);
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof at.sun_path) fail("%s: too long for a socket's path", path);
    strcpy(at.sun_path, path);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, (struct sockaddr *)&at, sizeof at) || listen(listener, 8)) fail("%s: %s", path, strerror(errno));
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0) fail("accept: %s", strerror(errno));
        while (read_message(fd, buffer, sizeof buffer)) send_all(fd, reply, reply_bytes);
        close(fd);
    }
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "once") == 0) return once(argv[2]);
    if (argc != 4) fail("gate once SOCKET | gate drive SOCKET SECONDS | gate echo SOCKET REPLY_BYTES");
    if (strcmp(argv[1], "drive") == 0) drive(argv[2], atoi(argv[3]));
    else if (strcmp(argv[1], "echo") == 0) echo(argv[2], (size_t)atoi(argv[3]));
    else fail("unknown mode '%s'", argv[1]);
    return 0;
}
