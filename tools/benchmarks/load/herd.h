// A herd: thousands of clients of one kind, each on a connection of its own, in one thread with epoll.
#ifndef VENDLOCK_BENCH_HERD_H
#define VENDLOCK_BENCH_HERD_H

#include "common.h"

enum { INBOX = 4096, OUTBOX = 2048 };

struct client {
    int fd;
    uint32_t index;
    enum { DOWN, CONNECTING, WAITING, READY } state;
    int step;               // the protocol's own
    int64_t revision;       // vendlock: of the last lease
    uint32_t nonce;
    char *imei, *channel, *session;
    size_t have;
    char inbox[INBOX];
};

/// What a kind of client says. Both functions write the bytes to send to `out` and return how many.
struct protocol {
    size_t (*open)(struct client *, char *out);
    /// Called with new bytes in the inbox; takes whole messages away, and sets `state = READY` at the one that settles the client.
    size_t (*receive)(struct client *, char *out);
};

struct options {
    int port, count, from, wait_s, window, concurrency, first;
    const char *list, *token_file, *out;
};

extern struct options options;
extern const struct protocol vendlock_protocol, nchan_protocol, mqtt_protocol;

/// Takes the first `length` bytes out of the inbox.
void inbox_drop(struct client *, size_t length);

/// Connects all, keeps them up, and talks over stdin and stdout:
///   prints `ready N MS` when all have settled, MS milliseconds after the start or the last `go`;
///   prints `dropped N` when the server has gone and all connections are closed;
///   `go` connects all again; `status` prints `status ready=N down=N answers=N`; end of input ends the program.
void herd_run(struct client *clients, const struct protocol *protocol);

/// Enrols terminals through the API and writes a line `imei channel session account number` for each.
void provision(void);

#endif
