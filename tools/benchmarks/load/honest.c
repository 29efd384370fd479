// A vending application beside others: asks `Check` through vendgate, some 100 times a second, and prints one JSON object.
//
//   honest SOCKET SECONDS
//
// The time is that of the whole call: connecting, asking, the reply. What had no answer is counted and not timed.
#include "common.h"

#include "../../../Firmware/vendgate/vendgate.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    enum { MOST = 100000 };
    if (argc != 3) fail("honest SOCKET SECONDS");
    double *took = malloc(MOST * sizeof *took);
    size_t count = 0, unanswered = 0, permitted = 0;
    struct vendgate_options options = {.socket_path = argv[1]};
    int64_t end = now_ns() + (int64_t)atoi(argv[2]) * 1000000000;
    while (now_ns() < end && count + unanswered < MOST) {
        struct vendgate_decision decision;
        int64_t began = now_ns();
        enum vendgate_result result = vendgate_check(&options, "airtime_vend", 1000, NULL, &decision);
        if (result == VENDGATE_PERMITTED || result == VENDGATE_REFUSED) {
            took[count++] = (double)(now_ns() - began) / 1000;
            permitted += result == VENDGATE_PERMITTED;
        } else {
            if (!unanswered) fprintf(stderr, "the first without an answer: %s\n", decision.detail);
            unanswered++;
        }
        sleep_ms(10);
    }
    double p99 = percentile(took, count, 99);
    printf("{\"asked\": %zu, \"unanswered\": %zu, \"permitted\": %zu, \"median_us\": %.1f, \"p99_us\": %.1f, \"max_us\": %.1f}\n",
           count + unanswered, unanswered, permitted, percentile(took, count, 50), p99, percentile(took, count, 100));
    return 0;
}
