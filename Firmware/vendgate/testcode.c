/* Tests of vendgate_enter_code(), over real sockets and against the reader alone. */
#define _GNU_SOURCE

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "answer.h"
#include "testing.h"
#include "testserver.h"
#include "vendgate.h"

#define ANSWER(fields) "{\"parameters\":{" fields "}}"
#define ACCEPTED ANSWER("\"accepted\":true,\"message\":\"Accepted. This terminal may sell for 2 h without the server.\",\"retry_ms\":0")
#define TYPED "0123 4567-891"

/* Nothing but the one result says that the code was accepted. */
static void expect_consistent(const char *name, int result, const struct vendgate_code_answer *a) {
    bool good = a->accepted == (result == 0) && a->message[0] != '\0' && a->retry_ms >= 0;
    if (result == 0) good = good && a->retry_ms == 0;
    bool failed = result == VENDGATE_USAGE || result == VENDGATE_NO_ANSWER;
    good = good && (a->detail[0] != '\0') == failed && (!failed || a->retry_ms == 0);
    expect(good, name, "an answer that contradicts its result");
}

struct answer_case {
    const char *name;
    enum manner manner;
    const char *bytes;
    size_t length;
    int result;
    int64_t retry_ms;
    const char *message; /* NULL = whatever */
};

static const struct answer_case answers[] = {
    {"accepts a code", AT_ONCE, WITH_NUL(ACCEPTED), 0, 0, "Accepted. This terminal may sell for 2 h without the server."},
    {"accepts in pieces", IN_PIECES, WITH_NUL(ACCEPTED), 0, 0, NULL},
    {"accepts a complete reply before a close", THEN_CLOSE, WITH_NUL(ACCEPTED), 0, 0, NULL},
    {"accepts with fields that are new", AT_ONCE, WITH_NUL("{\"continues\":false,\"parameters\":{\"accepted\":true,\"message\":\"\",\"retry_ms\":0,\"x\":[{}]}}"),
     0, 0, "The code is accepted."},
    {"refuses a wrong code", AT_ONCE, WITH_NUL(ANSWER("\"accepted\":false,\"message\":\"Nie reg nie.\\nLees weer.\",\"retry_ms\":5000")),
     VENDGATE_REFUSED, 5000, "Nie reg nie. Lees weer."},
    {"refuses a slip of the finger without a wait", AT_ONCE, WITH_NUL(ANSWER("\"accepted\":false,\"message\":\"\",\"retry_ms\":0")), VENDGATE_REFUSED, 0,
     "The code is refused. Ask support for a new one."},
    {"takes a bad parameter for the caller's mistake", AT_ONCE,
     WITH_NUL("{\"error\":\"org.varlink.service.InvalidParameter\",\"parameters\":{\"parameter\":\"code\"}}"), VENDGATE_USAGE, 0, NULL},
    {"an agent that knows no codes", AT_ONCE, WITH_NUL("{\"error\":\"org.varlink.service.MethodNotFound\",\"parameters\":{\"method\":\"x\"}}"),
     VENDGATE_NO_ANSWER, 0, NULL},
    {"an agent that answers others only", AT_ONCE, WITH_NUL("{\"error\":\"io.vendlock.Gate.NotYours\"}"), VENDGATE_NO_ANSWER, 0, NULL},
    {"an error beats an acceptance beside it", AT_ONCE,
     WITH_NUL("{\"error\":\"io.vendlock.Gate.Busy\",\"parameters\":{\"accepted\":true,\"message\":\"\",\"retry_ms\":0}}"), VENDGATE_NO_ANSWER, 0, NULL},

    {"a code answer a byte at a time past the deadline", SLOWLY, WITH_NUL(ACCEPTED), VENDGATE_NO_ANSWER, 0, NULL},
    {"a code answer without NUL", AT_ONCE, ACCEPTED, LENGTH(ACCEPTED), VENDGATE_NO_ANSWER, 0, NULL},
    {"closed after the code is read", THEN_CLOSE, "", 0, VENDGATE_NO_ANSWER, 0, NULL},
    {"silent after a code", SILENT, "", 0, VENDGATE_NO_ANSWER, 0, NULL},
    {"never accepts the connection", NEVER_ACCEPTS, "", 0, VENDGATE_NO_ANSWER, 0, NULL},
    {"two answers to one code", AT_ONCE, WITH_NUL(ACCEPTED "\0" ACCEPTED), VENDGATE_NO_ANSWER, 0, NULL},
    {"a permission in place of a code answer", AT_ONCE,
     WITH_NUL("{\"parameters\":{\"decision\":{\"permitted\":true,\"revision\":1,\"lease_ms\":1}}}"), VENDGATE_NO_ANSWER, 0, NULL},
    {"accepted outside the parameters", AT_ONCE, WITH_NUL("{\"accepted\":true,\"message\":\"\",\"retry_ms\":0}"), VENDGATE_NO_ANSWER, 0, NULL},
    {"accepted below the parameters", AT_ONCE, WITH_NUL(ANSWER("\"x\":{\"accepted\":true},\"message\":\"\",\"retry_ms\":0")), VENDGATE_NO_ANSWER, 0, NULL},
    {"accepted as text", AT_ONCE, WITH_NUL(ANSWER("\"accepted\":\"true\",\"message\":\"\",\"retry_ms\":0")), VENDGATE_NO_ANSWER, 0, NULL},
    {"accepted as a number", AT_ONCE, WITH_NUL(ANSWER("\"accepted\":1,\"message\":\"\",\"retry_ms\":0")), VENDGATE_NO_ANSWER, 0, NULL},
    {"accepted twice", AT_ONCE, WITH_NUL(ANSWER("\"accepted\":false,\"accepted\":true,\"message\":\"\",\"retry_ms\":0")), VENDGATE_NO_ANSWER, 0, NULL},
    {"accepted and a wait", AT_ONCE, WITH_NUL(ANSWER("\"accepted\":true,\"message\":\"\",\"retry_ms\":5000")), VENDGATE_NO_ANSWER, 0, NULL},
    {"no wait named", AT_ONCE, WITH_NUL(ANSWER("\"accepted\":true,\"message\":\"\"")), VENDGATE_NO_ANSWER, 0, NULL},
    {"a negative wait", AT_ONCE, WITH_NUL(ANSWER("\"accepted\":false,\"message\":\"\",\"retry_ms\":-1")), VENDGATE_NO_ANSWER, 0, NULL},
    {"no message", AT_ONCE, WITH_NUL(ANSWER("\"accepted\":true,\"retry_ms\":0")), VENDGATE_NO_ANSWER, 0, NULL},
    {"more code answers announced", AT_ONCE, WITH_NUL("{\"continues\":true,\"parameters\":{\"accepted\":true,\"message\":\"\",\"retry_ms\":0}}"),
     VENDGATE_NO_ANSWER, 0, NULL},
};

