/*
 * vendgate: ask the terminal's lock agent before spending the vendor's funds.
 *
 *     struct vendgate_decision d;
 *     if (vendgate_check(NULL, "airtime_vend", 5000, "SALE-17", &d) == VENDGATE_PERMITTED)
 *         dispense();
 *     else
 *         show(d.message);
 *
 * The rule: anything but VENDGATE_PERMITTED means do not spend. No agent, no answer in time, an answer that is
 * malformed, cut short or too large: none of these is a permission.
 *
 * Ask immediately before dispensing, once per sale, and never keep an answer for the next one. A sale that was
 * permitted before a lock arrived may complete.
 *
 * All functions are thread-safe, keep nothing between calls, raise no signal and leave no file descriptor open.
 * All text is UTF-8. Manual: vendgate(3). Interface: io.vendlock.Gate over Varlink (varlink.org).
 */
#ifndef VENDGATE_H
#define VENDGATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define VENDGATE_VERSION "0.1.0"

/* Where the agent listens unless its configuration (gate_socket) says otherwise. */
#define VENDGATE_DEFAULT_SOCKET "/run/vendlock/gate.sock"

/* Deadline of one call in milliseconds. The agent answers from memory, well within one. */
#define VENDGATE_DEFAULT_TIMEOUT_MS 2000

/* "This operation has no amount." Every other negative amount is an error of the caller. */
#define VENDGATE_NO_AMOUNT ((int64_t)-1)

/* Longest operation and reference, in bytes without the closing NUL. */
#define VENDGATE_OPERATION_MAX 64
#define VENDGATE_REFERENCE_MAX 256

/* Deadline of vendgate_enter_code(), which waits for the terminal's disk: a code that is accepted is stored first. */
#define VENDGATE_CODE_TIMEOUT_MS 10000

/* Longest code as it was typed, in bytes without the closing NUL: 11 digits, with spaces and dashes between them. */
#define VENDGATE_TYPED_MAX 64

/* Room for text received, in bytes with the closing NUL; what is longer is cut at a character. */
#define VENDGATE_CODE_SIZE 64
#define VENDGATE_MESSAGE_SIZE 512
#define VENDGATE_DETAIL_SIZE 192

/* Most reasons and operations that a state holds; further ones are left out. */
#define VENDGATE_LIST_MAX 16

/* What a call came to. The values are the exit statuses of `vendlock-agent check`. */
enum vendgate_result {
    VENDGATE_PERMITTED = 0, /* the agent permits this one operation, now */
    VENDGATE_REFUSED = 1,   /* the agent refuses it: show the message */
    VENDGATE_USAGE = 2,     /* the caller's mistake: an unknown operation, a bad argument */
    VENDGATE_NO_ANSWER = 3  /* no agent, not in time, or not an answer */
};

/* How to ask. NULL, or a zero field, means the default. */
struct vendgate_options {
    const char *socket_path; /* the agent's socket; NULL = VENDGATE_DEFAULT_SOCKET */
    int timeout_ms;          /* over connecting, sending and receiving together; 0 = the default of the call */
};

/* The answer to vendgate_check(). Always filled, whatever the call returns. */
struct vendgate_decision {
    bool permitted;                      /* true exactly when VENDGATE_PERMITTED was returned */
    char reason[VENDGATE_CODE_SIZE];     /* code such as "account_locked"; empty when the agent gave none */
    char message[VENDGATE_MESSAGE_SIZE]; /* one line for the person at the terminal; never empty unless permitted */
    int64_t revision;                    /* of the lock state that decided; 0 when none */
    int64_t lease_ms;                    /* how long the lease still runs, milliseconds; 0 when none */
    char detail[VENDGATE_DETAIL_SIZE];   /* for the log: what went wrong; empty when permitted or refused */
};

