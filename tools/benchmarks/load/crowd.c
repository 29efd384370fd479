// Hostile clients of the gate, until it is ended:
//
//   crowd SOCKET GREEDY PROCESSES
//
// GREEDY clients, shared out among PROCESSES, send calls as fast as the gate takes them, and come back at once when they are dropped. Beside
// them one sends and never reads, one sends a byte a second, and one process connects and leaves again without end. Prints `ready` when every
// client has been let in once, and on SIGTERM one JSON object with what they did.
#include "common.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum kind { GREEDY, DEAF, DRIP };

struct client {
    int fd; // -1: to be connected
    enum kind kind;
    bool admitted;
    size_t sent; // of what it is sending
};

static const char check[] = "{\"method\":\"io.vendlock.Gate.Check\",\"parameters\":{\"operation\":\"airtime_vend\",\"amount_cents\":1000}}";
enum { BATCH = 20 };
static char calls[BATCH * sizeof check];

static struct {
    _Atomic long calls, replies, connections, drops, storms;
    _Atomic int admitted;
} *shared;

static struct sockaddr_un at = {.sun_family = AF_UNIX};

static int connect_now(void) {
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) fail("socket: %s", strerror(errno));
    if (connect(fd, (struct sockaddr *)&at, sizeof at) == 0) return fd;
    int why = errno;
    close(fd);
    // A full queue, or no gate any more: the gate's end is not this program's.
    if (why != EAGAIN && why != ECONNREFUSED && why != ENOENT) fail("connect: %s", strerror(why));
    return -1;
}

static void drop(struct client *c) {
    close(c->fd);
    c->fd = -1;
    c->sent = 0;
    atomic_fetch_add(&shared->drops, 1);
}

/* One turn of a client that the poller named; writes at most one batch. */
static void proceed(struct client *c, uint32_t events) {
    char replies[16384];
    if (c->kind != DEAF && events & EPOLLIN) {
        ssize_t got = recv(c->fd, replies, sizeof replies, 0);
        if (got == 0 || (got < 0 && errno != EAGAIN)) return drop(c);
        if (got > 0) atomic_fetch_add(&shared->replies, 1);
    }
    if (events & (EPOLLHUP | EPOLLERR)) return drop(c);
    if (c->kind == DRIP || !(events & EPOLLOUT)) return;
    ssize_t sent = send(c->fd, calls + c->sent, sizeof calls - c->sent, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) return drop(c);
    if (sent > 0) {
        c->sent = (c->sent + (size_t)sent) % sizeof calls;
        atomic_fetch_add(&shared->calls, sent / (long)sizeof check);
    }
}

static _Noreturn void run(struct client *clients, int count) {
    struct epoll_event events[256];
    int poller = epoll_create1(EPOLL_CLOEXEC);
    int64_t next_drip = 0;
    int turn = 0;
    for (;;) {
        bool waiting = false;
        // Each has its turn: a full queue is full for those behind it as well.
        for (int n = 0; n < count && !waiting; n++) {
            int i = turn;
            turn = (turn + 1) % count;
            if (clients[i].fd >= 0) continue;
            clients[i].fd = connect_now();
            if (clients[i].fd < 0) {
                waiting = true;
                turn = i;
                continue;
            }
            atomic_fetch_add(&shared->connections, 1);
            if (!clients[i].admitted) atomic_fetch_add(&shared->admitted, 1);
            clients[i].admitted = true;
            struct epoll_event event = {.events = clients[i].kind == DEAF ? EPOLLOUT | EPOLLET : EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = &clients[i]};
            if (epoll_ctl(poller, EPOLL_CTL_ADD, clients[i].fd, &event)) fail("epoll_ctl: %s", strerror(errno));
        }
        int64_t now = now_ns();
        for (int i = 0; now >= next_drip && i < count; i++) {
            if (clients[i].kind != DRIP || clients[i].fd < 0) continue;
            next_drip = now + 1000000000;
            (void)!send(clients[i].fd, check + clients[i].sent++ % (sizeof check - 1), 1, MSG_NOSIGNAL | MSG_DONTWAIT);
        }
        int ready = epoll_wait(poller, events, 256, waiting ? 1 : 20);
        for (int i = 0; i < ready; i++) proceed(events[i].data.ptr, events[i].events);
    }
}

/* Connects, says half a word or nothing, and is gone. */
static _Noreturn void storm(void) {
    for (long i = 0;; i++) {
        int fd = connect_now();
        if (fd < 0) {
            sleep_ms(1);
            continue;
        }
        if (i % 2) (void)!send(fd, check, sizeof check / 2, MSG_NOSIGNAL | MSG_DONTWAIT);
        close(fd);
        atomic_fetch_add(&shared->storms, 1);
    }
}

static void begin(pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
}

int main(int argc, char **argv) {
    if (argc != 4) fail("crowd SOCKET GREEDY PROCESSES");
    int greedy = atoi(argv[2]), processes = atoi(argv[3]);
    if (greedy < 1 || processes < 1 || strlen(argv[1]) >= sizeof at.sun_path) fail("crowd SOCKET GREEDY PROCESSES");
    strcpy(at.sun_path, argv[1]);
    for (int i = 0; i < BATCH; i++) memcpy(calls + i * (int)sizeof check, check, sizeof check);
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) fail("mmap: %s", strerror(errno));
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    pid_t parent = getpid(), children[64];
    if (processes > 63) fail("at most 63 processes");
    for (int p = 0; p <= processes; p++) {
        children[p] = fork();
        if (children[p] < 0) fail("fork: %s", strerror(errno));
        if (children[p]) continue;
        begin(parent);
        if (p == processes) storm();
        int count = greedy / processes + (p < greedy % processes);
        struct client *clients = calloc((size_t)count + 2, sizeof *clients);
        for (int i = 0; i < count + 2; i++) clients[i].fd = -1;
        if (p == 0) {
            clients[count++].kind = DEAF;
            clients[count++].kind = DRIP;
        }
        run(clients, count);
    }
    while (atomic_load(&shared->admitted) < greedy + 2) {
        struct timespec pause = {0, 10000000};
        if (sigtimedwait(&ends, NULL, &pause) > 0) fail("ended with %d of %d clients let in", atomic_load(&shared->admitted), greedy + 2);
    }
    puts("ready");
    fflush(stdout);
    int number;
    sigwait(&ends, &number);
    for (int p = 0; p <= processes; p++) kill(children[p], SIGKILL);
    printf("{\"calls\": %ld, \"replies\": %ld, \"connections\": %ld, \"drops\": %ld, \"storms\": %ld}\n", atomic_load(&shared->calls),
           atomic_load(&shared->replies), atomic_load(&shared->connections), atomic_load(&shared->drops), atomic_load(&shared->storms));
    return 0;
}