static void answers_as_it_must(void) {
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        const struct answer_case *c = &answers[i];
        struct testserver server;
        struct vendgate_code_answer a;
        testserver_start(&server, c->manner, c->bytes, c->length);
        bool endless = c->manner == AT_ONCE && c->bytes[c->length - 1] != '\0';
        bool waits = endless || c->manner == SLOWLY || c->manner == SILENT || c->manner == NEVER_ACCEPTS;
        struct vendgate_options options = {server.path, waits ? 250 : 10000};
        int result = vendgate_enter_code(&options, TYPED, &a);
        char got[900];
        snprintf(got, sizeof got, "%d, retry %" PRId64 ", message \"%s\", detail \"%s\"", result, a.retry_ms, a.message, a.detail);
        expect(result == c->result && a.retry_ms == c->retry_ms && (c->message == NULL || strcmp(a.message, c->message) == 0), c->name, got);
        expect_consistent(c->name, result, &a);
        testserver_stop(&server);
    }
}

static void is_not_accepted_when_cut_short(void) {
    for (size_t length = 0; length < LENGTH(ACCEPTED); length++) {
        struct vendgate_code_answer a = {0};
        char *exact = malloc(length + 1); /* so that a read past the end is seen by the sanitizer */
        if (exact == NULL) exit(70);
        memcpy(exact, ACCEPTED, length);
        int result = vg_read_code_answer(exact, length, &a);
        expect(result == VENDGATE_NO_ANSWER && !a.accepted, "an acceptance cut short", ACCEPTED);
        free(exact);
    }
}

/* Seeded, so that a failure can be repeated. */
static void is_not_accepted_when_damaged_unless_it_says_so(void) {
    uint32_t seed = 20261122;
    int accepted = 0, wrong = 0;
    for (int round = 0; round < 100000; round++) {
        static const char special[] = "{}[]\",:\\u0 truefalsn-1";
        size_t length = LENGTH(ACCEPTED);
        struct vendgate_code_answer a = {0};
        char *exact = malloc(length);
        if (exact == NULL) exit(70);
        memcpy(exact, ACCEPTED, length);
        for (int changes = 1 + round % 4; changes > 0; changes--) {
            seed = seed * 1664525 + 1013904223;
            size_t at = (seed >> 8) % length;
            exact[at] = (seed >> 30) % 2 == 0 ? (char)(seed >> 4) : special[(seed >> 4) % (sizeof special - 1)];
        }
        if (vg_read_code_answer(exact, length, &a) == 0) {
            accepted++;
            if (memmem(exact, length, "true", 4) == NULL) wrong++;
        } else if (a.accepted) {
            wrong++;
        }
        free(exact);
    }
    char got[64];
    snprintf(got, sizeof got, "%d accepted, %d wrong", accepted, wrong);
    expect(wrong == 0 && accepted > 0 && accepted < 80000, "100000 damaged answers to codes", got);
}

