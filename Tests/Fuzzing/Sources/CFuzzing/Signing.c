// SPDX-License-Identifier: Apache-2.0
#include <openssl/evp.h>
#include <string.h>

#include "CFuzzing.h"

// The key signs what the fuzzer makes up, so that texts get past the check of their signature. Its
// private half is these 32 bytes: it must count for nothing anywhere.
static EVP_PKEY *signing_key(void) {
    static EVP_PKEY *key;
    uint8_t seed[32];
    if (key == NULL) {
        memset(seed, 0x5A, sizeof seed);
        key = EVP_PKEY_new_raw_private_key_ex(NULL, "ED25519", NULL, seed, sizeof seed);
    }
    return key;
}

int fuzzing_public_key(uint8_t *key) {
    size_t length = 32;
    return EVP_PKEY_get_raw_public_key(signing_key(), key, &length) == 1 && length == 32;
}

int fuzzing_sign(const uint8_t *message, size_t length, uint8_t *signature) {
    size_t written = 64;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int done = context != NULL &&
               EVP_DigestSignInit_ex(context, NULL, NULL, NULL, NULL, signing_key(), NULL) == 1 &&
               EVP_DigestSign(context, signature, &written, message, length) == 1 && written == 64;
    EVP_MD_CTX_free(context);
    return done;
}
