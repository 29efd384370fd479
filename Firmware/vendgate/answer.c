#include "answer.h"

#include <stdio.h>
#include <string.h>

#include "json.h"

static int no_answer(char *detail, const char *what) {
    snprintf(detail, VENDGATE_DETAIL_SIZE, "not an answer of the gate: %s", what);
    return VENDGATE_NO_ANSWER;
}

/* The agent understood the call and says that it cannot be answered. */
static int error_reply(struct vg_json error, char *detail) {
    char name[VENDGATE_CODE_SIZE];
    if (!vg_json_line(error, name, sizeof name)) return no_answer(detail, "its error has no name");
    snprintf(detail, VENDGATE_DETAIL_SIZE, "the agent answered %s", name);
    bool callers = vg_json_equals(error, "io.vendlock.Gate.UnknownOperation") ||
                   vg_json_equals(error, "org.varlink.service.InvalidParameter");
    return callers ? VENDGATE_USAGE : VENDGATE_NO_ANSWER;
}

/* The parameters of a reply that is the only one to its call; 0 when `object` is one. */
static int read_parameters(const char *reply, size_t length, struct vg_json *object, char *detail) {
    struct vg_json root;
    if (!vg_json_document(reply, length, &root)) return no_answer(detail, "it is not JSON");
    if (vg_json_kind(root) != VG_JSON_OBJECT) return no_answer(detail, "it is not an object");
    struct vg_json error = vg_json_member(root, "error");
    if (vg_json_kind(error) != VG_JSON_ABSENT) return error_reply(error, detail);
    struct vg_json continues = vg_json_member(root, "continues");
    if (vg_json_kind(continues) != VG_JSON_ABSENT && (vg_json_kind(continues) != VG_JSON_BOOL || vg_json_is_true(continues)))
        return no_answer(detail, "it announces more replies");
    *object = vg_json_member(root, "parameters");
    if (vg_json_kind(*object) != VG_JSON_OBJECT) return no_answer(detail, "it has no parameters");
    return 0;
}

/* The one parameter that is an object, of that name. */
static int read_parameter(const char *reply, size_t length, const char *name, struct vg_json *object, char *detail) {
    struct vg_json parameters;
    int result = read_parameters(reply, length, &parameters, detail);
    if (result != 0) return result;
    *object = vg_json_member(parameters, name);
    if (vg_json_kind(*object) != VG_JSON_OBJECT) return no_answer(detail, "the expected parameter is missing");
    return 0;
}

static bool read_bool(struct vg_json object, const char *name, bool *out) {
    struct vg_json value = vg_json_member(object, name);
    *out = vg_json_is_true(value);
    return vg_json_kind(value) == VG_JSON_BOOL;
}

static bool read_count(struct vg_json object, const char *name, int64_t *out) {
    return vg_json_int64(vg_json_member(object, name), out) && *out >= 0;
}

/* A Varlink maybe (`?string`): absent and null are the same. */
static bool is_given(struct vg_json value) {
    return vg_json_kind(value) != VG_JSON_ABSENT && vg_json_kind(value) != VG_JSON_NULL;
}

static bool read_optional_line(struct vg_json object, const char *name, char *out, size_t size) {
    struct vg_json value = vg_json_member(object, name);
    out[0] = '\0';
    return !is_given(value) || vg_json_line(value, out, size);
}

static bool read_list(struct vg_json object, const char *name, char out[][VENDGATE_CODE_SIZE], size_t *count) {
    struct vg_json list = vg_json_member(object, name), element = {NULL, NULL};
    *count = 0;
    if (vg_json_kind(list) != VG_JSON_ARRAY) return false;
    while (vg_json_next(list, &element)) {
        char code[VENDGATE_CODE_SIZE];
        if (!vg_json_line(element, code, sizeof code)) return false;
        if (*count < VENDGATE_LIST_MAX) memcpy(out[(*count)++], code, sizeof code);
    }
    return true;
}

enum vendgate_result vg_read_decision(const char *reply, size_t length, struct vendgate_decision *out) {
    struct vg_json decision;
    bool permitted = false;
    int result = read_parameter(reply, length, "decision", &decision, out->detail);
    if (result != 0) return (enum vendgate_result)result;
    if (!read_bool(decision, "permitted", &permitted) || !read_count(decision, "revision", &out->revision) ||
        !read_count(decision, "lease_ms", &out->lease_ms) ||
        !read_optional_line(decision, "reason", out->reason, sizeof out->reason) ||
        !read_optional_line(decision, "message", out->message, sizeof out->message))
        return (enum vendgate_result)no_answer(out->detail, "a field of the decision is missing or of the wrong type");
    if (permitted && is_given(vg_json_member(decision, "reason")))
        return (enum vendgate_result)no_answer(out->detail, "it permits and gives a reason to refuse");
    out->permitted = permitted;
    return permitted ? VENDGATE_PERMITTED : VENDGATE_REFUSED;
}

int vg_read_state(const char *reply, size_t length, struct vendgate_state *out) {
    struct vg_json state;
    int result = read_parameter(reply, length, "state", &state, out->detail);
    if (result != 0) return result;
    struct vg_json heard = vg_json_member(state, "last_contact_ms");
    out->last_contact_ms = -1;
    if (!vg_json_line(vg_json_member(state, "imei"), out->imei, sizeof out->imei) ||
        !vg_json_line(vg_json_member(state, "channel"), out->channel, sizeof out->channel) ||
        !read_optional_line(state, "account", out->account, sizeof out->account) ||
        !read_bool(state, "locked", &out->locked) || !read_list(state, "reasons", out->reasons, &out->reason_count) ||
        !read_list(state, "blocked", out->blocked, &out->blocked_count) ||
        !read_count(state, "revision", &out->revision) || !read_count(state, "lease_ms", &out->lease_ms) ||
        !read_bool(state, "connected", &out->connected) ||
        (is_given(heard) && !read_count(state, "last_contact_ms", &out->last_contact_ms)))
        return no_answer(out->detail, "a field of the state is missing or of the wrong type");
    return 0;
}

int vg_read_code_answer(const char *reply, size_t length, struct vendgate_code_answer *out) {
    struct vg_json answer;
    bool accepted = false;
    int result = read_parameters(reply, length, &answer, out->detail);
    if (result != 0) return result;
    if (!read_bool(answer, "accepted", &accepted) || !read_count(answer, "retry_ms", &out->retry_ms) ||
        !vg_json_line(vg_json_member(answer, "message"), out->message, sizeof out->message))
        return no_answer(out->detail, "a field of the answer is missing or of the wrong type");
    if (accepted && out->retry_ms > 0) return no_answer(out->detail, "it accepts the code and refuses the next one");
    out->accepted = accepted;
    return accepted ? 0 : VENDGATE_REFUSED;
}
