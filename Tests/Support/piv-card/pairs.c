/* SPDX-License-Identifier: Apache-2.0
 *
 * Key pairs as libcrypto has them: made, shown, and signed with. */

#include "application.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>

enum { TAG_MODULUS = 0x81, TAG_EXPONENT = 0x82, TAG_POINT = 0x86, DER_SEQUENCE = 0x30 };

unsigned rsa_bits(uint8_t algorithm)
{
    switch (algorithm) {
    case ALGORITHM_RSA2048: return 2048;
    case ALGORITHM_RSA3072: return 3072;
    case ALGORITHM_RSA4096: return 4096;
    default: return 0;
    }
}

size_t curve_size(uint8_t algorithm)
{
    switch (algorithm) {
    case ALGORITHM_P256: return 32;
    case ALGORITHM_P384: return 48;
    default: return 0;
    }
}

const char *curve_name(uint8_t algorithm)
{
    return algorithm == ALGORITHM_P256 ? "P-256" : "P-384";
}

bool algorithm_known(const struct card *card, uint8_t algorithm)
{
    switch (algorithm) {
    case ALGORITHM_RSA2048:
    case ALGORITHM_P256:
    case ALGORITHM_P384:
        return true;
    case ALGORITHM_RSA3072:
    case ALGORITHM_RSA4096:
    case ALGORITHM_ED25519:
        return version_at_least(card->firmware, 5, 7, 0);
    default:
        return false;
    }
}

EVP_PKEY *pair_generate(uint8_t algorithm)
{
    if (rsa_bits(algorithm) > 0) return EVP_RSA_gen(rsa_bits(algorithm));
    if (curve_size(algorithm) > 0) return EVP_EC_gen(curve_name(algorithm));
    return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
}

static void append_number(const EVP_PKEY *pair, const char *name, uint32_t tag,
                          struct bytes *bytes)
{
    BIGNUM *number = NULL;
    uint8_t digits[512];
    if (EVP_PKEY_get_bn_param(pair, name, &number) == 1 &&
        (size_t)BN_num_bytes(number) <= sizeof digits) {
        bytes_append_tlv(bytes, tag, digits, (size_t)BN_bn2bin(number, digits));
    }
    BN_free(number);
}

void pair_append_public(const struct key *key, struct bytes *bytes)
{
    if (rsa_bits(key->algorithm) > 0) {
        append_number(key->pair, OSSL_PKEY_PARAM_RSA_N, TAG_MODULUS, bytes);
        append_number(key->pair, OSSL_PKEY_PARAM_RSA_E, TAG_EXPONENT, bytes);
        return;
    }
    if (key->algorithm == ALGORITHM_ED25519) {
        uint8_t raw[32];
        size_t size = sizeof raw;
        if (EVP_PKEY_get_raw_public_key(key->pair, raw, &size) != 1) size = 0;
        bytes_append_tlv(bytes, TAG_POINT, raw, size);
        return;
    }
    uint8_t *point = NULL;
    size_t count = EVP_PKEY_get1_encoded_public_key(key->pair, &point);
    bytes_append_tlv(bytes, TAG_POINT, point, count);
    OPENSSL_free(point);
}

/* The private operation on a block as long as the modulus, padding and all. */
static bool sign_rsa(EVP_PKEY *pair, struct slice message, struct bytes *signature)
{
    uint8_t block[512];
    size_t count = sizeof block;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(pair, NULL);
    bool done = context != NULL && EVP_PKEY_sign_init(context) == 1 &&
                EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1 &&
                EVP_PKEY_sign(context, block, &count, message.data, message.count) == 1;
    EVP_PKEY_CTX_free(context);
    if (done) bytes_append(signature, block, count);
    return done;
}

static bool sign_digest(EVP_PKEY *pair, struct slice digest, struct bytes *signature)
{
    uint8_t der[128];
    size_t count = sizeof der;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(pair, NULL);
    bool done = context != NULL && EVP_PKEY_sign_init(context) == 1 &&
                EVP_PKEY_sign(context, der, &count, digest.data, digest.count) == 1;
    EVP_PKEY_CTX_free(context);
    if (done) bytes_append(signature, der, count);
    return done;
}

