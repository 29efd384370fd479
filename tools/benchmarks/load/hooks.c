// Webhooks as fast as they are taken: each a Stop for another account of a list that `herd provision` wrote.
//
//   hooks --port N --secret TEXT --list FILE --count N [--connections 64]
//       signs `count` webhooks, sends them over so many kept connections, one at a time on each, and prints one JSON object:
//       how many were answered 200, in how many seconds, and how long one took
//
// Signed before the clock starts: on a machine of few cores the signing would be taken from the server. Any answer but 200 is a failure.
#include "common.h"
#include "webhook.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum { ANSWER = 4096, PATIENCE_MS = 20000 };

struct connection {
    int fd, request;
    int64_t sent_at;
    size_t have;
    char answer[ANSWER];
};

static const char *secret, *list;
static int port, count, width = 64;
static char (*requests)[WEBHOOK];
static size_t *lengths;

static void sign_all(void) {
    FILE *file = fopen(list, "r");
    if (!file) fail("%s: %s", list, strerror(errno));
    char line[2048], account[32], number[32];
    requests = calloc((size_t)count, sizeof *requests);
    lengths = calloc((size_t)count, sizeof *lengths);
    for (int i = 0; i < count; i++) {
        if (!fgets(line, sizeof line, file)) fail("%s has only %d lines", list, i);
        if (sscanf(line, "%*s %*s %*s %31s %31s", account, number) != 2) fail("%s:%d: not a terminal with account and number", list, i + 1);
        lengths[i] = webhook_stop(requests[i], port, secret, number, account);
    }
    fclose(file);
}

/// A request is far smaller than an empty socket buffer.
static void ask(struct connection *c, int request) {
    c->request = request;
    c->have = 0;
    c->sent_at = now_ns();
    if (send(c->fd, requests[request], lengths[request], MSG_NOSIGNAL) != (ssize_t)lengths[request]) fail("send: %s", strerror(errno));
}

/// Whether the whole answer is there.
static bool receive(struct connection *c) {
    struct answer answer;
    ssize_t got = recv(c->fd, c->answer + c->have, ANSWER - 1 - c->have, MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN) return false;
    if (got <= 0) fail("the server closed a connection while webhook %d waited for its answer", c->request);
    c->have += (size_t)got;
    c->answer[c->have] = 0;
    if (!answer_parse(c->answer, c->have, &answer)) {
        if (c->have == ANSWER - 1) fail("an answer is longer than %d bytes", ANSWER);
        return false;
    }
    if (answer.status != 200) fail("webhook %d was answered %d: %.300s", c->request, answer.status, answer.body);
    return true;
}

static void run(void) {
    struct connection *connections = calloc((size_t)width, sizeof *connections);
    double *took = calloc((size_t)count, sizeof *took);
    int poller = epoll_create1(EPOLL_CLOEXEC), next = 0, answered = 0;
    for (int i = 0; i < width; i++) {
        connections[i].fd = tcp_connect(port, 0);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[i]};
        epoll_ctl(poller, EPOLL_CTL_ADD, connections[i].fd, &event);
    }
    int64_t start = now_ns();
    for (int i = 0; i < width && next < count; i++) ask(&connections[i], next++);
    while (answered < count) {
        struct epoll_event events[256];
        int ready = epoll_wait(poller, events, 256, PATIENCE_MS);
        if (ready == 0) fail("no webhook was answered for %d s, %d of %d were before", PATIENCE_MS / 1000, answered, count);
        for (int i = 0; i < ready; i++) {
            struct connection *c = events[i].data.ptr;
            if (!receive(c)) continue;
            took[answered++] = (double)(now_ns() - c->sent_at) / 1000;
            if (next < count) ask(c, next++);
        }
    }
    double seconds = (double)(now_ns() - start) / 1e9;
    double p99 = percentile(took, (size_t)count, 99);
    printf("{\"answered\": %d, \"seconds\": %.6f, \"per_s\": %.1f, \"median_us\": %.1f, \"p99_us\": %.1f}\n", answered, seconds,
           answered / seconds, percentile(took, (size_t)count, 50), p99);
}

int main(int argc, char **argv) {
    static const struct option known[] = {
        {"port", 1, 0, 'p'}, {"secret", 1, 0, 's'}, {"list", 1, 0, 'l'}, {"count", 1, 0, 'n'}, {"connections", 1, 0, 'c'}, {0}};
    int option;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (option) {
        case 'p': port = atoi(optarg); break;
        case 's': secret = optarg; break;
        case 'l': list = optarg; break;
        case 'n': count = atoi(optarg); break;
        case 'c': width = atoi(optarg); break;
        default: return 2;
        }
    }
    if (!port || !secret || !list || count < 1 || width < 1) fail("hooks with its options: see the head of hooks.c");
    sign_all();
    run();
    return 0;
}
