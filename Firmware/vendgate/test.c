/* Tests of vendgate over real sockets against a server in another process, then of the parser alone. */
#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "answer.h"
#include "exchange.h"
#include "json.h"
#include "testing.h"
#include "testserver.h"
#include "vendgate.h"

static int passed, failed;

void expect(bool good, const char *name, const char *got) {
    if (good) {
        passed++;
    } else {
        failed++;
        printf("FAILED: %s (got: %s)\n", name, got);
    }
}

static int64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The invariants of every answer, whatever it is: nothing but the one result carries a permission. */
static void expect_consistent(const char *name, enum vendgate_result result, const struct vendgate_decision *d) {
    bool good = d->permitted == (result == VENDGATE_PERMITTED);
    if (result != VENDGATE_PERMITTED) good = good && d->message[0] != '\0';
    if (result == VENDGATE_USAGE || result == VENDGATE_NO_ANSWER)
        good = good && d->detail[0] != '\0' && d->reason[0] == '\0' && d->revision == 0 && d->lease_ms == 0;
    expect(good, name, "a decision that contradicts its result");
}

/* ---- Replies over a socket ---------------------------------------------------------------------------------- */

#define DECISION(fields) "{\"parameters\":{\"decision\":{" fields "}}}"
#define PERMITTED DECISION("\"permitted\":true,\"revision\":1763750000000,\"lease_ms\":239000")
#define NUMBERS "\"revision\":1,\"lease_ms\":1"

struct reply_case {
    const char *name;
    enum manner manner;
    const char *bytes;
    size_t length;
    enum vendgate_result result;
    const char *reason;  /* NULL = whatever */
    const char *message; /* NULL = whatever */
};

