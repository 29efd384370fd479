/* One Varlink exchange: connect, send a call, receive one reply, close; all before one deadline. */
#ifndef VENDGATE_EXCHANGE_H
#define VENDGATE_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>

/* A longer reply is no answer. The gate's are under 2 KiB. */
#define VG_REPLY_MAX ((size_t)64 * 1024)

struct vg_reply {
    char *text; /* without the closing NUL byte of the protocol; NULL after a failure; free() it */
    size_t length;
};

/*
 * Sends `call` (`length` bytes, its closing NUL included) to the socket and waits for the reply. False when there is
 * none before `timeout_ms` have passed on CLOCK_MONOTONIC; then `why` says, in one line, what happened.
 */
bool vg_exchange(const char *socket_path, int timeout_ms, const char *call, size_t length, struct vg_reply *reply,
                 char *why, size_t why_size);

/* Whether the path fits into a socket address (107 bytes on Linux). */
bool vg_socket_path_fits(const char *socket_path);

#endif