/* The answer to vendgate_state(). After a failure: locked, everything else empty. */
struct vendgate_state {
    char imei[VENDGATE_CODE_SIZE];
    char channel[VENDGATE_CODE_SIZE];
    char account[VENDGATE_CODE_SIZE]; /* empty when the terminal has none */
    bool locked;
    size_t reason_count;
    char reasons[VENDGATE_LIST_MAX][VENDGATE_CODE_SIZE]; /* why it is locked */
    size_t blocked_count;
    char blocked[VENDGATE_LIST_MAX][VENDGATE_CODE_SIZE]; /* operations refused while locked */
    int64_t revision;                                    /* 0 when none */
    int64_t lease_ms;                                    /* milliseconds; 0 when none */
    bool connected;                                      /* to the server */
    int64_t last_contact_ms;                             /* since the server was last heard; -1 = never */
    char detail[VENDGATE_DETAIL_SIZE];                   /* for the log: what went wrong; empty on success */
};

/* The answer to vendgate_enter_code(). Always filled, whatever the call returns. */
struct vendgate_code_answer {
    bool accepted;                       /* true exactly when 0 was returned */
    char message[VENDGATE_MESSAGE_SIZE]; /* one line for the person at the terminal; never empty */
    int64_t retry_ms;                    /* how long every code is refused from now on; 0 = not at all */
    char detail[VENDGATE_DETAIL_SIZE];   /* for the log: what went wrong; empty when accepted or refused */
};

/*
 * Asks whether `operation` may be done now. Blocks until the answer or the deadline.
 *
 * options       NULL for the defaults
 * operation     "airtime_vend", "deposit_advance", "balance_enquiry" ...; 1 to VENDGATE_OPERATION_MAX bytes
 * amount_cents  what the operation spends, in cents, or VENDGATE_NO_AMOUNT
 * reference     the application's own reference of the sale, at most VENDGATE_REFERENCE_MAX bytes; NULL for none
 * out           filled on every return; may be NULL when only the result matters
 *
 * Returns VENDGATE_PERMITTED, and only then may the vendor's funds be spent, or VENDGATE_REFUSED, VENDGATE_USAGE
 * or VENDGATE_NO_ANSWER. errno is not part of the result.
 */
enum vendgate_result vendgate_check(const struct vendgate_options *options, const char *operation,
                                    int64_t amount_cents, const char *reference, struct vendgate_decision *out);

/*
 * Reads the lock state, to show it. A state is not a permission: ask vendgate_check() before each sale.
 * Returns 0 when `out` was filled, else VENDGATE_USAGE or VENDGATE_NO_ANSWER.
 */
int vendgate_state(const struct vendgate_options *options, struct vendgate_state *out);

/*
 * Enters an offline code that support has read out: it lengthens the lease, lifts a lock or locks, without a network.
 * Blocks until the answer or the deadline.
 *
 * options       NULL for the defaults; the deadline is VENDGATE_CODE_TIMEOUT_MS unless timeout_ms says otherwise
 * code          as it was typed; spaces and dashes do not count; at most VENDGATE_TYPED_MAX bytes
 * out           filled on every return; may be NULL when only the result matters
 *
 * Returns 0 when the agent has accepted the code, which is on its disk by then, else VENDGATE_REFUSED, VENDGATE_USAGE
 * or VENDGATE_NO_ANSWER: nothing may be taken for accepted then. After no answer the agent may have used the code all
 * the same; vendgate_state() shows what it came to. An accepted code is not a permission, it may even be a lock: ask
 * vendgate_check() before each sale as ever.
 */
int vendgate_enter_code(const struct vendgate_options *options, const char *code, struct vendgate_code_answer *out);

/* "permitted", "refused", "usage error", "no answer". Any other value: "unknown". Never NULL. */
const char *vendgate_result_name(enum vendgate_result result);

/* An English sentence for a reason code, to be shown when there is no better one. Never NULL, never empty. */
const char *vendgate_reason_text(const char *reason);

/* VENDGATE_VERSION of the library that was linked. */
const char *vendgate_version(void);

#ifdef __cplusplus
}
#endif

#endif
