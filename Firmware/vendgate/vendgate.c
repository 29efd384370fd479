#include "vendgate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "exchange.h"
#include "json.h"

/* Room for a call: each byte of operation and reference may become \u00XX. */
#define CALL_SIZE (256 + 6 * (VENDGATE_OPERATION_MAX + VENDGATE_REFERENCE_MAX))

struct target {
    const char *socket_path;
    int timeout_ms;
};

static int usage(char *detail, const char *what) {
    snprintf(detail, VENDGATE_DETAIL_SIZE, "%s", what);
    return VENDGATE_USAGE;
}

/* Completes the options with the defaults; 0 when they can be used. */
static int read_options(const struct vendgate_options *options, int timeout_ms, struct target *target, char *detail) {
    *target = (struct target){VENDGATE_DEFAULT_SOCKET, timeout_ms};
    if (options == NULL) return 0;
    if (options->timeout_ms < 0) return usage(detail, "timeout_ms is negative");
    if (options->timeout_ms > 0) target->timeout_ms = options->timeout_ms;
    if (options->socket_path != NULL) target->socket_path = options->socket_path;
    if (!vg_socket_path_fits(target->socket_path)) return usage(detail, "the socket path is empty or too long");
    return 0;
}

/* Writes the call with its closing NUL byte; the length is 0 when an argument cannot be sent, and `detail` says why. */
static size_t write_check(const char *operation, int64_t amount_cents, const char *reference, char *call, char *detail) {
    char quoted[CALL_SIZE], amount[48] = "";
    if (operation == NULL || operation[0] == '\0' || strlen(operation) > VENDGATE_OPERATION_MAX) {
        usage(detail, "the operation is missing or longer than 64 bytes");
        return 0;
    }
    if (reference != NULL && strlen(reference) > VENDGATE_REFERENCE_MAX) {
        usage(detail, "the reference is longer than 256 bytes");
        return 0;
    }
    if (amount_cents < 0 && amount_cents != VENDGATE_NO_AMOUNT) {
        usage(detail, "the amount is negative");
        return 0;
    }
    size_t size = vg_json_quote(operation, quoted, sizeof quoted);
    if (size == 0) {
        usage(detail, "the operation is not UTF-8");
        return 0;
    }
    if (amount_cents >= 0) snprintf(amount, sizeof amount, ",\"amount_cents\":%lld", (long long)amount_cents);
    int used = snprintf(call, CALL_SIZE, "{\"method\":\"io.vendlock.Gate.Check\",\"parameters\":{\"operation\":%.*s%s",
                        (int)size, quoted, amount);
    if (reference != NULL) {
        size = vg_json_quote(reference, quoted, sizeof quoted);
        if (size == 0) {
            usage(detail, "the reference is not UTF-8");
            return 0;
        }
        used += snprintf(call + used, CALL_SIZE - (size_t)used, ",\"reference\":%.*s", (int)size, quoted);
    }
    used += snprintf(call + used, CALL_SIZE - (size_t)used, "}}");
    return (size_t)used + 1;
}

static enum vendgate_result check(const struct vendgate_options *options, const char *operation, int64_t amount_cents,
                                  const char *reference, struct vendgate_decision *out) {
    struct target target;
    struct vg_reply reply;
    char call[CALL_SIZE];
    if (read_options(options, VENDGATE_DEFAULT_TIMEOUT_MS, &target, out->detail) != 0) return VENDGATE_USAGE;
    size_t length = write_check(operation, amount_cents, reference, call, out->detail);
    if (length == 0) return VENDGATE_USAGE;
    if (!vg_exchange(target.socket_path, target.timeout_ms, call, length, &reply, out->detail, sizeof out->detail))
        return VENDGATE_NO_ANSWER;
    enum vendgate_result result = vg_read_decision(reply.text, reply.length, out);
    free(reply.text);
    return result;
}

enum vendgate_result vendgate_check(const struct vendgate_options *options, const char *operation,
                                    int64_t amount_cents, const char *reference, struct vendgate_decision *out) {
    struct vendgate_decision decision = {0};
    int saved = errno;
    enum vendgate_result result = check(options, operation, amount_cents, reference, &decision);
    errno = saved;
    const char *sentence = NULL;
    switch (result) {
    case VENDGATE_PERMITTED: break;
    case VENDGATE_REFUSED:
        if (decision.message[0] == '\0') sentence = vendgate_reason_text(decision.reason);
        break;
    case VENDGATE_USAGE: sentence = "This sale cannot be made with this version of the software. Ask support for an update."; break;
    case VENDGATE_NO_ANSWER: sentence = "The lock agent does not answer. Try again; if it stays so, restart the terminal."; break;
    }
    if (result == VENDGATE_USAGE || result == VENDGATE_NO_ANSWER) { /* nothing of a reply that was not understood */
        decision.permitted = false;
        decision.reason[0] = '\0';
        decision.revision = 0;
        decision.lease_ms = 0;
    }
    if (sentence != NULL) snprintf(decision.message, sizeof decision.message, "%s", sentence);
    if (out != NULL) *out = decision;
    return result;
}

