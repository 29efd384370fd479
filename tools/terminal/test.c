/* What the terminal prints and how it exits, run as a process against scripted gates. */
#define _GNU_SOURCE

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "testserver.h"

#define WITH_NUL(text) text, sizeof(text)
#define DECISION(fields) "{\"parameters\":{\"decision\":{" fields ",\"revision\":7,\"lease_ms\":239000}}}"

static int passed, failed;

static void expect(bool good, const char *name, const char *got) {
    if (good) {
        passed++;
    } else {
        failed++;
        printf("FAILED: %s (got: %s)\n", name, got);
    }
}

/* Runs a shell line, keeps what it prints on both streams, returns the exit status. */
static int run(const char *command, char *printed, size_t size) {
    FILE *output = popen(command, "r");
    if (output == NULL) exit(70);
    size_t length = fread(printed, 1, size - 1, output);
    printed[length] = '\0';
    int status = pclose(output);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static size_t lines_of(const char *text) {
    size_t count = 0;
    for (; *text != '\0'; text++) count += *text == '\n';
    return count;
}

static const char *terminal;

static void one_line(const char *name, const char *reply, size_t length, const char *arguments, int status, const char *begins) {
    char command[1024], printed[4096];
    struct testserver server;
    testserver_start(&server, AT_ONCE, reply, length);
    snprintf(command, sizeof command, "%s --socket %s %s 2>&1", terminal, server.path, arguments);
    int got = run(command, printed, sizeof printed);
    expect(got == status && lines_of(printed) == 1 && strncmp(printed, begins, strlen(begins)) == 0, name, printed);
    expect(strchr(printed, '\033') == NULL, name, "escape sequences where there is no screen");
    testserver_stop(&server);
}

static void sells_or_says_why_not(void) {
    one_line("a sale", WITH_NUL(DECISION("\"permitted\":true")), "--vend airtime_vend --amount-cents 5000", 0,
             "vended airtime_vend R50.00, receipt no ");
    one_line("a balance", WITH_NUL(DECISION("\"permitted\":true")), "--vend balance_enquiry", 0, "permitted balance_enquiry\n");
    one_line("a refusal", WITH_NUL(DECISION("\"permitted\":false,\"reason\":\"account_locked\",\"message\":\"Gesluit.\\nBel.\"")),
             "--vend deposit_advance --amount-cents 12345 --reference A-1", 1, "refused deposit_advance R123.45: account_locked: Gesluit. Bel.\n");
    one_line("an unknown operation", WITH_NUL("{\"error\":\"io.vendlock.Gate.UnknownOperation\",\"parameters\":{\"operation\":\"x\"}}"),
             "--vend x", 2, "usage error x: ");
    one_line("garbage", WITH_NUL("permitted:true"), "--vend airtime_vend --amount-cents 1", 3, "no answer airtime_vend R0.01: ");
    one_line("a state", WITH_NUL("{\"parameters\":{\"state\":{\"imei\":\"490154203237518\",\"channel\":\"KazTimpaPro\",\"account\":\"AB-1234\",\"locked\":true,"
                                 "\"reasons\":[\"account_locked\",\"device_locked\"],\"blocked\":[],\"revision\":7,\"lease_ms\":239000,\"connected\":true}}}"),
             "--state", 0, "locked: account_locked + device_locked, lease 3 min 59 s, connected, account AB-1234\n");
}

#define CODE_ANSWER(accepted, message, retry) "{\"parameters\":{\"accepted\":" accepted ",\"message\":\"" message "\",\"retry_ms\":" retry "}}"

static void enters_a_code(void) {
    char command[1024], printed[4096];
    one_line("a right code", WITH_NUL(CODE_ANSWER("true", "Accepted. Sell on.", "0")), "--code '0123 4567 891'", 0, "code accepted: Accepted. Sell on.\n");
    one_line("a wrong code", WITH_NUL(CODE_ANSWER("false", "Not right. Wait 5 s.", "5000")), "--code 1", 1, "code refused: Not right. Wait 5 s.\n");
    one_line("no code", WITH_NUL(CODE_ANSWER("true", "", "0")), "--code ''", 2, "code not accepted: ");
    one_line("no answer to a code", WITH_NUL("accepted"), "--code 1", 3, "code not accepted: ");
    struct testserver server;
    testserver_start(&server, AT_ONCE, WITH_NUL(CODE_ANSWER("true", "Accepted. Sell on.", "0")));
    snprintf(command, sizeof command, "printf '4\\n0123\\n4\\n\\nq\\n' | %s --socket %s 2>&1", terminal, server.path);
    int status = run(command, printed, sizeof printed);
    expect(status == 0 && strstr(printed, "code accepted: Accepted. Sell on.") != NULL && strstr(printed, "Cancelled.") != NULL, "a code in the menu", printed);
    testserver_stop(&server);
}

static void exits_with_three_without_an_agent(void) {
    char command[1024], printed[4096];
    snprintf(command, sizeof command, "%s --socket /nonexistent/gate.sock --vend airtime_vend --amount-cents 5000 2>&1", terminal);
    int status = run(command, printed, sizeof printed);
    expect(status == 3 && lines_of(printed) == 1, "no agent", printed);
    snprintf(command, sizeof command, "%s --socket /nonexistent/gate.sock --state 2>&1", terminal);
    status = run(command, printed, sizeof printed);
    expect(status == 3 && strncmp(printed, "locked: ", 8) == 0, "no agent, the state", printed);
}

static void never_exits_with_zero_when_nobody_reads(void) {
    char command[1024], printed[4096];
    struct testserver server;
    testserver_start(&server, AT_ONCE, WITH_NUL(DECISION("\"permitted\":true")));
    snprintf(command, sizeof command, "%s --socket %s --vend airtime_vend 2>&1 >/dev/full", terminal, server.path);
    int status = run(command, printed, sizeof printed);
    expect(status == 3, "a full disk under the output", printed);
    testserver_stop(&server);
}

static void names_a_mistake_on_the_command_line(void) {
    static const char *const mistakes[] = {"--frob", "-x", "extra", "--vend", "--amount-cents 5", "--reference A", "--vend a --amount-cents -5",
                                           "--vend a --amount-cents 5x", "--vend a --amount-cents ''", "--vend a --amount-cents 10000001",
                                           "--vend a --state", "--code 1 --state", "--code 1 --vend a", "--code", "--timeout-ms 0 --state", "--timeout-ms no --state"};
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        char command[1024], printed[4096];
        snprintf(command, sizeof command, "%s %s 2>&1", terminal, mistakes[i]);
        int status = run(command, printed, sizeof printed);
        expect(status == 2 && lines_of(printed) == 1 && strncmp(printed, "terminal: ", 10) == 0, mistakes[i], printed);
    }
}

