/*
 * The smallest vending application: asks, then dispenses or shows why not.
 *
 *     cc example.c -lvendgate -o example
 *     ./example airtime_vend 5000
 *     ./example balance_enquiry
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "vendgate.h"

int main(int argc, char **argv) {
    if (argc < 2 || argc > 4) {
        fprintf(stderr, "usage: example OPERATION [AMOUNT_CENTS [SOCKET]]\n");
        return VENDGATE_USAGE;
    }
    int64_t amount_cents = VENDGATE_NO_AMOUNT;
    if (argc > 2) {
        char *end;
        amount_cents = strtoll(argv[2], &end, 10);
        if (end == argv[2] || *end != '\0' || amount_cents < 0) {
            fprintf(stderr, "example: %s is not an amount in cents\n", argv[2]);
            return VENDGATE_USAGE;
        }
    }
    struct vendgate_options options = {.socket_path = argc > 3 ? argv[3] : NULL, .timeout_ms = 500};
    struct vendgate_decision decision;

    /* Ask last, immediately before dispensing. Only one of the four results permits. */
    enum vendgate_result result = vendgate_check(&options, argv[1], amount_cents, NULL, &decision);
    if (result == VENDGATE_PERMITTED) {
        printf("permitted: dispense now (revision %" PRId64 ", lease %" PRId64 " ms)\n", decision.revision, decision.lease_ms);
    } else {
        printf("%s: %s\n", vendgate_result_name(result), decision.message);
        if (decision.detail[0] != '\0') fprintf(stderr, "example: %s\n", decision.detail);
    }
    return (int)result;
}
