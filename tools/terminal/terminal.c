/* A small vending terminal: shows how an application uses vendgate, and lets a person try the lock. */
#define _GNU_SOURCE /* getopt_long */

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "menu.h"
#include "rand.h"
#include "sale.h"

static const char help[] =
    "Usage: terminal [--socket PATH] [--timeout-ms N]\n"
    "       terminal [--socket PATH] [--timeout-ms N] --vend OPERATION [--amount-cents N] [--reference TEXT]\n"
    "       terminal [--socket PATH] [--timeout-ms N] --code CODE | --state\n"
    "\n"
    "A small vending terminal. Without --vend, --code or --state it shows a menu. Its sales are pretended; the lock is real.\n"
    "\n"
    "  --socket PATH       the agent's gate (default " VENDGATE_DEFAULT_SOCKET ")\n"
    "  --timeout-ms N      deadline of one question to the gate (default 2000; of a code 10000)\n"
    "  --vend OPERATION    one sale: airtime_vend, deposit_advance, balance_enquiry ...\n"
    "  --amount-cents N    what the sale spends\n"
    "  --reference TEXT    the sale's own reference\n"
    "  --code CODE         enter an offline code\n"
    "  --state             print the lock state\n"
    "  --help, --version\n"
    "\n"
    "Exit status: 0 permitted (or code accepted, or state read), 1 refused, 2 usage, 3 no answer from the gate.\n";

struct command {
    struct vendgate_options gate;
    const char *operation; /* NULL: no --vend */
    const char *code; /* NULL: no --code */
    const char *reference;
    int64_t amount_cents;
    int state;
};

/* Digits only; false when it is none or more than `most`. */
static int read_number(const char *text, int64_t most, int64_t *out) {
    char *end;
    errno = 0;
    if (text[0] < '0' || text[0] > '9') return 0;
    *out = strtoll(text, &end, 10);
    return errno == 0 && *end == '\0' && *out <= most;
}

static _Noreturn void usage(const char *what, const char *which) {
    fprintf(stderr, "terminal: %s%s; see terminal --help\n", what, which);
    exit(VENDGATE_USAGE);
}

static void read_arguments(int argc, char **argv, struct command *c) {
    enum { SOCKET = 1, TIMEOUT, VEND, AMOUNT, REFERENCE, CODE, STATE, HELP, VERSION };
    static const struct option options[] = {
        {"socket", required_argument, NULL, SOCKET},   {"timeout-ms", required_argument, NULL, TIMEOUT},
        {"vend", required_argument, NULL, VEND},       {"amount-cents", required_argument, NULL, AMOUNT},
        {"reference", required_argument, NULL, REFERENCE}, {"code", required_argument, NULL, CODE},
        {"state", no_argument, NULL, STATE},           {"help", no_argument, NULL, HELP},
        {"version", no_argument, NULL, VERSION},       {NULL, 0, NULL, 0}};
    int64_t number;
    *c = (struct command){.amount_cents = VENDGATE_NO_AMOUNT};
    opterr = 0;
    for (;;) {
        int before = optind;
        switch (getopt_long(argc, argv, ":", options, NULL)) {
        case -1:
            if (optind < argc) usage("does not know what to do with ", argv[optind]);
            if ((c->operation != NULL) + (c->code != NULL) + c->state > 1) usage("--vend, --code and --state do not go together", "");
            if (c->operation == NULL && (c->reference != NULL || c->amount_cents >= 0)) usage("--amount-cents and --reference need --vend", "");
            return;
        case SOCKET: c->gate.socket_path = optarg; break;
        case TIMEOUT:
            if (!read_number(optarg, 600000, &number) || number == 0) usage("--timeout-ms needs 1 to 600000, not ", optarg);
            c->gate.timeout_ms = (int)number;
            break;
        case VEND: c->operation = optarg; break;
        case AMOUNT:
            if (!read_number(optarg, RAND_MOST_CENTS, &c->amount_cents)) usage("--amount-cents needs a whole number up to 10000000, not ", optarg);
            break;
        case REFERENCE: c->reference = optarg; break;
        case CODE: c->code = optarg; break;
        case STATE: c->state = 1; break;
        case HELP:
            fputs(help, stdout);
            exit(0);
        case VERSION:
            printf("terminal %s\n", vendgate_version());
            exit(0);
        case ':': usage("a value is missing after ", argv[before]);
        default: usage("unknown option ", argv[before]);
        }
    }
}

/* What was printed must have arrived: a caller that reads the line decides by it. */
static int finish(int status) {
    if (fflush(stdout) == 0 && !ferror(stdout)) return status;
    fprintf(stderr, "terminal: cannot write the output: %s\n", strerror(errno));
    return status == VENDGATE_PERMITTED ? VENDGATE_NO_ANSWER : status;
}

int main(int argc, char **argv) {
    struct command command;
    char line[SALE_LINE_SIZE];
    int status = 0;
    read_arguments(argc, argv, &command);
    if (command.operation != NULL) {
        status = (int)sale_make(&command.gate, command.operation, command.amount_cents, command.reference, line);
        puts(line);
    } else if (command.code != NULL) {
        status = sale_enter_code(&command.gate, command.code, line);
        puts(line);
    } else if (command.state) {
        status = sale_state_line(&command.gate, line);
        puts(line);
    } else {
        menu_run(&command.gate);
    }
    return finish(status);
}
