#define _POSIX_C_SOURCE 200809L

#include "sale.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "rand.h"

bool sale_spends(const char *operation) {
    static const char *const spending[] = {"airtime_vend",    "deposit_advance", "data_vend",     "electricity_vend",
                                           "voucher_vend",    "bill_payment",    "money_transfer"};
    for (size_t i = 0; i < sizeof spending / sizeof *spending; i++)
        if (strcmp(operation, spending[i]) == 0) return true;
    return false;
}

/* Day, time and a count within this run: enough for a pretend sale to be told from the next. */
static void write_receipt_number(char *out, size_t size) {
    static unsigned count;
    char moment[32] = "";
    time_t now = time(NULL);
    struct tm parts;
    if (localtime_r(&now, &parts) != NULL) strftime(moment, sizeof moment, "%Y%m%d-%H%M%S", &parts);
    snprintf(out, size, "%s-%u", moment, ++count);
}

enum vendgate_result sale_make(const struct vendgate_options *gate, const char *operation, int64_t amount_cents,
                               const char *reference, char line[SALE_LINE_SIZE]) {
    struct vendgate_decision decision;
    char what[128], receipt[64];
    int used = snprintf(what, sizeof what, "%s", operation);
    if (amount_cents != VENDGATE_NO_AMOUNT && used > 0 && (size_t)used < sizeof what - 1) {
        what[used++] = ' ';
        rand_write(amount_cents, what + used, sizeof what - (size_t)used);
    }
    enum vendgate_result result = vendgate_check(gate, operation, amount_cents, reference, &decision);
    switch (result) {
    case VENDGATE_PERMITTED:
        if (sale_spends(operation)) {
            write_receipt_number(receipt, sizeof receipt);
            snprintf(line, SALE_LINE_SIZE, "vended %s, receipt no %s (a pretend sale)", what, receipt);
        } else {
            snprintf(line, SALE_LINE_SIZE, "permitted %s", what);
        }
        break;
    case VENDGATE_REFUSED:
        snprintf(line, SALE_LINE_SIZE, "refused %s: %s%s%s", what, decision.reason, decision.reason[0] == '\0' ? "" : ": ", decision.message);
        break;
    default:
        snprintf(line, SALE_LINE_SIZE, "%s %s: %s (%s)", vendgate_result_name(result), what, decision.message, decision.detail);
        break;
    }
    return result;
}

static void write_duration(int64_t ms, char *out, size_t size) {
    int64_t seconds = ms / 1000;
    if (seconds < 60)
        snprintf(out, size, "%" PRId64 " s", seconds);
    else
        snprintf(out, size, "%" PRId64 " min %" PRId64 " s", seconds / 60, seconds % 60);
}

int sale_state_line(const struct vendgate_options *gate, char line[SALE_LINE_SIZE]) {
    struct vendgate_state state;
    char lease[48], reasons[256] = "";
    int result = vendgate_state(gate, &state);
    if (result != 0) {
        snprintf(line, SALE_LINE_SIZE, "locked: the lock agent does not answer (%s)", state.detail);
        return result;
    }
    size_t used = 0;
    for (size_t i = 0; i < state.reason_count && used < sizeof reasons - 1; i++) {
        int wrote = snprintf(reasons + used, sizeof reasons - used, "%s%s", i == 0 ? ": " : " + ", state.reasons[i]);
        if (wrote < 0) break;
        used += (size_t)wrote;
    }
    write_duration(state.lease_ms, lease, sizeof lease);
    snprintf(line, SALE_LINE_SIZE, "%s%s, %s%s, %s, account %s", state.locked ? "locked" : "unlocked", reasons,
             state.lease_ms > 0 ? "lease " : "no lease", state.lease_ms > 0 ? lease : "",
             state.connected ? "connected" : "not connected", state.account[0] == '\0' ? "none" : state.account);
    return 0;
}

int sale_enter_code(const struct vendgate_options *gate, const char *code, char line[SALE_LINE_SIZE]) {
    struct vendgate_code_answer answer;
    int result = vendgate_enter_code(gate, code, &answer);
    if (answer.detail[0] != '\0')
        snprintf(line, SALE_LINE_SIZE, "code not accepted: %s (%s)", answer.message, answer.detail);
    else
        snprintf(line, SALE_LINE_SIZE, "code %s: %s", result == 0 ? "accepted" : "refused", answer.message);
    return result;
}
