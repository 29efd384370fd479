// Enrols terminals through the public API, several at a time: account, device, code, enrolment, connection.
#include "herd.h"

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char channel[] = "KazTimpaPro";

static atomic_int next_terminal;
static char **lines;
static char *token;
static char session_life[16];

/// Eight digits of type allocation, six of serial, and the Luhn check digit.
static void imei_of(int index, char imei[16]) {
    snprintf(imei, 16, "35693803%06d", index % 1000000);
    int sum = 0;
    for (int i = 0; i < 14; i++) {
        int digit = imei[i] - '0';
        if (i % 2) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    imei[14] = (char)('0' + (10 - sum % 10) % 10);
    imei[15] = 0;
}

/// One POST that must be answered with `expected`; the body is left, terminated, at `answer->body`.
static struct answer post(int fd, const char *path, const char *bearer, const char *body, int expected, char *buffer, size_t capacity) {
    char request[4096], authorization[2048] = "";
    if (bearer) snprintf(authorization, sizeof authorization, "Authorization: Bearer %s\r\n", bearer);
    int length = snprintf(request, sizeof request,
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%sContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
        path, options.port, authorization, strlen(body), body);
    struct answer answer = http_exchange(fd, request, (size_t)length, buffer, capacity);
    if (answer.status != expected)
        fail("POST %s was answered %d, not %d: %.*s", path, answer.status, expected, (int)answer.body_length, answer.body);
    return answer;
}

/// A connection's proof: a JWT signed by the terminal's key.
static void connection_jwt(EVP_PKEY *key, const char *imei, char *jwt) {
    char claims[256];
    unsigned char random[12], signature[64];
    char jti[24];
    RAND_bytes(random, sizeof random);
    base64url_encode(random, sizeof random, jti);
    long long now = time(NULL);
    static const char head[] = "{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}";
    snprintf(claims, sizeof claims, "{\"sub\":\"%s\",\"aud\":\"vendlock\",\"iat\":%lld,\"exp\":%lld,\"jti\":\"%s\"}",
             imei, now, now + 120, jti);
    size_t length = base64url_encode(head, sizeof head - 1, jwt);
    jwt[length++] = '.';
    length += base64url_encode(claims, strlen(claims), jwt + length);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t size = sizeof signature;
    if (EVP_DigestSignInit(context, NULL, NULL, NULL, key) != 1
        || EVP_DigestSign(context, signature, &size, (unsigned char *)jwt, length) != 1)
        fail("signing failed");
    EVP_MD_CTX_free(context);
    jwt[length++] = '.';
    base64url_encode(signature, size, jwt + length);
}

static void provision_one(int index, int office) {
    char imei[16], path[256], body[1024], buffer[16384], code[128], session[1024], jwt[1024], x[64], account[16], number[16];
    imei_of(index, imei);
    // A wallet reference as vendors have them, and a South African mobile number.
    snprintf(account, sizeof account, "10%06d", index % 1000000);
    snprintf(number, sizeof number, "27711%06d", index % 1000000);

    snprintf(body, sizeof body,
        "{\"reference\":\"%s\",\"owner\":{\"name\":\"Bench\"},\"linked_number\":\"+%s\",\"locked_channels\":[\"%s\"]}", account, number, channel);
    post(office, "/v1/accounts", token, body, 201, buffer, sizeof buffer);
    snprintf(body, sizeof body, "{\"imei\":\"%s\",\"account\":\"%s\"}", imei, account);
    post(office, "/v1/devices", token, body, 201, buffer, sizeof buffer);
    snprintf(path, sizeof path, "/v1/devices/%s/enrolment-codes", imei);
    struct answer answer = post(office, path, token, "{}", 201, buffer, sizeof buffer);
    if (!json_value(answer.body, "code", code, sizeof code)) fail("no code in: %s", answer.body);

    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    unsigned char public[32];
    size_t size = sizeof public;
    EVP_PKEY_get_raw_public_key(key, public, &size);
    base64url_encode(public, size, x);
    int terminal = tcp_connect(options.port, source_address((uint32_t)index));
    snprintf(body, sizeof body,
        "{\"code\":\"%s\",\"imei\":\"%s\",\"channel\":\"%s\",\"public_key\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\"}}",
        code, imei, channel, x);
    post(terminal, "/v1/enrolments", NULL, body, 201, buffer, sizeof buffer);

    connection_jwt(key, imei, jwt);
    EVP_PKEY_free(key);
    snprintf(path, sizeof path, "/v1/devices/%s/channels/%s/connections", imei, channel);
    snprintf(body, sizeof body,
        "{\"nonce\":\"first-%d\",\"boot_id\":\"00000000-0000-4000-8000-%012d\",\"agent_version\":\"bench\"}", index, index);
    answer = post(terminal, path, jwt, body, 200, buffer, sizeof buffer);
    if (!json_value(answer.body, "session", session, sizeof session)) fail("no session in: %s", answer.body);
    if (index == options.first) json_value(answer.body, "expires_in_s", session_life, sizeof session_life);
    close(terminal);

    char line[1300];
    snprintf(line, sizeof line, "%s %s %s %s %s\n", imei, channel, session, account, number);
    lines[index - options.first] = strdup(line);
}

static void *work(void *unused) {
    int office = tcp_connect(options.port, 0);
    int index;
    while ((index = atomic_fetch_add(&next_terminal, 1)) < options.first + options.count) provision_one(index, office);
    close(office);
    return unused;
}

void provision(void) {
    if (!options.token_file || !options.out) fail("provision needs --token-file and --out");
    token = read_file(options.token_file);
    lines = calloc((size_t)options.count, sizeof *lines);
    atomic_store(&next_terminal, options.first);
    int64_t start = now_ns();
    pthread_t threads[256];
    int width = options.concurrency > 256 ? 256 : options.concurrency;
    for (int i = 0; i < width; i++) pthread_create(&threads[i], NULL, work, NULL);
    for (int i = 0; i < width; i++) pthread_join(threads[i], NULL);
    FILE *file = fopen(options.out, "w");
    if (!file) fail("%s: %s", options.out, strerror(errno));
    for (int i = 0; i < options.count; i++) fputs(lines[i], file);
    if (fclose(file)) fail("%s: %s", options.out, strerror(errno));
    printf("provisioned %d %.3f %s\n", options.count, (double)(now_ns() - start) / 1e6, *session_life ? session_life : "0");
}