int vendgate_state(const struct vendgate_options *options, struct vendgate_state *out) {
    static const char call[] = "{\"method\":\"io.vendlock.Gate.GetState\",\"parameters\":{}}";
    struct vendgate_state state = {.locked = true, .last_contact_ms = -1};
    struct target target;
    struct vg_reply reply;
    int saved = errno;
    int result = read_options(options, VENDGATE_DEFAULT_TIMEOUT_MS, &target, state.detail);
    if (result == 0 && !vg_exchange(target.socket_path, target.timeout_ms, call, sizeof call, &reply, state.detail, sizeof state.detail))
        result = VENDGATE_NO_ANSWER;
    if (result == 0) {
        result = vg_read_state(reply.text, reply.length, &state);
        free(reply.text);
    }
    errno = saved;
    if (result != 0) {
        struct vendgate_state failed = {.locked = true, .last_contact_ms = -1};
        memcpy(failed.detail, state.detail, sizeof failed.detail);
        state = failed;
    }
    if (out != NULL) *out = state;
    return result;
}

/* As write_check(). */
static size_t write_enter_code(const char *code, char *call, char *detail) {
    char quoted[CALL_SIZE];
    if (code == NULL || code[0] == '\0' || strlen(code) > VENDGATE_TYPED_MAX) {
        usage(detail, "the code is missing or longer than 64 bytes");
        return 0;
    }
    size_t size = vg_json_quote(code, quoted, sizeof quoted);
    if (size == 0) {
        usage(detail, "the code is not UTF-8");
        return 0;
    }
    int used = snprintf(call, CALL_SIZE, "{\"method\":\"io.vendlock.Gate.EnterCode\",\"parameters\":{\"code\":%.*s}}", (int)size, quoted);
    return (size_t)used + 1;
}

static int enter_code(const struct vendgate_options *options, const char *code, struct vendgate_code_answer *out) {
    struct target target;
    struct vg_reply reply;
    char call[CALL_SIZE];
    if (read_options(options, VENDGATE_CODE_TIMEOUT_MS, &target, out->detail) != 0) return VENDGATE_USAGE;
    size_t length = write_enter_code(code, call, out->detail);
    if (length == 0) return VENDGATE_USAGE;
    if (!vg_exchange(target.socket_path, target.timeout_ms, call, length, &reply, out->detail, sizeof out->detail))
        return VENDGATE_NO_ANSWER;
    int result = vg_read_code_answer(reply.text, reply.length, out);
    free(reply.text);
    return result;
}

int vendgate_enter_code(const struct vendgate_options *options, const char *code, struct vendgate_code_answer *out) {
    struct vendgate_code_answer answer = {0};
    int saved = errno;
    int result = enter_code(options, code, &answer);
    errno = saved;
    const char *sentence = NULL;
    if (result == VENDGATE_USAGE) sentence = "This is no code. Type the 11 digits that support reads out.";
    if (result == VENDGATE_NO_ANSWER) sentence = "The lock agent does not answer, so the code is not accepted. Look at the lock, then type it again.";
    if (sentence != NULL) { /* nothing of a reply that was not understood */
        answer.accepted = false;
        answer.retry_ms = 0;
    } else if (answer.message[0] == '\0') {
        sentence = result == 0 ? "The code is accepted." : "The code is refused. Ask support for a new one.";
    }
    if (sentence != NULL) snprintf(answer.message, sizeof answer.message, "%s", sentence);
    if (out != NULL) *out = answer;
    return result;
}

const char *vendgate_result_name(enum vendgate_result result) {
    switch (result) {
    case VENDGATE_PERMITTED: return "permitted";
    case VENDGATE_REFUSED: return "refused";
    case VENDGATE_USAGE: return "usage error";
    case VENDGATE_NO_ANSWER: return "no answer";
    }
    return "unknown";
}

const char *vendgate_reason_text(const char *reason) {
    static const struct {
        const char *reason, *text;
    } texts[] = {
        {"account_locked", "This account is locked. Call the call centre to open it."},
        {"device_locked", "This terminal is locked. Call the call centre to open it."},
        {"channel_not_permitted", "This account may not be used on this kind of terminal. Call the call centre."},
        {"device_not_registered", "This terminal is not registered to an account. Call the call centre."},
        {"registered_to_another_account", "This terminal is registered to another account. Sign in with that one."},
        {"too_many_devices", "This account is already in use on its terminals. Call the call centre."},
        {"device_decommissioned", "This terminal has been taken out of service. Return it to the supplier."},
        {"account_unknown", "This account is not known. Check the account number and sign in again."},
        {"not_enrolled", "This terminal is not set up yet. Enrol it with a code from the call centre."},
        {"no_lease", "This terminal has not reached the server since it started. Check the signal and try again."},
        {"lease_expired", "This terminal has not reached the server for too long. Check the signal and try again."},
        {"state_unreadable", "This terminal cannot read its lock state. Call the call centre."},
        {"spend_cap_reached", "The limit without contact to the server is reached. Check the signal and try again."},
    };
    for (size_t i = 0; reason != NULL && i < sizeof texts / sizeof *texts; i++)
        if (strcmp(reason, texts[i].reason) == 0) return texts[i].text;
    return "This sale is refused. Call the call centre.";
}

const char *vendgate_version(void) { return VENDGATE_VERSION; }
