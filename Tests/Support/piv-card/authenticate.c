/* SPDX-License-Identifier: Apache-2.0
 *
 * GENERAL AUTHENTICATE: SP 800-73-4 part 2 section 3.2.4, appendix A. Private keys on one side, the
 * management key on the other. */

#include "application.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

enum {
    TAG_DYNAMIC = 0x7C,
    TAG_WITNESS = 0x80,
    TAG_CHALLENGE = 0x81,
    TAG_RESPONSE = 0x82,
    TAG_EXPONENTIATION = 0x85,
};

size_t management_key_size(uint8_t algorithm)
{
    switch (algorithm) {
    case ALGORITHM_3DES:
    case ALGORITHM_AES192: return 24;
    case ALGORITHM_AES128: return 16;
    case ALGORITHM_AES256: return 32;
    default: return 0;
    }
}

static size_t block_size(uint8_t algorithm)
{
    return algorithm == ALGORITHM_3DES ? 8 : 16;
}

/* One block under the management key. */
static bool encipher(const struct card *card, const uint8_t *block, uint8_t *into)
{
    const EVP_CIPHER *cipher = NULL;
    int size = (int)block_size(card->management_algorithm), count = 0;
    switch (card->management_algorithm) {
    case ALGORITHM_3DES: cipher = EVP_des_ede3_ecb(); break;
    case ALGORITHM_AES128: cipher = EVP_aes_128_ecb(); break;
    case ALGORITHM_AES192: cipher = EVP_aes_192_ecb(); break;
    case ALGORITHM_AES256: cipher = EVP_aes_256_ecb(); break;
    default: return false;
    }
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    bool done = context != NULL &&
                EVP_EncryptInit_ex(context, cipher, NULL, card->management, NULL) == 1 &&
                EVP_CIPHER_CTX_set_padding(context, 0) == 1 &&
                EVP_EncryptUpdate(context, into, &count, block, size) == 1 && count == size;
    EVP_CIPHER_CTX_free(context);
    return done;
}

static void append_dynamic(uint32_t tag, const uint8_t *value, size_t count,
                           struct bytes *answer)
{
    struct bytes body = {0};
    bytes_append_tlv(&body, tag, value, count);
    bytes_append_tlv(answer, TAG_DYNAMIC, body.data, body.count);
    bytes_free(&body);
}

/* First half: hands out something random, plain as a challenge or enciphered as a witness. */
static uint16_t begin_handshake(struct context *context, enum handshake kind,
                                struct bytes *answer)
{
    struct session *session = context->session;
    size_t size = block_size(context->card->management_algorithm);
    uint8_t enciphered[16];
    if (RAND_bytes(session->challenge, sizeof session->challenge) != 1) return STATUS_BROKEN;
    session->handshake = kind;
    if (kind == HANDSHAKE_CHALLENGE) {
        append_dynamic(TAG_CHALLENGE, session->challenge, size, answer);
        return STATUS_OK;
    }
    if (!encipher(context->card, session->challenge, enciphered)) return STATUS_BROKEN;
    append_dynamic(TAG_WITNESS, enciphered, size, answer);
    return STATUS_OK;
}

/* Second half of single authentication: the challenge, enciphered. */
static uint16_t finish_single(struct context *context, struct slice response)
{
    uint8_t right[16];
    size_t size = block_size(context->card->management_algorithm);
    if (!encipher(context->card, context->session->challenge, right)) return STATUS_BROKEN;
    if (response.count != size || CRYPTO_memcmp(response.data, right, size) != 0) {
        return STATUS_SECURITY;
    }
    if (!touch_given(context, context->card->management_touch)) return STATUS_SECURITY;
    context->session->managed = true;
    return STATUS_OK;
}

/* Second half of mutual authentication: the witness in plain, and a challenge to the card. */
static uint16_t finish_mutual(struct context *context, struct slice witness,
                              struct slice challenge, struct bytes *answer)
{
    uint8_t enciphered[16];
    size_t size = block_size(context->card->management_algorithm);
    if (challenge.count != size) return STATUS_WRONG_DATA;
    if (witness.count != size ||
        CRYPTO_memcmp(witness.data, context->session->challenge, size) != 0) {
        return STATUS_SECURITY;
    }
    if (!encipher(context->card, challenge.data, enciphered)) return STATUS_BROKEN;
    if (!touch_given(context, context->card->management_touch)) return STATUS_SECURITY;
    append_dynamic(TAG_RESPONSE, enciphered, size, answer);
    context->session->managed = true;
    return STATUS_OK;
}

uint16_t authenticate_management(struct context *context, uint8_t algorithm,
                                 struct slice template, struct bytes *answer)
{
    struct session *session = context->session;
    struct slice witness, challenge, response;
    bool has_witness = tlv_find(template, TAG_WITNESS, &witness);
    bool has_challenge = tlv_find(template, TAG_CHALLENGE, &challenge);
    bool has_response = tlv_find(template, TAG_RESPONSE, &response);
    enum handshake begun = session->handshake;
    session->handshake = HANDSHAKE_NONE;
    /* 00 is another name of 3DES: SP 800-78-4 table 6-2. */
    if (algorithm == 0x00) algorithm = ALGORITHM_3DES;
    if (algorithm != context->card->management_algorithm) return STATUS_WRONG_PARAMETERS;
    if (has_witness && witness.count == 0) {
        return begin_handshake(context, HANDSHAKE_WITNESS, answer);
    }
    if (has_witness && has_challenge && begun == HANDSHAKE_WITNESS) {
        return finish_mutual(context, witness, challenge, answer);
    }
    if (has_challenge && challenge.count == 0) {
        return begin_handshake(context, HANDSHAKE_CHALLENGE, answer);
    }
    if (has_response && begun == HANDSHAKE_CHALLENGE) return finish_single(context, response);
    return begun == HANDSHAKE_NONE ? STATUS_CONDITIONS : STATUS_WRONG_DATA;
}

