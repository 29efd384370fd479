#define _GNU_SOURCE /* SOCK_NONBLOCK, SOCK_CLOEXEC */

#include "exchange.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>


#define FIRST_BUFFER ((size_t)4096)

struct exchange {
    const char *path;
    int64_t deadline_ns;
    int fd;
    char *why;
    size_t why_size;
};

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

__attribute__((format(printf, 2, 3))) static bool fail(struct exchange *x, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(x->why, x->why_size, format, arguments);
    va_end(arguments);
    return false;
}

/* Milliseconds left, rounded up so that a wait never spins; 0 when the deadline has passed. */
static int remaining_ms(const struct exchange *x) {
    int64_t left = x->deadline_ns - now_ns();
    return left <= 0 ? 0 : (int)((left + 999999) / 1000000);
}

static bool too_late(struct exchange *x, const char *while_doing) {
    return fail(x, "%s: the agent did not answer in time (%s)", x->path, while_doing);
}

/* Waits until the socket is ready. A closed or failed socket counts as ready: the next call on it says why. */
static bool wait_for(struct exchange *x, short events, const char *while_doing) {
    for (;;) {
        int left = remaining_ms(x);
        if (left == 0) return too_late(x, while_doing);
        struct pollfd p = {.fd = x->fd, .events = events};
        int ready = poll(&p, 1, left);
        if (ready > 0) return true;
        if (ready < 0 && errno != EINTR) return fail(x, "%s: poll: %s", x->path, strerror(errno));
    }
}

static bool open_connection(struct exchange *x) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, x->path, strlen(x->path) + 1);
    x->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (x->fd < 0) return fail(x, "socket: %s", strerror(errno));
    bool queued = false;
    while (connect(x->fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        if (errno == EINTR) continue;
        if (errno != EAGAIN) return fail(x, "%s: connect: %s", x->path, strerror(errno));
        /* unix(7): EAGAIN means the queue is full, and there is nothing to poll for. But a connect that may block waits its
         * turn in the kernel, before those who try again and again, and for as long as a send may (socket(7)). */
        int left = remaining_ms(x);
        if (left == 0) return too_late(x, "connecting");
        struct timeval wait = {.tv_sec = left / 1000, .tv_usec = left % 1000 * 1000};
        if (setsockopt(x->fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait) != 0) return fail(x, "setsockopt: %s", strerror(errno));
        if (!queued && fcntl(x->fd, F_SETFL, 0) != 0) return fail(x, "fcntl: %s", strerror(errno));
        queued = true;
    }
    if (queued && fcntl(x->fd, F_SETFL, O_NONBLOCK) != 0) return fail(x, "fcntl: %s", strerror(errno));
    return true;
}

static bool send_call(struct exchange *x, const char *call, size_t length) {
    while (length > 0) {
        ssize_t sent = send(x->fd, call, length, MSG_NOSIGNAL);
        if (sent >= 0) {
            call += sent;
            length -= (size_t)sent;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            if (!wait_for(x, POLLOUT, "sending")) return false;
        } else if (errno != EINTR) {
            return fail(x, "%s: send: %s", x->path, strerror(errno));
        }
    }
    return true;
}

/* Makes room for one byte more than a reply may have, so that one too many is seen. */
static bool grow(struct exchange *x, struct vg_reply *reply, size_t *capacity) {
    if (reply->length < *capacity) return true;
    if (reply->length > VG_REPLY_MAX) return fail(x, "%s: the reply is longer than %zu bytes", x->path, VG_REPLY_MAX);
    size_t wanted = *capacity == 0 ? FIRST_BUFFER : *capacity * 2;
    if (wanted > VG_REPLY_MAX + 1) wanted = VG_REPLY_MAX + 1;
    char *text = realloc(reply->text, wanted);
    if (text == NULL) return fail(x, "out of memory");
    reply->text = text;
    *capacity = wanted;
    return true;
}

static bool receive_reply(struct exchange *x, struct vg_reply *reply) {
    size_t capacity = 0;
    for (;;) {
        if (!grow(x, reply, &capacity) || !wait_for(x, POLLIN, "waiting for the reply")) return false;
        ssize_t got = recv(x->fd, reply->text + reply->length, capacity - reply->length, 0);
        if (got < 0) {
            if (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK) continue;
            return fail(x, "%s: receive: %s", x->path, strerror(errno));
        }
        if (got == 0) return fail(x, "%s: closed %s", x->path, reply->length == 0 ? "without a reply" : "in the middle of a reply");
        char *end = memchr(reply->text + reply->length, '\0', (size_t)got);
        reply->length += (size_t)got;
        if (end == NULL) continue;
        if (end + 1 != reply->text + reply->length) return fail(x, "%s: more than one reply to one call", x->path);
        reply->length--;
        /* A process that was stopped meanwhile must not take an old answer for a new one. */
        return remaining_ms(x) > 0 ? true : too_late(x, "waiting for the reply");
    }
}

bool vg_exchange(const char *socket_path, int timeout_ms, const char *call, size_t length, struct vg_reply *reply,
                 char *why, size_t why_size) {
    struct exchange x = {socket_path, now_ns() + (int64_t)timeout_ms * 1000000, -1, why, why_size};
    *reply = (struct vg_reply){NULL, 0};
    bool answered = open_connection(&x) && send_call(&x, call, length) && receive_reply(&x, reply);
    if (x.fd >= 0) close(x.fd);
    if (!answered) {
        free(reply->text);
        *reply = (struct vg_reply){NULL, 0};
    }
    return answered;
}

bool vg_socket_path_fits(const char *socket_path) {
    return socket_path[0] != '\0' && strlen(socket_path) < sizeof((struct sockaddr_un *)NULL)->sun_path;
}