static const struct reply_case replies[] = {
    {"permits", AT_ONCE, WITH_NUL(PERMITTED), VENDGATE_PERMITTED, "", ""},
    {"permits a reply in pieces", IN_PIECES, WITH_NUL(PERMITTED), VENDGATE_PERMITTED, "", ""},
    {"permits a complete reply before a close", THEN_CLOSE, WITH_NUL(PERMITTED), VENDGATE_PERMITTED, "", ""},
    {"permits with null for what is absent", AT_ONCE,
     WITH_NUL(DECISION("\"permitted\":true,\"reason\":null,\"message\":null," NUMBERS)), VENDGATE_PERMITTED, "", ""},
    {"permits with fields that are new", AT_ONCE,
     WITH_NUL("{\"parameters\":{\"decision\":{\"permitted\":true," NUMBERS ",\"cap\":[1.5e3,{}]},\"x\":null},\"continues\":false}"), VENDGATE_PERMITTED, "", ""},
    {"permits with white space", AT_ONCE,
     WITH_NUL(" {\r\n\t\"parameters\" : { \"decision\" : { \"permitted\" : true , \"revision\" : 1 , \"lease_ms\" : 1 } } } \n"), VENDGATE_PERMITTED, "", ""},
    {"permits a name written with escapes", AT_ONCE, WITH_NUL(DECISION("\"permitt\\u0065d\":true," NUMBERS)), VENDGATE_PERMITTED, "", ""},

    {"refuses with reason and message", AT_ONCE,
     WITH_NUL(DECISION("\"permitted\":false,\"reason\":\"account_locked\",\"message\":\"Hierdie rekening is gesluit.\"," NUMBERS)),
     VENDGATE_REFUSED, "account_locked", "Hierdie rekening is gesluit."},
    {"refuses with UTF-8 and escapes in the message", AT_ONCE,
     WITH_NUL(DECISION("\"permitted\":false,\"reason\":\"account_locked\",\"message\":\"ge\xc3\xabindig \\\"nou\\\" \\u00eb \\ud83d\\udd12 \\/ \\\\\"," NUMBERS)),
     VENDGATE_REFUSED, "account_locked", "ge\xc3\xabindig \"nou\" \xc3\xab \xf0\x9f\x94\x92 / \\"},
    {"keeps control characters off the screen", AT_ONCE,
     WITH_NUL(DECISION("\"permitted\":false,\"reason\":\"device_locked\",\"message\":\"a\\u001b[2J\\nb\\u009bc\\u007f\\u2028d\"," NUMBERS)),
     VENDGATE_REFUSED, "device_locked", "a [2J b c  d"},
    {"gives a sentence when the agent has none", AT_ONCE, WITH_NUL(DECISION("\"permitted\":false,\"reason\":\"account_locked\"," NUMBERS)),
     VENDGATE_REFUSED, "account_locked", "This account is locked. Call the call centre to open it."},
    {"refuses without a reason", AT_ONCE, WITH_NUL(DECISION("\"permitted\":false," NUMBERS)), VENDGATE_REFUSED, "", "This sale is refused. Call the call centre."},
    {"refuses for a reason that is new", AT_ONCE, WITH_NUL(DECISION("\"permitted\":false,\"reason\":\"of_next_year\"," NUMBERS)), VENDGATE_REFUSED, "of_next_year", NULL},
    {"refuses when the string says permitted", AT_ONCE,
     WITH_NUL(DECISION("\"permitted\":false,\"message\":\"\\\"permitted\\\":true\"," NUMBERS)), VENDGATE_REFUSED, "", "\"permitted\":true"},

    {"takes an unknown operation for the caller's mistake", AT_ONCE,
     WITH_NUL("{\"error\":\"io.vendlock.Gate.UnknownOperation\",\"parameters\":{\"operation\":\"x\"}}"), VENDGATE_USAGE, "", NULL},
    {"takes a bad parameter for the caller's mistake", AT_ONCE,
     WITH_NUL("{\"error\":\"org.varlink.service.InvalidParameter\",\"parameters\":{\"parameter\":\"amount_cents\"}}"), VENDGATE_USAGE, "", NULL},
    {"takes another error for no answer", AT_ONCE, WITH_NUL("{\"error\":\"org.varlink.service.MethodNotFound\"}"), VENDGATE_NO_ANSWER, "", NULL},
    {"an error beats a permission beside it", AT_ONCE,
     WITH_NUL("{\"error\":\"io.vendlock.Gate.Busy\",\"parameters\":{\"decision\":{\"permitted\":true," NUMBERS "}}}"), VENDGATE_NO_ANSWER, "", NULL},
    {"an error that is null is no answer", AT_ONCE,
     WITH_NUL("{\"error\":null,\"parameters\":{\"decision\":{\"permitted\":true," NUMBERS "}}}"), VENDGATE_NO_ANSWER, "", NULL},

    {"a byte at a time past the deadline", SLOWLY, WITH_NUL(PERMITTED), VENDGATE_NO_ANSWER, "", NULL},
    {"no NUL", AT_ONCE, PERMITTED, LENGTH(PERMITTED), VENDGATE_NO_ANSWER, "", NULL},
    {"no NUL, then closed", THEN_CLOSE, PERMITTED, LENGTH(PERMITTED), VENDGATE_NO_ANSWER, "", NULL},
    {"closed in the middle", THEN_CLOSE, PERMITTED, LENGTH(PERMITTED) / 2, VENDGATE_NO_ANSWER, "", NULL},
    {"closed before the call is read", CLOSE_UNREAD, "", 0, VENDGATE_NO_ANSWER, "", NULL},
    {"closed after the call is read", THEN_CLOSE, "", 0, VENDGATE_NO_ANSWER, "", NULL},
    {"silent", SILENT, "", 0, VENDGATE_NO_ANSWER, "", NULL},
    {"never accepts", NEVER_ACCEPTS, "", 0, VENDGATE_NO_ANSWER, "", NULL},
    {"two replies to one call", AT_ONCE, WITH_NUL(PERMITTED "\0" PERMITTED), VENDGATE_NO_ANSWER, "", NULL},
    {"an empty reply", AT_ONCE, "\0", 1, VENDGATE_NO_ANSWER, "", NULL},
    {"garbage", AT_ONCE, WITH_NUL("\x01\xff\xfe{{{permitted:true"), VENDGATE_NO_ANSWER, "", NULL},
    {"HTTP", AT_ONCE, WITH_NUL("HTTP/1.1 200 OK\r\n\r\n" PERMITTED), VENDGATE_NO_ANSWER, "", NULL},

    {"permitted hidden in a string", AT_ONCE, WITH_NUL("{\"parameters\":\"{\\\"decision\\\":{\\\"permitted\\\":true}}\"}"), VENDGATE_NO_ANSWER, "", NULL},
    {"permitted at the top", AT_ONCE, WITH_NUL("{\"permitted\":true," NUMBERS "}"), VENDGATE_NO_ANSWER, "", NULL},
    {"permitted beside the decision", AT_ONCE, WITH_NUL("{\"parameters\":{\"permitted\":true,\"decision\":{" NUMBERS "}}}"), VENDGATE_NO_ANSWER, "", NULL},
    {"permitted below the decision", AT_ONCE, WITH_NUL(DECISION("\"x\":{\"permitted\":true}," NUMBERS)), VENDGATE_NO_ANSWER, "", NULL},
    {"the decision outside the parameters", AT_ONCE, WITH_NUL("{\"decision\":{\"permitted\":true," NUMBERS "}}"), VENDGATE_NO_ANSWER, "", NULL},
    {"the decision in a list", AT_ONCE, WITH_NUL("{\"parameters\":{\"decision\":[{\"permitted\":true," NUMBERS "}]}}"), VENDGATE_NO_ANSWER, "", NULL},
    {"the whole in a list", AT_ONCE, WITH_NUL("[" PERMITTED "]"), VENDGATE_NO_ANSWER, "", NULL},

    {"permitted as text", AT_ONCE, WITH_NUL(DECISION("\"permitted\":\"true\"," NUMBERS)), VENDGATE_NO_ANSWER, "", NULL},
    {"permitted as a number", AT_ONCE, WITH_NUL(DECISION("\"permitted\":1," NUMBERS)), VENDGATE_NO_ANSWER, "", NULL},
    {"permitted as null", AT_ONCE, WITH_NUL(DECISION("\"permitted\":null," NUMBERS)), VENDGATE_NO_ANSWER, "", NULL},
    {"permitted in capitals", AT_ONCE, WITH_NUL(DECISION("\"Permitted\":true," NUMBERS)), VENDGATE_NO_ANSWER, "", NULL},
    {"true in capitals", AT_ONCE, WITH_NUL(DECISION("\"permitted\":True," NUMBERS)), VENDGATE_NO_ANSWER, "", NULL},
    {"permitted twice", AT_ONCE, WITH_NUL(DECISION("\"permitted\":false,\"permitted\":true," NUMBERS)), VENDGATE_NO_ANSWER, "", NULL},
    {"permitted twice, once in escapes", AT_ONCE, WITH_NUL(DECISION("\"permitted\":true,\"\\u0070ermitted\":false," NUMBERS)), VENDGATE_NO_ANSWER, "", NULL},
    {"two decisions", AT_ONCE,
     WITH_NUL("{\"parameters\":{\"decision\":{\"permitted\":true," NUMBERS "},\"decision\":{\"permitted\":false," NUMBERS "}}}"), VENDGATE_NO_ANSWER, "", NULL},
    {"permitted and a reason to refuse", AT_ONCE, WITH_NUL(DECISION("\"permitted\":true,\"reason\":\"account_locked\"," NUMBERS)), VENDGATE_NO_ANSWER, "", NULL},
    {"more replies announced", AT_ONCE, WITH_NUL("{\"continues\":true,\"parameters\":{\"decision\":{\"permitted\":true," NUMBERS "}}}"), VENDGATE_NO_ANSWER, "", NULL},
    {"no revision", AT_ONCE, WITH_NUL(DECISION("\"permitted\":true,\"lease_ms\":1")), VENDGATE_NO_ANSWER, "", NULL},
    {"a negative lease", AT_ONCE, WITH_NUL(DECISION("\"permitted\":true,\"revision\":1,\"lease_ms\":-1")), VENDGATE_NO_ANSWER, "", NULL},
    {"a lease in scientific notation", AT_ONCE, WITH_NUL(DECISION("\"permitted\":true,\"revision\":1,\"lease_ms\":1e3")), VENDGATE_NO_ANSWER, "", NULL},
    {"a revision beyond 64 bits", AT_ONCE, WITH_NUL(DECISION("\"permitted\":true,\"revision\":9223372036854775808,\"lease_ms\":1")), VENDGATE_NO_ANSWER, "", NULL},
    {"a message that is not text", AT_ONCE, WITH_NUL(DECISION("\"permitted\":true,\"message\":[]," NUMBERS)), VENDGATE_NO_ANSWER, "", NULL},
    {"U+0000 in the message", AT_ONCE, WITH_NUL(DECISION("\"permitted\":false,\"message\":\"a\\u0000b\"," NUMBERS)), VENDGATE_NO_ANSWER, "", NULL},
    {"half a surrogate pair", AT_ONCE, WITH_NUL(DECISION("\"permitted\":true,\"x\":\"\\ud83d\"," NUMBERS)), VENDGATE_NO_ANSWER, "", NULL},
    {"not UTF-8", AT_ONCE, WITH_NUL(DECISION("\"permitted\":true,\"x\":\"\xc3\x28\"," NUMBERS)), VENDGATE_NO_ANSWER, "", NULL},
    {"overlong UTF-8", AT_ONCE, WITH_NUL(DECISION("\"permitted\":true,\"x\":\"\xc0\xaf\"," NUMBERS)), VENDGATE_NO_ANSWER, "", NULL},
    {"a comma too many", AT_ONCE, WITH_NUL(DECISION("\"permitted\":true," NUMBERS ",")), VENDGATE_NO_ANSWER, "", NULL},
    {"a comment", AT_ONCE, WITH_NUL(DECISION("\"permitted\":true,/* */" NUMBERS)), VENDGATE_NO_ANSWER, "", NULL},
    {"something after the end", AT_ONCE, WITH_NUL(PERMITTED "x"), VENDGATE_NO_ANSWER, "", NULL},
    {"a byte order mark", AT_ONCE, WITH_NUL("\xef\xbb\xbf" PERMITTED), VENDGATE_NO_ANSWER, "", NULL},
    {"too deep", AT_ONCE,
     WITH_NUL(DECISION("\"permitted\":true,\"x\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]," NUMBERS)), VENDGATE_NO_ANSWER, "", NULL},
};

