#pragma once
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

/// EVP_sha256() is marked as returning a pointer to a forward-declared struct; the wrapper gives Swift one stable name for it.
static inline const EVP_MD *vendlock_sha256(void) { return EVP_sha256(); }