/* The secret that two keys on one curve share: no signature, but middleware may ask for it. */
static bool derive(const struct key *key, struct slice point, struct bytes *secret)
{
    uint8_t shared[48];
    size_t count = sizeof shared;
    EVP_PKEY *peer = EVP_PKEY_new();
    bool done = false;
    if (peer != NULL && EVP_PKEY_copy_parameters(peer, key->pair) == 1 &&
        EVP_PKEY_set1_encoded_public_key(peer, point.data, point.count) == 1) {
        EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key->pair, NULL);
        done = context != NULL && EVP_PKEY_derive_init(context) == 1 &&
               EVP_PKEY_derive_set_peer(context, peer) == 1 &&
               EVP_PKEY_derive(context, shared, &count) == 1;
        EVP_PKEY_CTX_free(context);
    }
    EVP_PKEY_free(peer);
    if (done) bytes_append(secret, shared, count);
    return done;
}

static bool pin_allows(struct session *session, uint8_t policy)
{
    switch (policy) {
    case PIN_NEVER: return true;
    case PIN_ONCE: return session->pin_verified;
    default: return session->pin_verified && session->pin_fresh;
    }
}

uint16_t general_authenticate(struct context *context, const struct command *command,
                              struct bytes *answer)
{
    struct slice template, message, point;
    if (!tlv_find(command->data, TAG_DYNAMIC, &template)) return STATUS_WRONG_DATA;
    if (command->p2 == SLOT_MANAGEMENT) {
        return authenticate_management(context, command->p1, template, answer);
    }
    if (!is_key_slot(command->p2)) return STATUS_WRONG_PARAMETERS;
    struct key *key = &context->card->keys[command->p2];
    if (key->algorithm == ALGORITHM_NONE) return STATUS_WRONG_DATA;
    if (key->algorithm != command->p1) return STATUS_WRONG_PARAMETERS;
    bool derives = curve_size(key->algorithm) > 0 &&
                   tlv_find(template, TAG_EXPONENTIATION, &point);
    if (!derives && !tlv_find(template, TAG_CHALLENGE, &message)) return STATUS_WRONG_DATA;
    if (!pin_allows(context->session, key->pin_policy)) return STATUS_SECURITY;
    if (!touch_given(context, key->touch_policy)) return STATUS_SECURITY;
    struct bytes result = {0};
    bool done = derives ? derive(key, point, &result)
                        : pair_sign(key, message, context->quirks, &result);
    if (done) {
        append_dynamic(TAG_RESPONSE, result.data, result.count, answer);
        context->session->pin_fresh = false;
    }
    bytes_free(&result);
    return done ? STATUS_OK : STATUS_WRONG_DATA;
}

/* P2 says whether the key will want a touch; the key's length must be its algorithm's. */
uint16_t set_management_key(struct context *context, const struct command *command)
{
    enum { NO_TOUCH = 0xFF, TOUCH_EACH = 0xFE, TOUCH_SOMETIMES = 0xFD };
    struct card *card = context->card;
    struct slice data = command->data;
    if (command->p1 != 0xFF || command->p2 < TOUCH_SOMETIMES) return STATUS_WRONG_PARAMETERS;
    if (!context->session->managed) return STATUS_SECURITY;
    if (data.count < 3 || data.data[1] != SLOT_MANAGEMENT) return STATUS_WRONG_DATA;
    uint8_t algorithm = data.data[0];
    size_t size = management_key_size(algorithm);
    bool is_aes = algorithm != ALGORITHM_3DES;
    if (size == 0 || data.data[2] != size || data.count != 3 + size) return STATUS_WRONG_DATA;
    if (is_aes &&
        (context->quirks->only_3des || !version_at_least(card->firmware, 5, 4, 2))) {
        return STATUS_WRONG_DATA;
    }
    memset(card->management, 0, sizeof card->management);
    memcpy(card->management, data.data + 3, size);
    card->management_algorithm = algorithm;
    card->management_touch = command->p2 == NO_TOUCH     ? TOUCH_NEVER
                             : command->p2 == TOUCH_EACH ? TOUCH_ALWAYS
                                                         : TOUCH_CACHED;
    card_save(card);
    return STATUS_OK;
}

bool touch_given(struct context *context, uint8_t policy)
{
    int64_t now = monotonic_milliseconds();
    if (policy != TOUCH_ALWAYS && policy != TOUCH_CACHED) return true;
    if (policy == TOUCH_CACHED && now < context->session->touched_until) return true;
    if (!context->touch(context->user)) return false;
    context->session->touched_until = monotonic_milliseconds() + TOUCH_CACHE;
    return true;
}
