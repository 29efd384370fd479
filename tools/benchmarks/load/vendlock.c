// A terminal as the server sees it: one long poll after the other, each naming the revision it has.
#include "herd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t poll_request(struct client *c, int wait_s, char *out) {
    int length = snprintf(out, OUTBOX,
        "GET /v1/devices/%s/channels/%s/lock-state?after=%lld&nonce=n%u-%u HTTP/1.1\r\n"
        "Host: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\nPrefer: wait=%d\r\nAccept: application/jwt\r\n\r\n",
        c->imei, c->channel, (long long)c->revision, c->index, ++c->nonce, options.port, c->session, wait_s);
    if (length >= OUTBOX) fail("a session of %zu characters does not fit", strlen(c->session));
    return (size_t)length;
}

/// The first poll asks for an answer at once, as a terminal does whose lease must not run out: `after=0` when it has none yet,
/// else its own revision with `wait=0`.
static size_t open_poll(struct client *c, char *out) {
    return poll_request(c, c->revision ? 0 : options.wait_s, out);
}

static int64_t lease_revision(const char *jws, size_t length) {
    const char *claims = memchr(jws, '.', length);
    unsigned char json[2048];
    char value[32];
    if (!claims) return 0;
    size_t size = base64url_decode(claims + 1, length - (size_t)(claims + 1 - jws), json, sizeof json - 1);
    json[size] = 0;
    return json_value((char *)json, "rev", value, sizeof value) ? atoll(value) : 0;
}

static size_t receive_lease(struct client *c, char *out) {
    struct answer answer;
    if (!answer_parse(c->inbox, c->have, &answer)) return 0;
    if (answer.status != 200)
        fail("a poll of %s was answered %d: %.*s", c->imei, answer.status, (int)answer.body_length, answer.body);
    c->revision = lease_revision(answer.body, answer.body_length);
    if (!c->revision) fail("no lease in: %.*s", (int)answer.body_length, answer.body);
    inbox_drop(c, answer.length);
    c->state = READY;
    return poll_request(c, options.wait_s, out);
}

const struct protocol vendlock_protocol = {open_poll, receive_lease};
