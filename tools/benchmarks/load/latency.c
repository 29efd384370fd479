// How long a change takes to arrive. Each mode prints one JSON object of microseconds.
//
//   latency lock --port N --token-file F --account REF --gate SOCKET --count N
//       from before the hold's POST is written until the gate of a terminal first answers "refused"
//   latency webhook --port N --token-file F --account REF --number DIGITS --secret TEXT --gate SOCKET --count N
//       the same with a signed WhatsApp webhook in the place of the POST
//   latency nchan --port N --count N
//       from before a publish is written until a long-poll subscriber has the bytes
//   latency fdatasync --dir DIR --count N
//       one fdatasync of 4 KiB, written in place as SQLite does to a log that has reached its size
#include "common.h"
#include "webhook.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/// Between two turns, the same in every mode. A terminal follows ten changes a second at once, and a turn is two.
enum { PAUSE_MS = 220 };
enum { REQUEST = 4096 };

static const char *token_file, *account, *gate_path, *directory, *number, *secret;
static int port, count = 200;

static void print_figures(const char *name, double *microseconds, bool last) {
    double p99 = percentile(microseconds, (size_t)count, 99);
    printf("\"%s_median_us\": %.1f, \"%s_p99_us\": %.1f, \"%s_max_us\": %.1f%s", name,
           percentile(microseconds, (size_t)count, 50), name, p99, name, microseconds[count - 1], last ? "}\n" : ", ");
}

/// Asks the gate once.
static bool permitted(int gate) {
    static const char check[] =
        "{\"method\":\"io.vendlock.Gate.Check\",\"parameters\":{\"operation\":\"airtime_vend\",\"amount_cents\":1000}}";
    char reply[4096], value[16];
    size_t have = 0;
    send_all(gate, check, sizeof check); // with its NUL
    do {
        ssize_t got = recv(gate, reply + have, sizeof reply - have, 0);
        if (got <= 0) fail("the gate closed its socket");
        have += (size_t)got;
    } while (reply[have - 1] != 0);
    if (!json_value(reply, "permitted", value, sizeof value)) fail("not a decision: %s", reply);
    return strcmp(value, "true") == 0;
}

static void wait_until_permitted(int gate) {
    int64_t give_up = now_ns() + 10 * 1000000000LL;
    while (!permitted(gate)) {
        if (now_ns() > give_up) fail("the gate did not permit within 10 s");
        sleep_ms(2);
    }
}

/// What locks: staff's POST, or the vendor's message.
static size_t lock_request(char *request, const char *token, int turn) {
    char body[256];
    if (secret) return webhook_stop(request, port, secret, number, account);
    snprintf(body, sizeof body, "{\"kind\":\"staff\",\"reason\":\"measured %d\"}", turn);
    return (size_t)snprintf(request, REQUEST,
        "POST /v1/accounts/%s/holds HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n"
        "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", account, port, token, strlen(body), body);
}

/// Releases the hold that stands, which must be the only one.
static void release(int office, const char *token) {
    char request[REQUEST], answer_text[16384], hold[128];
    int length = snprintf(request, sizeof request,
        "GET /v1/accounts/%s/locks?limit=1 HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n\r\n", account, port, token);
    struct answer answer = http_exchange(office, request, (size_t)length, answer_text, sizeof answer_text);
    if (answer.status != 200) fail("the list of locks was answered %d: %s", answer.status, answer.body);
    if (!json_value(answer.body, "id", hold, sizeof hold)) fail("no id in: %s", answer.body);
    length = snprintf(request, sizeof request,
        "DELETE /v1/accounts/%s/holds/%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n"
        "Content-Type: application/json\r\nContent-Length: 19\r\n\r\n{\"note\":\"measured\"}", account, hold, port, token);
    answer = http_exchange(office, request, (size_t)length, answer_text, sizeof answer_text);
    if (answer.status / 100 != 2) fail("a release was answered %d: %s", answer.status, answer.body);
}

