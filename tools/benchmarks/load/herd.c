// herd park|nchan|mqtt|provision: see herd.h and the README beside it.
#include "herd.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct options options = {.count = 10000, .wait_s = 110, .concurrency = 64};

static void read_options(int argc, char **argv) {
    static const struct option known[] = {
        {"port", 1, 0, 'p'}, {"count", 1, 0, 'n'}, {"from", 1, 0, 'f'}, {"wait", 1, 0, 'w'}, {"window", 1, 0, 'W'},
        {"concurrency", 1, 0, 'c'}, {"first", 1, 0, 'F'}, {"list", 1, 0, 'l'}, {"token-file", 1, 0, 't'}, {"out", 1, 0, 'o'}, {0}};
    int option;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (option) {
        case 'p': options.port = atoi(optarg); break;
        case 'n': options.count = atoi(optarg); break;
        case 'f': options.from = atoi(optarg); break;
        case 'w': options.wait_s = atoi(optarg); break;
        case 'W': options.window = atoi(optarg); break;
        case 'c': options.concurrency = atoi(optarg); break;
        case 'F': options.first = atoi(optarg); break;
        case 'l': options.list = optarg; break;
        case 't': options.token_file = optarg; break;
        case 'o': options.out = optarg; break;
        default: exit(2);
        }
    }
}

/// Fills `count` clients from the lines that begin at `from` of a file of `imei channel session …`.
static void read_list(struct client *clients) {
    if (!options.list) fail("park needs --list FILE, which provision writes");
    FILE *file = fopen(options.list, "r");
    if (!file) fail("%s: %s", options.list, strerror(errno));
    char line[2048], imei[32], channel[64], session[1024];
    for (int number = 0, i = 0; i < options.count; number++) {
        if (!fgets(line, sizeof line, file)) fail("%s has fewer than %d lines", options.list, options.from + options.count);
        if (number < options.from) continue;
        if (sscanf(line, "%31s %63s %1023s", imei, channel, session) != 3) fail("%s:%d: not a terminal", options.list, number + 1);
        clients[i].imei = strdup(imei);
        clients[i].channel = strdup(channel);
        clients[i++].session = strdup(session);
    }
    fclose(file);
}

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_IGN);
    read_options(argc, argv);
    const char *mode = optind < argc ? argv[optind] : "";
    if (!options.port) fail("herd park|nchan|mqtt|provision --port N [options]");
    if (strcmp(mode, "provision") == 0) {
        provision();
        return 0;
    }
    struct client *clients = calloc((size_t)options.count, sizeof *clients);
    for (int i = 0; i < options.count; i++) clients[i].index = (uint32_t)(options.from + i);
    if (strcmp(mode, "park") == 0) {
        read_list(clients);
        herd_run(clients, &vendlock_protocol);
    } else if (strcmp(mode, "nchan") == 0) {
        herd_run(clients, &nchan_protocol);
    } else if (strcmp(mode, "mqtt") == 0) {
        herd_run(clients, &mqtt_protocol);
    }
    fail("unknown mode '%s': park, nchan, mqtt or provision", mode);
}
