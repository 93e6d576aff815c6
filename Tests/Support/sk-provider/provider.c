/* SPDX-License-Identifier: Apache-2.0
 *
 * A FIDO authenticator in software, for tests alone: it protects nothing. The private key lies in
 * the open in the key handle, and so in the key file that ssh-keygen writes; nobody has to touch
 * anything, and any PIN will do. It lets tests make the sk- signatures that officers' tokens make:
 *
 *     ssh-keygen -t ed25519-sk -w ./sk-provider.so -f key -N ''
 *     SSH_SK_PROVIDER=./sk-provider.so ssh-keygen -Y sign -f key -n NAMESPACE FILE
 *
 * CONCLAVE_TEST_SK_FLAGS (a number such as 0x04) replaces the flags of the assertion, which say
 * otherwise that the user was present, and verified where the key demands it.
 * CONCLAVE_TEST_SK_COUNTER replaces the signature counter, which is 1 otherwise. */

#include "sk-api.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

/* What is signed: SHA-256 of the application, flags, counter, SHA-256 of the data. */
enum { SIGNED_SIZE = SHA256_DIGEST_LENGTH + 1 + 4 + SHA256_DIGEST_LENGTH };

uint32_t sk_api_version(void)
{
    return SK_API_VERSION;
}

static unsigned long number_from_environment(const char *name, unsigned long fallback)
{
    const char *text = getenv(name);
    return text != NULL && *text != '\0' ? strtoul(text, NULL, 0) : fallback;
}

/* Options are wishes (device, user), but for those that are marked as required. */
static bool demands_unknown_option(struct sk_option **options)
{
    for (; options != NULL && *options != NULL; options++) {
        if ((*options)->required) return true;
    }
    return false;
}

static void free_enroll_response(struct sk_enroll_response *response)
{
    if (response == NULL) return;
    free(response->public_key);
    free(response->key_handle);
    free(response->signature);
    free(response);
}

static void free_sign_response(struct sk_sign_response *response)
{
    if (response == NULL) return;
    free(response->r);
    free(response->s);
    free(response);
}

static EVP_PKEY *generate(uint32_t algorithm)
{
    switch (algorithm) {
    case SK_ECDSA:
        return EVP_EC_gen("P-256");
    case SK_ED25519:
        return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    default:
        return NULL;
    }
}

/* The public key as OpenSSH expects it: a whole point 04 x y, or the 32 bytes of Ed25519. */
static bool put_public_key(EVP_PKEY *key, uint32_t algorithm, struct sk_enroll_response *response)
{
    if (algorithm == SK_ECDSA) {
        response->public_key_size = EVP_PKEY_get1_encoded_public_key(key, &response->public_key);
        return response->public_key_size != 0;
    }
    size_t size = 0;
    if (EVP_PKEY_get_raw_public_key(key, NULL, &size) != 1) return false;
    response->public_key = malloc(size);
    response->public_key_size = size;
    return response->public_key != NULL
        && EVP_PKEY_get_raw_public_key(key, response->public_key, &size) == 1;
}

/* The handle is the private key itself, in PKCS #8 DER. */
static bool put_key_handle(EVP_PKEY *key, struct sk_enroll_response *response)
{
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
    int size = info != NULL ? i2d_PKCS8_PRIV_KEY_INFO(info, &response->key_handle) : -1;
    PKCS8_PRIV_KEY_INFO_free(info);
    response->key_handle_size = size > 0 ? (size_t)size : 0;
    return size > 0;
}

int sk_enroll(
    uint32_t algorithm, const uint8_t *challenge, size_t challenge_size, const char *application,
    uint8_t flags, const char *pin, struct sk_option **options,
    struct sk_enroll_response **result)
{
    (void)challenge, (void)challenge_size, (void)application;
    if (algorithm != SK_ECDSA && algorithm != SK_ED25519) return SK_UNSUPPORTED;
    if (result == NULL || demands_unknown_option(options)) return SK_GENERAL;
    if ((flags & SK_USER_VERIFICATION) != 0 && pin == NULL) return SK_PIN_REQUIRED;