static void measure_lock(void) {
    prctl(PR_SET_TIMERSLACK, 1); // or the kernel makes 100 µs of 50
    char *token = read_file(token_file), request[REQUEST], answer_text[16384];
    double *refused = calloc((size_t)count, sizeof *refused), *answered = calloc((size_t)count, sizeof *answered);
    int office = tcp_connect(port, 0), gate = unix_connect(gate_path);
    for (int i = 0; i < count; i++) {
        wait_until_permitted(gate);
        // The terminal's next poll is parked, its pace (ten changes a second) is kept, timers are out of step.
        sleep_ms(PAUSE_MS + i % 7);
        size_t length = lock_request(request, token, i);
        int64_t start = now_ns();
        send_all(office, request, length);
        int64_t seen = 0, give_up = start + 10 * 1000000000LL;
        char byte;
        while (permitted(gate)) {
            // The answer's first byte is only looked at: it is an extra figure, and must not delay the next question.
            if (!seen && recv(office, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1) seen = now_ns();
            if (now_ns() > give_up) fail("the gate did not refuse within 10 s");
            // A breath: asked without pause, the gate and this program would take a core from the server that is measured.
            nanosleep(&(struct timespec){.tv_nsec = 50000}, NULL);
        }
        refused[i] = (double)(now_ns() - start) / 1000;
        struct answer answer = http_exchange(office, "", 0, answer_text, sizeof answer_text);
        answered[i] = (double)((seen ? seen : now_ns()) - start) / 1000;
        if (answer.status / 100 != 2) fail("a lock was answered %d: %s", answer.status, answer.body);
        release(office, token);
    }
    printf("{");
    print_figures("refused", refused, false);
    print_figures("answered", answered, true);
}

static void measure_nchan(void) {
    static const char subscribe[] = "GET /sub/latency HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n";
    char message[700], request[1024], answer[8192];
    memset(message, 'x', sizeof message); // about a lease's length
    int length = snprintf(request, sizeof request,
        "POST /pub/latency HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n\r\n%.*s",
        sizeof message, (int)sizeof message, message);
    double *arrived = calloc((size_t)count, sizeof *arrived);
    int publisher = tcp_connect(port, 0), subscriber = tcp_connect(port, 0);
    for (int i = 0; i < count; i++) {
        send_all(subscriber, subscribe, sizeof subscribe - 1);
        sleep_ms(PAUSE_MS + i % 7);
        int64_t start = now_ns();
        send_all(publisher, request, (size_t)length);
        struct answer message_answer = http_exchange(subscriber, "", 0, answer, sizeof answer);
        arrived[i] = (double)(now_ns() - start) / 1000;
        if (message_answer.status != 200) fail("the subscriber was answered %d", message_answer.status);
        http_exchange(publisher, "", 0, answer, sizeof answer);
    }
    printf("{");
    print_figures("received", arrived, true);
}

static void measure_fdatasync(void) {
    static char page[4096];
    enum { PAGES = 1024 };
    char path[1024];
    snprintf(path, sizeof path, "%s/fdatasync.%d", directory, getpid());
    int fd = open(path, O_CREAT | O_RDWR | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) fail("%s: %s", path, strerror(errno));
    for (int i = 0; i < PAGES; i++)
        if (write(fd, page, sizeof page) != sizeof page) fail("%s: %s", path, strerror(errno));
    fsync(fd);
    double *synced = calloc((size_t)count, sizeof *synced);
    for (int i = 0; i < count; i++) {
        sleep_ms(PAUSE_MS + i % 7);
        memset(page, i, sizeof page);
        int64_t start = now_ns();
        if (pwrite(fd, page, sizeof page, (off_t)(i % PAGES) * 4096) != sizeof page || fdatasync(fd))
            fail("%s: %s", path, strerror(errno));
        synced[i] = (double)(now_ns() - start) / 1000;
    }
    close(fd);
    unlink(path);
    printf("{");
    print_figures("fdatasync", synced, true);
}

int main(int argc, char **argv) {
    static const struct option known[] = {
        {"port", 1, 0, 'p'}, {"count", 1, 0, 'n'}, {"token-file", 1, 0, 't'}, {"account", 1, 0, 'a'},
        {"gate", 1, 0, 'g'}, {"dir", 1, 0, 'd'}, {"number", 1, 0, 'N'}, {"secret", 1, 0, 's'}, {0}};
    int option;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (option) {
        case 'p': port = atoi(optarg); break;
        case 'n': count = atoi(optarg); break;
        case 't': token_file = optarg; break;
        case 'a': account = optarg; break;
        case 'g': gate_path = optarg; break;
        case 'd': directory = optarg; break;
        case 'N': number = optarg; break;
        case 's': secret = optarg; break;
        default: return 2;
        }
    }
    const char *mode = optind < argc ? argv[optind] : "";
    if (strcmp(mode, "lock") == 0 && token_file && account && gate_path && !secret) measure_lock();
    else if (strcmp(mode, "webhook") == 0 && token_file && account && gate_path && secret && number) measure_lock();
    else if (strcmp(mode, "nchan") == 0) measure_nchan();
    else if (strcmp(mode, "fdatasync") == 0 && directory) measure_fdatasync();
    else fail("latency lock|webhook|nchan|fdatasync with its options: see the head of latency.c");
    return 0;
}