static void understands_amounts_in_the_menu(void) {
    static const struct {
        const char *typed, *shown; /* NULL: not an amount */
    } amounts[] = {{"50", "R50.00"}, {"R50", "R50.00"}, {"29.95", "R29.95"}, {"29,9", "R29.90"}, {"0.05", "R0.05"}, {"100000", "R100000.00"},
                   {"0", NULL}, {"-5", NULL}, {"100000.01", NULL}, {"99999999999999999999", NULL}, {"5.", NULL}, {"5.123", NULL}, {"5 0", NULL}, {"abc", NULL}, {"0x10", NULL}};
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
        char command[1024], printed[8192], sold[64];
        struct testserver server;
        testserver_start(&server, AT_ONCE, WITH_NUL(DECISION("\"permitted\":true")));
        snprintf(command, sizeof command, "printf '1\\n%s\\n\\nq\\n' | %s --socket %s 2>&1", amounts[i].typed, terminal, server.path);
        int status = run(command, printed, sizeof printed);
        snprintf(sold, sizeof sold, "vended airtime_vend %s, ", amounts[i].shown == NULL ? "" : amounts[i].shown);
        bool good = amounts[i].shown == NULL ? strstr(printed, "vended") == NULL && strstr(printed, "not an amount") != NULL : strstr(printed, sold) != NULL;
        expect(status == 0 && good, amounts[i].typed, printed);
        testserver_stop(&server);
    }
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: test TERMINAL\n");
        return 2;
    }
    terminal = argv[1];
    sells_or_says_why_not();
    enters_a_code();
    exits_with_three_without_an_agent();
    never_exits_with_zero_when_nobody_reads();
    names_a_mistake_on_the_command_line();
    understands_amounts_in_the_menu();
    printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
