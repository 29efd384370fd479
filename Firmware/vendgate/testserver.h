/* A gate in a process of its own that gives one scripted answer to each caller, good or bad. */
#ifndef VENDGATE_TESTSERVER_H
#define VENDGATE_TESTSERVER_H

#include <stddef.h>
#include <sys/types.h>

enum manner {
    AT_ONCE,       /* reads the call, writes the bytes, waits for the caller to close */
    IN_PIECES,     /* as AT_ONCE, one byte per write */
    SLOWLY,        /* one byte every 20 ms: longer than any deadline of the tests */
    THEN_CLOSE,    /* writes the bytes and closes */
    CLOSE_UNREAD,  /* closes as soon as a caller connects, without reading */
    SILENT,        /* reads the call and never answers */
    NEVER_ACCEPTS, /* listens only */
};

struct testserver {
    char directory[64];
    char path[96];
    pid_t process;
    int calls; /* what callers sent arrives here */
};

/* Ends the test program with a message when the machine does not give what it needs. */
void testserver_start(struct testserver *server, enum manner manner, const char *bytes, size_t length);

/* The call received, with its closing NUL byte; how many bytes. Waits for it. */
size_t testserver_call(struct testserver *server, char *out, size_t size);

/* Ends the process; the socket file stays, dead. */
void testserver_kill(struct testserver *server);

/* Removes what is left. */
void testserver_stop(struct testserver *server);

#endif