static void answers_every_reply_as_it_must(void) {
    for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
        const struct reply_case *c = &replies[i];
        struct testserver server;
        struct vendgate_decision d;
        testserver_start(&server, c->manner, c->bytes, c->length);
        /* A short deadline only where nothing else ends the wait: a bad reply must be refused for being bad. */
        bool endless = c->manner == AT_ONCE && c->bytes[c->length - 1] != '\0';
        bool waits = endless || c->manner == SLOWLY || c->manner == SILENT || c->manner == NEVER_ACCEPTS;
        struct vendgate_options options = {server.path, waits ? 250 : 10000};
        enum vendgate_result result = vendgate_check(&options, "airtime_vend", 5000, "SALE-1", &d);
        char got[900];
        snprintf(got, sizeof got, "%s, reason \"%s\", message \"%s\", detail \"%s\"", vendgate_result_name(result), d.reason, d.message, d.detail);
        bool good = result == c->result && (c->reason == NULL || strcmp(d.reason, c->reason) == 0) &&
                    (c->message == NULL || strcmp(d.message, c->message) == 0);
        expect(good, c->name, got);
        expect_consistent(c->name, result, &d);
        testserver_stop(&server);
    }
}

static void hands_over_revision_and_lease(void) {
    struct testserver server;
    struct vendgate_decision d;
    testserver_start(&server, AT_ONCE, WITH_NUL(PERMITTED));
    struct vendgate_options options = {server.path, 10000};
    (void)vendgate_check(&options, "airtime_vend", 1, NULL, &d);
    expect(d.revision == 1763750000000 && d.lease_ms == 239000, "revision and lease", "other numbers");
    expect(vendgate_check(&options, "airtime_vend", 1, NULL, NULL) == VENDGATE_PERMITTED, "a caller without a decision", "not permitted");
    testserver_stop(&server);
}