    EVP_PKEY *key = generate(algorithm);
    struct sk_enroll_response *response = calloc(1, sizeof *response);
    bool made = key != NULL && response != NULL && put_public_key(key, algorithm, response)
        && put_key_handle(key, response);
    EVP_PKEY_free(key);
    /* ssh-sk-helper wants the buffer of an attestation, even of none. */
    if (made) made = (response->signature = calloc(1, 1)) != NULL;
    if (!made) {
        free_enroll_response(response);
        return SK_GENERAL;
    }
    response->flags = flags;
    *result = response;
    return SK_OK;
}

/* A new buffer of the magnitude of `number`. */
static bool put_number(const BIGNUM *number, uint8_t **bytes, size_t *size)
{
    *size = (size_t)BN_num_bytes(number);
    *bytes = malloc(*size + 1);
    return *bytes != NULL && BN_bn2bin(number, *bytes) == (int)*size;
}

static bool split_ecdsa(const uint8_t *der, size_t size, struct sk_sign_response *response)
{
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)size);
    bool split = pair != NULL
        && put_number(ECDSA_SIG_get0_r(pair), &response->r, &response->r_size)
        && put_number(ECDSA_SIG_get0_s(pair), &response->s, &response->s_size);
    ECDSA_SIG_free(pair);
    return split;
}

static bool sign(
    EVP_PKEY *key, uint32_t algorithm, const uint8_t message[SIGNED_SIZE],
    struct sk_sign_response *response)
{
    uint8_t signature[256];
    size_t size = sizeof signature;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const EVP_MD *digest = algorithm == SK_ECDSA ? EVP_sha256() : NULL;
    bool made = context != NULL && EVP_DigestSignInit(context, NULL, digest, NULL, key) == 1
        && EVP_DigestSign(context, signature, &size, message, SIGNED_SIZE) == 1;
    EVP_MD_CTX_free(context);
    if (!made) return false;
    if (algorithm == SK_ECDSA) return split_ecdsa(signature, size, response);
    response->r = malloc(size);
    response->r_size = size;
    if (response->r == NULL) return false;
    memcpy(response->r, signature, size);
    return true;
}

int sk_sign(
    uint32_t algorithm, const uint8_t *data, size_t data_size, const char *application,
    const uint8_t *key_handle, size_t key_handle_size, uint8_t flags, const char *pin,
    struct sk_option **options, struct sk_sign_response **result)
{
    if (algorithm != SK_ECDSA && algorithm != SK_ED25519) return SK_UNSUPPORTED;
    if (result == NULL || demands_unknown_option(options)) return SK_GENERAL;
    if ((flags & SK_USER_VERIFICATION) != 0 && pin == NULL) return SK_PIN_REQUIRED;

    EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &key_handle, (long)key_handle_size);
    struct sk_sign_response *response = calloc(1, sizeof *response);
    bool made = key != NULL && response != NULL
        && EVP_PKEY_is_a(key, algorithm == SK_ECDSA ? "EC" : "ED25519") == 1;
    if (made) {
        unsigned long shown = SK_USER_PRESENCE | (flags & SK_USER_VERIFICATION);
        response->flags = (uint8_t)number_from_environment("CONCLAVE_TEST_SK_FLAGS", shown);
        response->counter = (uint32_t)number_from_environment("CONCLAVE_TEST_SK_COUNTER", 1);

        uint8_t message[SIGNED_SIZE];
        uint8_t *rest = message + SHA256_DIGEST_LENGTH;
        SHA256((const unsigned char *)application, strlen(application), message);
        *rest++ = response->flags;
        for (int shift = 24; shift >= 0; shift -= 8) *rest++ = (uint8_t)(response->counter >> shift);
        SHA256(data, data_size, rest);
        made = sign(key, algorithm, message, response);
    }
    EVP_PKEY_free(key);
    if (!made) {
        free_sign_response(response);
        return SK_GENERAL;
    }
    *result = response;
    return SK_OK;
}

int sk_load_resident_keys(
    const char *pin, struct sk_option **options, struct sk_resident_key ***keys, size_t *count)
{
    /* A key that stays in the token has no file; ours are nothing but files. */
    (void)pin, (void)options, (void)keys, (void)count;
    return SK_UNSUPPORTED;
}
