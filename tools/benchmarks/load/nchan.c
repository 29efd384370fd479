// An nchan long-poll subscriber, each on a channel of its own. It settles as soon as it has asked: nchan answers only with a message.
#include "herd.h"

#include <stdio.h>

static size_t subscribe(struct client *c, char *out) {
    c->state = READY;
    return (size_t)snprintf(out, OUTBOX, "GET /sub/herd-%u HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: */*\r\n\r\n",
                            c->index, options.port);
}

static size_t receive_message(struct client *c, char *out) {
    struct answer answer;
    if (!answer_parse(c->inbox, c->have, &answer)) return 0;
    if (answer.status != 200) fail("a subscriber was answered %d", answer.status);
    inbox_drop(c, answer.length);
    return subscribe(c, out);
}

const struct protocol nchan_protocol = {subscribe, receive_message};