static void never_permits_a_reply_cut_short(void) {
    for (size_t length = 0; length < sizeof PERMITTED; length++) {
        char cut[sizeof PERMITTED + 1];
        struct testserver server;
        struct vendgate_decision d;
        memcpy(cut, PERMITTED, length);
        cut[length] = '\0';
        /* Cut and closed; cut and properly ended with a NUL (all but the whole). */
        testserver_start(&server, THEN_CLOSE, cut, length < LENGTH(PERMITTED) ? length + 1 : length);
        struct vendgate_options options = {server.path, 10000};
        enum vendgate_result result = vendgate_check(&options, "airtime_vend", 5000, NULL, &d);
        expect(result == VENDGATE_NO_ANSWER && !d.permitted, "a reply cut short", vendgate_result_name(result));
        testserver_stop(&server);
    }
}

/* A permission, padded with spaces in front to `size` bytes. */
static void expect_sized(size_t size, enum vendgate_result expected, const char *name) {
    char *bytes = malloc(size + 1);
    if (bytes == NULL) exit(70);
    memset(bytes, ' ', size);
    memcpy(bytes + size - LENGTH(PERMITTED), PERMITTED, sizeof PERMITTED);
    struct testserver server;
    struct vendgate_decision d;
    testserver_start(&server, AT_ONCE, bytes, size + 1);
    struct vendgate_options options = {server.path, 10000};
    enum vendgate_result result = vendgate_check(&options, "airtime_vend", 5000, NULL, &d);
    expect(result == expected, name, d.detail);
    expect_consistent(name, result, &d);
    testserver_stop(&server);
    free(bytes);
}

static void limits_the_size_of_a_reply(void) {
    expect_sized(VG_REPLY_MAX, VENDGATE_PERMITTED, "the largest reply");
    expect_sized(VG_REPLY_MAX + 1, VENDGATE_NO_ANSWER, "one byte more than the largest reply");
    expect_sized(1024 * 1024, VENDGATE_NO_ANSWER, "a megabyte");
}

static void cuts_a_long_message_at_a_character(void) {
    char reply[4096];
    struct vendgate_decision d = {0};
    int used = snprintf(reply, sizeof reply, "{\"parameters\":{\"decision\":{\"permitted\":false," NUMBERS ",\"message\":\"");
    for (int i = 0; i < 400; i++) used += snprintf(reply + used, sizeof reply - (size_t)used, "\xe2\x82\xac");
    used += snprintf(reply + used, sizeof reply - (size_t)used, "\"}}}");
    enum vendgate_result result = vg_read_decision(reply, (size_t)used, &d);
    expect(result == VENDGATE_REFUSED && strlen(d.message) == (VENDGATE_MESSAGE_SIZE - 1) / 3 * 3, "a message of 1200 bytes", d.message);
}

/* ---- The socket --------------------------------------------------------------------------------------------- */

