#pragma once
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

/// EVP_MAC_init takes its parameters as an array of structs with a non-const string inside, which Swift cannot write without a copy.
static inline int vendlock_hmac_init(EVP_MAC_CTX *context, const char *digest, const unsigned char *key, size_t length) {
    OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)digest, 0), OSSL_PARAM_construct_end()};
    return EVP_MAC_init(context, key, length, parameters);
}

/// What libcrypto frees is wiped: in 3.0 it does not wipe what a key was read from.
static inline void vendlock_wiping_free(void *memory, const char *file, int line) {
    (void)file, (void)line;
    if (memory) explicit_bzero(memory, malloc_usable_size(memory));
    free(memory);
}

static inline void *vendlock_plain_malloc(size_t size, const char *file, int line) {
    (void)file, (void)line;
    return malloc(size);
}

static inline void *vendlock_wiping_realloc(void *memory, size_t size, const char *file, int line) {
    size_t had = memory ? malloc_usable_size(memory) : 0;
    if (memory && size <= had) return memory;
    void *more = malloc(size);
    if (more && memory) memcpy(more, memory, had);
    if (more) vendlock_wiping_free(memory, file, line);
    return more;
}

/// Functions as parameters, which Swift cannot name as libcrypto wants them. 0 when libcrypto has allocated already.
static inline int vendlock_wipe_what_is_freed(void) {
    return CRYPTO_set_mem_functions(vendlock_plain_malloc, vendlock_wiping_realloc, vendlock_wiping_free);
}
