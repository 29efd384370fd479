// A minimal MQTT 3.1.1 client: CONNECT, then SUBSCRIBE to one topic; settled at the SUBACK.
#include "herd.h"

#include <stdio.h>
#include <string.h>

static size_t put_text(char *out, const char *text) {
    size_t length = strlen(text);
    out[0] = (char)(length >> 8);
    out[1] = (char)length;
    memcpy(out + 2, text, length);
    return length + 2;
}

static size_t connect_packet(struct client *c, char *out) {
    static const char head[] = {0, 4, 'M', 'Q', 'T', 'T', 4, 2 /* clean session */, 0x0E, 0x10 /* keep-alive 3600 s */};
    char name[32];
    snprintf(name, sizeof name, "herd-%u", c->index);
    size_t rest = sizeof head + 2 + strlen(name);
    out[0] = 0x10;
    out[1] = (char)rest;
    memcpy(out + 2, head, sizeof head);
    put_text(out + 2 + sizeof head, name);
    return rest + 2;
}

static size_t subscribe_packet(struct client *c, char *out) {
    char topic[32];
    snprintf(topic, sizeof topic, "lock/%u", c->index);
    size_t text = put_text(out + 4, topic);
    out[0] = (char)0x82;
    out[1] = (char)(2 + text + 1);
    out[2] = 0;
    out[3] = 1; // packet identifier
    out[4 + text] = 1; // at least once
    return 4 + text + 1;
}

static size_t receive_packet(struct client *c, char *out) {
    size_t sent = 0;
    while (c->have >= 2 && c->have >= 2 + (size_t)c->inbox[1]) {
        int kind = (c->inbox[0] >> 4) & 15;
        if (kind == 2) {
            if (c->inbox[3]) fail("the broker refused a client with code %d", c->inbox[3]);
            sent += subscribe_packet(c, out + sent);
        } else if (kind == 9) {
            c->state = READY;
        }
        inbox_drop(c, 2 + (size_t)c->inbox[1]);
    }
    return sent;
}

const struct protocol mqtt_protocol = {connect_packet, receive_packet};
