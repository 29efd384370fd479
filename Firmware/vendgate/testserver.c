#define _GNU_SOURCE

#include "testserver.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define SLOW_STEP_MS 20

static void need(int good, const char *what) {
    if (good) return;
    perror(what);
    exit(70);
}

static void wait_until_closed(int fd) {
    char ignored[256];
    while (read(fd, ignored, sizeof ignored) > 0) continue;
}

static void read_call(int fd, int calls) {
    char bytes[8192];
    size_t used = 0;
    while (used < sizeof bytes && (used == 0 || bytes[used - 1] != '\0')) {
        ssize_t got = read(fd, bytes + used, sizeof bytes - used);
        if (got <= 0) break;
        used += (size_t)got;
    }
    need(write(calls, bytes, used) == (ssize_t)used, "write");
}

static void serve(int fd, int calls, enum manner manner, const char *bytes, size_t length) {
    if (manner == CLOSE_UNREAD) return;
    read_call(fd, calls);
    if (manner == SILENT) {
        wait_until_closed(fd);
        return;
    }
    size_t step = manner == IN_PIECES || manner == SLOWLY ? 1 : length;
    for (size_t sent = 0; sent < length;) {
        struct pollfd p = {.fd = fd, .events = 0};
        if (manner == SLOWLY && poll(&p, 1, SLOW_STEP_MS) > 0) return; /* the caller gave up */
        ssize_t n = send(fd, bytes + sent, step < length - sent ? step : length - sent, MSG_NOSIGNAL);
        if (n <= 0) return;
        sent += (size_t)n;
    }
    if (manner != THEN_CLOSE) wait_until_closed(fd);
}

void testserver_start(struct testserver *server, enum manner manner, const char *bytes, size_t length) {
    int pipe_ends[2];
    snprintf(server->directory, sizeof server->directory, "/tmp/vendgate-test-XXXXXX");
    need(mkdtemp(server->directory) != NULL, "mkdtemp");
    snprintf(server->path, sizeof server->path, "%s/gate.sock", server->directory);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, server->path, strlen(server->path) + 1);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    need(listener >= 0, "socket");
    need(bind(listener, (const struct sockaddr *)&address, sizeof address) == 0, "bind");
    need(listen(listener, manner == NEVER_ACCEPTS ? 0 : 16) == 0, "listen");
    need(pipe(pipe_ends) == 0, "pipe");
    server->process = fork();
    need(server->process >= 0, "fork");
    if (server->process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(pipe_ends[0]);
        if (manner == NEVER_ACCEPTS)
            for (;;) pause();
        for (;;) {
            int fd = accept(listener, NULL, NULL);
            need(fd >= 0, "accept");
            serve(fd, pipe_ends[1], manner, bytes, length);
            close(fd);
        }
    }
    close(listener);
    close(pipe_ends[1]);
    server->calls = pipe_ends[0];
}

size_t testserver_call(struct testserver *server, char *out, size_t size) {
    size_t used = 0;
    while (used < size && (used == 0 || out[used - 1] != '\0')) {
        ssize_t got = read(server->calls, out + used, size - used);
        if (got <= 0) break;
        used += (size_t)got;
    }
    return used;
}

void testserver_kill(struct testserver *server) {
    kill(server->process, SIGKILL);
    waitpid(server->process, NULL, 0);
    server->process = 0;
}

void testserver_stop(struct testserver *server) {
    if (server->process != 0) testserver_kill(server);
    close(server->calls);
    unlink(server->path);
    rmdir(server->directory);
}