static void sends_the_code_as_it_was_typed(void) {
    static const struct {
        const char *typed, *sent;
    } cases[] = {{TYPED, TYPED}, {"x\",\"a\":\"b", "x\\\",\\\"a\\\":\\\"b"}, {"1\n2", "1\\u000a2"}, {"\xc3\xab", "\xc3\xab"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char call[1024], expected[1024];
        struct testserver server;
        testserver_start(&server, AT_ONCE, WITH_NUL(ACCEPTED));
        struct vendgate_options options = {server.path, 10000};
        expect(vendgate_enter_code(&options, cases[i].typed, NULL) == 0, "a caller without an answer", cases[i].typed);
        size_t length = testserver_call(&server, call, sizeof call - 1);
        call[length] = '\0';
        snprintf(expected, sizeof expected, "{\"method\":\"io.vendlock.Gate.EnterCode\",\"parameters\":{\"code\":\"%s\"}}", cases[i].sent);
        expect(length == strlen(expected) + 1 && strcmp(call, expected) == 0, "the call for a code", call);
        testserver_stop(&server);
    }
}

static void refuses_what_is_no_code(void) {
    char longest[VENDGATE_TYPED_MAX + 1], longer[VENDGATE_TYPED_MAX + 2];
    memset(longest, '\x1f', sizeof longest - 1); /* each becomes six bytes */
    longest[sizeof longest - 1] = '\0';
    memset(longer, '1', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    struct testserver server;
    testserver_start(&server, AT_ONCE, WITH_NUL(ACCEPTED)); /* it would accept all of them */
    const struct {
        const char *name, *path, *code;
        int timeout_ms, result;
    } cases[] = {
        {"no code", server.path, NULL, 1000, VENDGATE_USAGE},
        {"an empty code", server.path, "", 1000, VENDGATE_USAGE},
        {"a code too long", server.path, longer, 1000, VENDGATE_USAGE},
        {"a code that is not UTF-8", server.path, "123\xff", 1000, VENDGATE_USAGE},
        {"a code before a negative deadline", server.path, TYPED, -1, VENDGATE_USAGE},
        {"a code for an empty socket path", "", TYPED, 1000, VENDGATE_USAGE},
        {"a code for nobody", "/nonexistent/gate.sock", TYPED, 1000, VENDGATE_NO_ANSWER},
        {"the longest code", server.path, longest, 10000, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct vendgate_code_answer a;
        struct vendgate_options options = {cases[i].path, cases[i].timeout_ms};
        int lowest = dup(0);
        close(lowest);
        errno = EXDEV;
        int result = vendgate_enter_code(&options, cases[i].code, &a);
        expect(result == cases[i].result, cases[i].name, a.detail);
        expect(errno == EXDEV, cases[i].name, strerror(errno));
        expect_consistent(cases[i].name, result, &a);
        int after = dup(0);
        close(after);
        expect(lowest == after, cases[i].name, "a file descriptor is left open");
    }
    testserver_stop(&server);
}

/* The deadline is the caller's, and one of a code is longer than one of a question when the caller names none. */
static void keeps_the_deadline_of_a_code(void) {
    struct testserver server;
    struct timespec began, ended;
    testserver_start(&server, SILENT, "", 0);
    struct vendgate_options options = {server.path, 300};
    clock_gettime(CLOCK_MONOTONIC, &began);
    int result = vendgate_enter_code(&options, TYPED, NULL);
    clock_gettime(CLOCK_MONOTONIC, &ended);
    int64_t took = (int64_t)(ended.tv_sec - began.tv_sec) * 1000 + (ended.tv_nsec - began.tv_nsec) / 1000000;
    char got[64];
    snprintf(got, sizeof got, "%d after %" PRId64 " ms", result, took);
    expect(result == VENDGATE_NO_ANSWER && took >= 299 && took < 5000, "the deadline of a code", got);
    testserver_stop(&server);
}

void enters_codes(void) {
    answers_as_it_must();
    is_not_accepted_when_cut_short();
    is_not_accepted_when_damaged_unless_it_says_so();
    sends_the_code_as_it_was_typed();
    refuses_what_is_no_code();
    keeps_the_deadline_of_a_code();
}
