#include "webhook.h"
#include "common.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static void hex(const unsigned char *bytes, size_t length, char *text) {
    for (size_t i = 0; i < length; i++) sprintf(text + 2 * i, "%02x", bytes[i]);
}

size_t webhook_stop(char *out, int port, const char *secret, const char *number, const char *account) {
    char body[WEBHOOK], signature[2 * EVP_MAX_MD_SIZE + 1], id[64];
    unsigned char random[24], code[EVP_MAX_MD_SIZE];
    // As long as Meta's, and as random: ids are a key of the store.
    if (RAND_bytes(random, sizeof random) != 1) fail("no random bytes");
    hex(random, sizeof random, id);
    int size = snprintf(body, sizeof body,
        "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"100000000000001\",\"changes\":[{\"value\":{"
        "\"messaging_product\":\"whatsapp\",\"metadata\":{\"display_phone_number\":\"27110000000\",\"phone_number_id\":\"200000000000002\"},"
        "\"contacts\":[{\"profile\":{\"name\":\"Bench Vendor\"},\"wa_id\":\"%s\"}],"
        "\"messages\":[{\"from\":\"%s\",\"id\":\"wamid.HBgL%s\",\"timestamp\":\"%lld\",\"text\":{\"body\":\"Stop %s\"},\"type\":\"text\"}]},"
        "\"field\":\"messages\"}]}]}", number, number, id, (long long)time(NULL), account);
    unsigned int length = 0;
    if (!HMAC(EVP_sha256(), secret, (int)strlen(secret), (unsigned char *)body, (size_t)size, code, &length)) fail("no HMAC");
    hex(code, length, signature);
    int whole = snprintf(out, WEBHOOK,
        "POST /hooks/whatsapp HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUser-Agent: facebookexternalua\r\nAccept: */*\r\n"
        "Content-Type: application/json\r\nX-Hub-Signature-256: sha256=%s\r\nContent-Length: %d\r\n\r\n%s", port, signature, size, body);
    if (size >= WEBHOOK || whole >= WEBHOOK) fail("a webhook of %d bytes does not fit", whole);
    return (size_t)whole;
}