static bool sign_message(EVP_PKEY *pair, struct slice message, struct bytes *signature)
{
    uint8_t raw[64];
    size_t count = sizeof raw;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool done = context != NULL && EVP_DigestSignInit(context, NULL, NULL, NULL, pair) == 1 &&
                EVP_DigestSign(context, raw, &count, message.data, message.count) == 1;
    EVP_MD_CTX_free(context);
    if (done) bytes_append(signature, raw, count);
    return done;
}

static void append_integer(const BIGNUM *number, bool padded, struct bytes *bytes)
{
    uint8_t digits[64] = {0};
    size_t count = (size_t)BN_bn2bin(number, digits + 2);
    size_t zeros = (digits[2] & 0x80 ? 1 : 0) + (padded ? 1 : 0);
    bytes_append_tlv(bytes, 0x02, digits + 2 - zeros, count + zeros);
}

/* Writes an ECDSA signature in one of the forms that a card shouldn't use. */
static void deform(enum ecdsa_form form, size_t size, struct bytes *signature)
{
    const uint8_t *data = signature->data;
    ECDSA_SIG *numbers = d2i_ECDSA_SIG(NULL, &data, (long)signature->count);
    if (numbers == NULL) return;
    const BIGNUM *r, *s;
    ECDSA_SIG_get0(numbers, &r, &s);
    struct bytes body = {0};
    append_integer(r, form == ECDSA_PADDED, &body);
    append_integer(s, form == ECDSA_PADDED, &body);
    bytes_clear(signature);
    if (form == ECDSA_RAW) {
        uint8_t raw[96];
        BN_bn2binpad(r, raw, (int)size);
        BN_bn2binpad(s, raw + size, (int)size);
        bytes_append(signature, raw, 2 * size);
    } else if (form == ECDSA_LONG_LENGTH) {
        uint8_t header[] = {DER_SEQUENCE, 0x82, 0x00, (uint8_t)body.count};
        bytes_append(signature, header, sizeof header);
        bytes_append(signature, body.data, body.count);
    } else {
        bytes_append_tlv(signature, DER_SEQUENCE, body.data, body.count);
        if (form == ECDSA_TRAILING) bytes_append_byte(signature, 0x00);
    }
    bytes_free(&body);
    ECDSA_SIG_free(numbers);
}

/* Signs something else than was asked for, where the card is told to. */
static struct slice twisted(struct slice message, const struct quirks *quirks,
                            struct bytes *scratch)
{
    enum { PREFIX = 32 };
    if (quirks->signature == SIGNATURE_WRONG && message.count > 0) {
        bytes_append(scratch, message.data, message.count);
        scratch->data[message.count - 1] ^= 0x01;
        return slice_of(scratch);
    }
    if (quirks->signature == SIGNATURE_PREFIX && message.count > PREFIX) message.count = PREFIX;
    return message;
}

bool pair_sign(const struct key *key, struct slice message, const struct quirks *quirks,
               struct bytes *signature)
{
    if (quirks->signature == SIGNATURE_EMPTY) return true;
    struct bytes scratch = {0};
    bool done = false;
    if (rsa_bits(key->algorithm) > 0) {
        if (message.count == rsa_bits(key->algorithm) / 8) {
            done = sign_rsa(key->pair, twisted(message, quirks, &scratch), signature);
        }
    } else if (curve_size(key->algorithm) > 0) {
        if (message.count > 0 && message.count <= curve_size(key->algorithm)) {
            done = sign_digest(key->pair, twisted(message, quirks, &scratch), signature);
        }
        if (done && quirks->ecdsa != ECDSA_MINIMAL) {
            deform(quirks->ecdsa, curve_size(key->algorithm), signature);
        }
    } else {
        done = sign_message(key->pair, twisted(message, quirks, &scratch), signature);
    }
    bytes_free(&scratch);
    return done;
}