static void expect_no_answer(const char *name, const char *path) {
    struct vendgate_decision d;
    struct vendgate_options options = {path, 300};
    enum vendgate_result result = vendgate_check(&options, "airtime_vend", 5000, NULL, &d);
    expect(result == VENDGATE_NO_ANSWER, name, vendgate_result_name(result));
    expect_consistent(name, result, &d);
}

static void refuses_without_a_living_socket(void) {
    struct testserver server;
    testserver_start(&server, AT_ONCE, WITH_NUL(PERMITTED));
    testserver_kill(&server);
    expect_no_answer("a dead socket", server.path);
    expect_no_answer("a directory in place of a socket", server.directory);
    unlink(server.path);
    expect_no_answer("no socket", server.path);
    int fd = open(server.path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (fd >= 0) close(fd);
    expect_no_answer("a file in place of a socket", server.path);
    testserver_stop(&server);
}

/* Fills the queue of a listener that never accepts; the call must wait for room and no longer than it may. */
static void keeps_the_deadline_when_the_queue_is_full(void) {
    struct testserver server;
    int fds[64];
    size_t count = 0;
    testserver_start(&server, NEVER_ACCEPTS, "", 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, server.path, strlen(server.path) + 1);
    bool full = false;
    while (!full && count < sizeof fds / sizeof *fds) {
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        full = connect(fd, (const struct sockaddr *)&address, sizeof address) != 0;
        fds[count++] = fd;
    }
    expect(full, "the queue fills", "it did not");
    expect_no_answer("a full queue", server.path);
    while (count > 0) close(fds[--count]);
    testserver_stop(&server);
}

static void ignore_signal(int signal_number) { (void)signal_number; }

static void keeps_the_deadline_under(const char *name, enum manner manner) {
    struct testserver server;
    struct vendgate_decision d;
    testserver_start(&server, manner, WITH_NUL(PERMITTED));
    struct vendgate_options options = {server.path, 300};
    int64_t began = now_ms();
    enum vendgate_result result = vendgate_check(&options, "airtime_vend", 5000, NULL, &d);
    int64_t took = now_ms() - began;
    char got[64];
    snprintf(got, sizeof got, "%s after %" PRId64 " ms", vendgate_result_name(result), took);
    /* The upper bound is generous: it tells a deadline kept from one that each byte starts anew. */
    expect(result == VENDGATE_NO_ANSWER && took >= 300 && took < 1300, name, got);
    testserver_stop(&server);
}

static void keeps_the_deadline(void) {
    keeps_the_deadline_under("the deadline, silent", SILENT);
    keeps_the_deadline_under("the deadline, a byte at a time", SLOWLY);
    keeps_the_deadline_under("the deadline, never accepted", NEVER_ACCEPTS);

    struct sigaction action = {.sa_handler = ignore_signal}; /* no SA_RESTART: every wait is interrupted */
    sigaction(SIGALRM, &action, NULL);
    timer_t timer;
    struct itimerspec every = {{0, 10000000}, {0, 10000000}};
    if (timer_create(CLOCK_MONOTONIC, NULL, &timer) != 0 || timer_settime(timer, 0, &every, NULL) != 0) exit(70);
    keeps_the_deadline_under("the deadline under a hail of signals", SILENT);
    timer_delete(timer);
}

static void leaves_nothing_open(void) {
    struct testserver server;
    testserver_start(&server, AT_ONCE, WITH_NUL(PERMITTED));
    int lowest = dup(0);
    close(lowest);
    struct vendgate_options options = {server.path, 10000}, nowhere = {"/nonexistent/gate.sock", 100};
    errno = EXDEV;
    (void)vendgate_check(&options, "airtime_vend", 5000, NULL, NULL);
    (void)vendgate_check(&nowhere, "airtime_vend", 5000, NULL, NULL);
    (void)vendgate_state(&nowhere, NULL);
    expect(errno == EXDEV, "errno stays as it was", strerror(errno));
    int after = dup(0);
    close(after);
    expect(lowest == after, "no file descriptor is left open", "one is");
    testserver_stop(&server);
}

/* ---- What is sent ------------------------------------------------------------------------------------------- */

static void expect_call(const char *name, int64_t amount, const char *reference, const char *expected) {
    char call[4096];
    struct testserver server;
    testserver_start(&server, AT_ONCE, WITH_NUL(PERMITTED));
    struct vendgate_options options = {server.path, 10000};
    (void)vendgate_check(&options, "airtime_vend", amount, reference, NULL);
    size_t length = testserver_call(&server, call, sizeof call - 1);
    call[length] = '\0';
    expect(length == strlen(expected) + 1 && strcmp(call, expected) == 0, name, call);
    testserver_stop(&server);
}

#define CALL(rest) "{\"method\":\"io.vendlock.Gate.Check\",\"parameters\":{\"operation\":\"airtime_vend\"" rest "}}"

static void sends_what_it_was_given(void) {
    char longest[VENDGATE_REFERENCE_MAX + 1], expected[4096];
    expect_call("the operation alone", VENDGATE_NO_AMOUNT, NULL, CALL(""));
    expect_call("an amount", 5000, NULL, CALL(",\"amount_cents\":5000"));
    expect_call("an amount of nothing", 0, NULL, CALL(",\"amount_cents\":0"));
    expect_call("the largest amount", INT64_MAX, NULL, CALL(",\"amount_cents\":9223372036854775807"));
    expect_call("a reference", 1, "SALE-17", CALL(",\"amount_cents\":1,\"reference\":\"SALE-17\""));
    expect_call("an empty reference", 1, "", CALL(",\"amount_cents\":1,\"reference\":\"\""));
    expect_call("an attempt to break out", VENDGATE_NO_AMOUNT, "x\",\"operation\":\"sync", CALL(",\"reference\":\"x\\\",\\\"operation\\\":\\\"sync\""));
    expect_call("control characters", VENDGATE_NO_AMOUNT, "a\n\x01\x7f\\b", CALL(",\"reference\":\"a\\u000a\\u0001\\u007f\\\\b\""));
    expect_call("UTF-8", VENDGATE_NO_AMOUNT, "\xc3\xab\xf0\x9f\x94\x92", CALL(",\"reference\":\"\xc3\xab\xf0\x9f\x94\x92\""));

    memset(longest, '\x1f', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    int used = snprintf(expected, sizeof expected, "{\"method\":\"io.vendlock.Gate.Check\",\"parameters\":{\"operation\":\"airtime_vend\",\"amount_cents\":%" PRId64 ",\"reference\":\"", INT64_MAX);
    for (int i = 0; i < VENDGATE_REFERENCE_MAX; i++) used += snprintf(expected + used, sizeof expected - (size_t)used, "\\u001f");
    snprintf(expected + used, sizeof expected - (size_t)used, "\"}}");
    expect_call("the longest call", INT64_MAX, longest, expected);
}

static void refuses_what_it_cannot_send(void) {
    char path[200], reference[VENDGATE_REFERENCE_MAX + 2], operation[VENDGATE_OPERATION_MAX + 2];
    memset(path, 'x', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    memset(reference, 'r', sizeof reference - 1);
    reference[sizeof reference - 1] = '\0';
    memset(operation, 'o', sizeof operation - 1);
    operation[sizeof operation - 1] = '\0';
    struct testserver server;
    testserver_start(&server, AT_ONCE, WITH_NUL(PERMITTED)); /* it would permit all of them */
    const struct {
        const char *name, *path, *operation, *reference;
        int64_t amount;
        int timeout_ms;
    } cases[] = {
        {"no operation", server.path, NULL, NULL, 1, 1000},
        {"an empty operation", server.path, "", NULL, 1, 1000},
        {"an operation too long", server.path, operation, NULL, 1, 1000},
        {"an operation that is not UTF-8", server.path, "airtime\xff", NULL, 1, 1000},
        {"a reference that is not UTF-8", server.path, "airtime_vend", "\xed\xa0\x80", 1, 1000},
        {"a reference too long", server.path, "airtime_vend", reference, 1, 1000},
        {"a negative amount", server.path, "airtime_vend", NULL, -5000, 1000},
        {"a negative deadline", server.path, "airtime_vend", NULL, 1, -1},
        {"a socket path too long", path, "airtime_vend", NULL, 1, 1000},
        {"an empty socket path", "", "airtime_vend", NULL, 1, 1000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct vendgate_decision d;
        struct vendgate_options options = {cases[i].path, cases[i].timeout_ms};
        enum vendgate_result result = vendgate_check(&options, cases[i].operation, cases[i].amount, cases[i].reference, &d);
        expect(result == VENDGATE_USAGE, cases[i].name, vendgate_result_name(result));
        expect_consistent(cases[i].name, result, &d);
    }
    testserver_stop(&server);
}

/* ---- The state ---------------------------------------------------------------------------------------------- */

#define STATE(fields) "{\"parameters\":{\"state\":{\"imei\":\"490154203237518\",\"channel\":\"KazTimpaPro\"," fields "}}}"

static int state_of(const char *bytes, size_t length, struct vendgate_state *s) {
    struct testserver server;
    testserver_start(&server, AT_ONCE, bytes, length);
    struct vendgate_options options = {server.path, 10000};
    int result = vendgate_state(&options, s);
    char call[256];
    size_t used = testserver_call(&server, call, sizeof call - 1);
    call[used] = '\0';
    expect(strcmp(call, "{\"method\":\"io.vendlock.Gate.GetState\",\"parameters\":{}}") == 0, "the call for the state", call);
    testserver_stop(&server);
    return result;
}

static void reads_the_state(void) {
    struct vendgate_state s;
    int result = state_of(WITH_NUL(STATE("\"account\":\"AB-1234\",\"locked\":true,\"reasons\":[\"account_locked\",\"device_locked\"],"
                                         "\"blocked\":[ \"airtime_vend\" , \"deposit_advance\" ],\"revision\":7,\"lease_ms\":1500,\"connected\":true,\"last_contact_ms\":20")), &s);
    expect(result == 0 && s.locked && s.connected && s.revision == 7 && s.lease_ms == 1500 && s.last_contact_ms == 20, "a locked state", s.detail);
    expect(strcmp(s.imei, "490154203237518") == 0 && strcmp(s.channel, "KazTimpaPro") == 0 && strcmp(s.account, "AB-1234") == 0, "who it is", s.imei);
    expect(s.reason_count == 2 && strcmp(s.reasons[1], "device_locked") == 0, "its reasons", s.reasons[0]);
    expect(s.blocked_count == 2 && strcmp(s.blocked[1], "deposit_advance") == 0, "what is blocked", s.blocked[0]);

    result = state_of(WITH_NUL(STATE("\"locked\":false,\"reasons\":[],\"blocked\":[],\"revision\":0,\"lease_ms\":0,\"connected\":false")), &s);
    expect(result == 0 && !s.locked && s.account[0] == '\0' && s.last_contact_ms == -1 && s.reason_count == 0, "a state with little in it", s.detail);

    char many[2048];
    int used = snprintf(many, sizeof many, "{\"parameters\":{\"state\":{\"imei\":\"1\",\"channel\":\"c\",\"locked\":true,\"blocked\":[],\"revision\":1,\"lease_ms\":1,\"connected\":true,\"reasons\":[\"r\"");
    for (int i = 1; i < 100; i++) used += snprintf(many + used, sizeof many - (size_t)used, ",\"r%d\"", i);
    used += snprintf(many + used, sizeof many - (size_t)used, "]}}}");
    result = state_of(many, (size_t)used + 1, &s);
    expect(result == 0 && s.reason_count == VENDGATE_LIST_MAX, "more reasons than there is room for", s.detail);
}

static void expect_bad_state(const char *name, const char *bytes, size_t length, int expected) {
    struct vendgate_state s;
    int result = state_of(bytes, length, &s);
    expect(result == expected && s.locked && s.imei[0] == '\0' && s.lease_ms == 0 && s.detail[0] != '\0', name, s.detail);
}

static void shows_locked_when_the_state_is_unknown(void) {
    expect_bad_state("a state without locked", WITH_NUL(STATE("\"reasons\":[],\"blocked\":[],\"revision\":1,\"lease_ms\":1,\"connected\":true")), VENDGATE_NO_ANSWER);
    expect_bad_state("a state without a connection",
                     WITH_NUL(STATE("\"locked\":false,\"reasons\":[],\"blocked\":[],\"revision\":1,\"lease_ms\":1")), VENDGATE_NO_ANSWER);
    expect_bad_state("reasons that are not text",
                     WITH_NUL(STATE("\"locked\":false,\"reasons\":[1],\"blocked\":[],\"revision\":1,\"lease_ms\":1,\"connected\":true")), VENDGATE_NO_ANSWER);
    expect_bad_state("a decision in place of a state", WITH_NUL(PERMITTED), VENDGATE_NO_ANSWER);
    expect_bad_state("an error in place of a state", WITH_NUL("{\"error\":\"org.varlink.service.MethodNotImplemented\"}"), VENDGATE_NO_ANSWER);
    struct vendgate_state s;
    struct vendgate_options nowhere = {"/nonexistent/gate.sock", 100}, negative = {NULL, -1};
    expect(vendgate_state(&nowhere, &s) == VENDGATE_NO_ANSWER && s.locked, "a state from nowhere", s.detail);
    expect(vendgate_state(&negative, &s) == VENDGATE_USAGE && s.locked, "a state before a negative deadline", s.detail);
}

/* ---- The parser alone --------------------------------------------------------------------------------------- */

static void tells_json_from_what_is_not(void) {
    static const char *const good[] = {"0", "-0", "-1.5e+10", "1E-2", "\"\"", "[]", "{}", "[1,[2,{\"a\":[]}]]", " null ", "true", "\"\\ud800\\udc00\"",
                                       "{\"\":1,\"a\":2}", "\"\xf4\x8f\xbf\xbf\"", "[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]"};
    static const char *const bad[] = {"", " ", "01", "-", "+1", "1.", ".5", "1e", "0x1", "nul", "nulll", "TRUE", "'a'", "\"", "\"\\\"", "\"\\x\"", "\"\\u12\"",
                                      "\"\\u12g4\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\\ud800\"", "\"\t\"", "\"\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xe2\x82\"",
                                      "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{a:1}", "{\"a\" 1}",
                                      "{1:1}", "{\"a\":1,\"a\":1}", "{\"a\":1,\"\\u0061\":1}", "{}{}", "[]]", "1 2", "NaN", "Infinity", "[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]"};
    struct vg_json root;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) expect(vg_json_document(good[i], strlen(good[i]), &root), good[i], "not JSON");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) expect(!vg_json_document(bad[i], strlen(bad[i]), &root), bad[i], "JSON");
    expect(!vg_json_document("1\0", 2, &root), "a NUL byte", "JSON");

    char many[2048];
    for (int count = VG_JSON_MEMBERS_MAX; count <= VG_JSON_MEMBERS_MAX + 1; count++) {
        int used = snprintf(many, sizeof many, "{\"n\":0");
        for (int i = 1; i < count; i++) used += snprintf(many + used, sizeof many - (size_t)used, ",\"n%d\":0", i);
        used += snprintf(many + used, sizeof many - (size_t)used, "}");
        expect(vg_json_document(many, (size_t)used, &root) == (count == VG_JSON_MEMBERS_MAX), "the most members", "otherwise");
    }
}

static void reads_whole_numbers(void) {
    static const struct {
        const char *text;
        bool good;
        int64_t value;
    } cases[] = {{"0", true, 0}, {"-0", true, 0}, {"9223372036854775807", true, INT64_MAX}, {"-9223372036854775808", true, INT64_MIN},
                 {"9223372036854775808", false, 0}, {"-9223372036854775809", false, 0}, {"99999999999999999999999", false, 0}, {"1.0", false, 0}, {"1e2", false, 0}, {"\"1\"", false, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct vg_json root;
        int64_t value = 0;
        bool good = vg_json_document(cases[i].text, strlen(cases[i].text), &root) && vg_json_int64(root, &value);
        expect(good == cases[i].good && value == cases[i].value, cases[i].text, "another number");
    }
}

/* Seeded, so that a failure can be repeated. What stays a permission must still spell one out. */
static void survives_damage(void) {
    uint32_t seed = 20261121;
    int permissions = 0, wrong = 0;
    for (int round = 0; round < 200000; round++) {
        char bytes[sizeof PERMITTED + 8];
        size_t length = LENGTH(PERMITTED);
        struct vendgate_decision d = {0};
        struct vendgate_state s = {0};
        memcpy(bytes, PERMITTED, length);
        for (int changes = 1 + round % 4; changes > 0; changes--) {
            static const char special[] = "{}[]\",:\\u0 truefalsn-1";
            seed = seed * 1664525 + 1013904223;
            size_t at = (seed >> 8) % length;
            switch (seed >> 30) {
            case 0: bytes[at] = (char)(seed >> 4); break;
            case 1: bytes[at] = special[(seed >> 4) % (sizeof special - 1)]; break;
            case 2: memmove(bytes + at, bytes + at + 1, --length - at); break;
            default:
                if (length < sizeof bytes) memmove(bytes + at + 1, bytes + at, length++ - at);
                break;
            }
        }
        /* An exact allocation, so that a read past the end is seen by the sanitizer. */
        char *exact = malloc(length);
        if (exact == NULL) exit(70);
        memcpy(exact, bytes, length);
        if (vg_read_decision(exact, length, &d) == VENDGATE_PERMITTED) {
            permissions++;
            if (memmem(exact, length, "true", 4) == NULL || memmem(exact, length, "\"decision\"", 10) == NULL) wrong++;
        } else if (d.permitted) {
            wrong++;
        }
        (void)vg_read_state(exact, length, &s);
        free(exact);
    }
    char got[64];
    snprintf(got, sizeof got, "%d permissions, %d wrong", permissions, wrong);
    expect(wrong == 0 && permissions > 0 && permissions < 100000, "200000 damaged replies", got);
}

static void names_everything(void) {
    expect(strcmp(vendgate_result_name(VENDGATE_NO_ANSWER), "no answer") == 0, "the name of a result", "another");
    expect(strcmp(vendgate_result_name((enum vendgate_result)77), "unknown") == 0, "the name of no result", "another");
    expect(strstr(vendgate_reason_text("lease_expired"), "signal") != NULL, "the text of a reason", "another");
    expect(vendgate_reason_text(NULL)[0] != '\0', "the text of no reason", "none");
    expect(strcmp(vendgate_version(), VENDGATE_VERSION) == 0, "the version", vendgate_version());
}

int main(void) {
    answers_every_reply_as_it_must();
    hands_over_revision_and_lease();
    never_permits_a_reply_cut_short();
    limits_the_size_of_a_reply();
    cuts_a_long_message_at_a_character();
    refuses_without_a_living_socket();
    keeps_the_deadline_when_the_queue_is_full();
    keeps_the_deadline();
    leaves_nothing_open();
    sends_what_it_was_given();
    refuses_what_it_cannot_send();
    reads_the_state();
    shows_locked_when_the_state_is_unknown();
    enters_codes();
    tells_json_from_what_is_not();
    reads_whole_numbers();
    survives_damage();
    names_everything();
    printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
