#include "herd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

// A herd that has not settled by then has met a server that does not serve.
static const int64_t patience_ns = 120LL * 1000000000;

static struct client *clients;
static const struct protocol *protocol;
static int poller, unopened, ready, down, in_flight;
static int64_t started;
static long answers;
static bool reported = true;

void inbox_drop(struct client *c, size_t length) {
    memmove(c->inbox, c->inbox + length, c->have - length);
    c->have -= length;
}

static void close_client(struct client *c) {
    if (c->state == READY) ready--;
    if (c->state == CONNECTING || c->state == WAITING) in_flight--;
    if (c->fd >= 0) close(c->fd);
    c->fd = -1;
    c->state = DOWN;
    c->have = 0;
}

static void open_client(struct client *c) {
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0) fail("socket %u: %s (see ulimit -n)", c->index, strerror(errno));
    int on = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(source_address(c->index))};
    if (bind(c->fd, (struct sockaddr *)&from, sizeof from)) fail("bind: %s", strerror(errno));
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options.port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(c->fd, (struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS)
        fail("connect to port %d: %s", options.port, strerror(errno));
    c->state = CONNECTING;
    c->step = 0;
    in_flight++;
    struct epoll_event event = {.events = EPOLLOUT | EPOLLIN, .data.ptr = c};
    epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &event);
}

static void put(struct client *c, const char *bytes, size_t length) {
    // A request is far smaller than an empty socket buffer; where the connection is broken, the next read says so.
    if (length && send(c->fd, bytes, length, MSG_NOSIGNAL) != (ssize_t)length) shutdown(c->fd, SHUT_RDWR);
}

static void settle(struct client *c, int before) {
    if (before == READY || c->state != READY) return;
    ready++;
    in_flight--;
}

/// Returns false when the connection has ended.
static bool attend(struct client *c, uint32_t events) {
    char out[OUTBOX];
    if (c->state == CONNECTING) {
        int problem = 0;
        socklen_t size = sizeof problem;
        getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &problem, &size);
        if (problem) return false;
        if (!(events & EPOLLOUT)) return true;
        c->state = WAITING;
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
        epoll_ctl(poller, EPOLL_CTL_MOD, c->fd, &event);
        put(c, out, protocol->open(c, out));
        settle(c, WAITING);
        return true;
    }
    if (c->have == INBOX) fail("an answer is longer than %d bytes: %.200s", INBOX, c->inbox);
    ssize_t got = recv(c->fd, c->inbox + c->have, INBOX - c->have, 0);
    if (got < 0 && errno == EAGAIN) return true;
    if (got <= 0) return false;
    c->have += (size_t)got;
    int before = c->state;
    size_t length = protocol->receive(c, out);
    put(c, out, length);
    if (length) answers++;
    settle(c, before);
    return true;
}

static void go(void) {
    for (int i = 0; i < options.count; i++) close_client(&clients[i]);
    unopened = 0;
    down = 0;
    reported = false;
    started = now_ns();
}

static void command(void) {
    char line[64];
    ssize_t got = read(0, line, sizeof line - 1);
    if (got <= 0) exit(0);
    line[got] = 0;
    if (strncmp(line, "go", 2) == 0) go();
    else if (strncmp(line, "status", 6) == 0) printf("status ready=%d down=%d answers=%ld\n", ready, down, answers);
    fflush(stdout);
}

static void report(void) {
    if (reported) return;
    if (ready == options.count) {
        printf("ready %d %.3f\n", ready, (double)(now_ns() - started) / 1e6);
        fflush(stdout);
        reported = true;
    } else if (now_ns() - started > patience_ns) {
        fail("only %d of %d settled in %d s", ready, options.count, (int)(patience_ns / 1000000000));
    }
}

void herd_run(struct client *all, const struct protocol *kind) {
    clients = all;
    protocol = kind;
    poller = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event input = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(poller, EPOLL_CTL_ADD, 0, &input);
    for (int i = 0; i < options.count; i++) clients[i].fd = -1;
    go();
    for (;;) {
        // Opened in small lots, so that answers are read while the rest still connects.
        for (int lot = 0; lot < 64 && unopened < options.count && (!options.window || in_flight < options.window); lot++)
            open_client(&clients[unopened++]);
        struct epoll_event events[256];
        bool more = unopened < options.count && (!options.window || in_flight < options.window);
        int count = epoll_wait(poller, events, 256, more ? 0 : 1000);
        for (int i = 0; i < count; i++) {
            struct client *c = events[i].data.ptr;
            if (!c) {
                command();
                break; // `go` has closed connections that later entries may name
            }
            if (c->fd < 0 || attend(c, events[i].events)) continue;
            bool settled = c->state == READY;
            close_client(c);
            if (settled) {
                if (++down == options.count) {
                    printf("dropped %d\n", down);
                    fflush(stdout);
                }
            } else {
                open_client(c); // not served yet: it tries again at once
            }
        }
        report();
    }
}
