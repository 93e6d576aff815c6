/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys that come into slots: GENERATE ASYMMETRIC KEY PAIR (SP 800-73-4 part 2 section 3.3.2) with
 * Yubico's policies, IMPORT and MOVE. */

#include "application.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>

enum {
    TAG_TEMPLATE = 0xAC,
    TAG_ALGORITHM = 0x80,
    TAG_PUBLIC = 0x7F49,
    TAG_PIN_POLICY = 0xAA,
    TAG_TOUCH_POLICY = 0xAB,
    TAG_PRIME_P = 0x01,
    TAG_PRIME_Q = 0x02,
    TAG_SCALAR = 0x06,
    TAG_SEED = 0x07,
};

void slot_put(struct card *card, uint8_t slot, struct key key)
{
    EVP_PKEY_free(card->keys[slot].pair);
    card->keys[slot] = key;
}

/* Reads the policies, filling in what the slot has of its own; false for what nobody knows. */
static bool read_policies(const struct context *context, struct slice from, uint8_t slot,
                          struct key *key)
{
    uint8_t pin = tlv_byte(from, TAG_PIN_POLICY, PIN_DEFAULT);
    uint8_t touch = tlv_byte(from, TAG_TOUCH_POLICY, TOUCH_DEFAULT);
    struct version firmware = context->card->firmware;
    bool chosen = pin != PIN_DEFAULT || touch != TOUCH_DEFAULT;
    if (pin > PIN_ALWAYS || touch > TOUCH_CACHED) return false;
    if (chosen && (context->quirks->no_yubico || !version_at_least(firmware, 4, 0, 0))) {
        return false;
    }
    if (touch == TOUCH_CACHED && !version_at_least(firmware, 4, 3, 0)) return false;
    if (pin == PIN_DEFAULT) {
        pin = slot == SLOT_SIGNATURE            ? PIN_ALWAYS
              : slot == SLOT_CARD_AUTHENTICATION ? PIN_NEVER
                                                 : PIN_ONCE;
    }
    key->pin_policy = pin;
    key->touch_policy = touch == TOUCH_DEFAULT ? TOUCH_NEVER : touch;
    return true;
}

uint16_t generate_key(struct context *context, const struct command *command,
                      struct bytes *answer)
{
    struct slice template;
    struct key key = {.origin = ORIGIN_GENERATED};
    if (command->p1 != 0 || !is_key_slot(command->p2)) return STATUS_WRONG_PARAMETERS;
    if (!context->session->managed) return STATUS_SECURITY;
    if (!tlv_find(command->data, TAG_TEMPLATE, &template)) return STATUS_WRONG_DATA;
    key.algorithm = tlv_byte(template, TAG_ALGORITHM, ALGORITHM_NONE);
    if (!algorithm_known(context->card, key.algorithm) ||
        !read_policies(context, template, command->p2, &key)) {
        return STATUS_WRONG_DATA;
    }
    bool is_weak = context->quirks->roca && rsa_bits(key.algorithm) > 0;
    key.pair = is_weak ? pair_generate_roca(rsa_bits(key.algorithm)) : pair_generate(key.algorithm);
    if (key.pair == NULL) return STATUS_BROKEN;
    slot_put(context->card, command->p2, key);
    card_save(context->card);
    struct bytes public = {0};
    pair_append_public(&key, &public);
    bytes_append_tlv(answer, TAG_PUBLIC, public.data, public.count);
    bytes_free(&public);
    return STATUS_OK;
}

/* A key pair from named numbers. */
static EVP_PKEY *pair_from(const char *kind, OSSL_PARAM_BLD *builder)
{
    EVP_PKEY *pair = NULL;
    OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
    if (parameters == NULL || context == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, &pair, EVP_PKEY_KEYPAIR, parameters) != 1) {
        pair = NULL;
    }
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(parameters);
    return pair;
}

/* The exponent is 65537, which commands do not say; all else follows from the primes. */
EVP_PKEY *pair_from_primes(struct slice first, struct slice second, unsigned bits)
{
    EVP_PKEY *pair = NULL;
    if (first.count != bits / 16 || second.count != bits / 16) return NULL;
    BN_CTX *numbers = BN_CTX_new();
    BN_CTX_start(numbers);
    BIGNUM *p = BN_CTX_get(numbers), *q = BN_CTX_get(numbers), *n = BN_CTX_get(numbers);
    BIGNUM *e = BN_CTX_get(numbers), *d = BN_CTX_get(numbers), *phi = BN_CTX_get(numbers);
    BIGNUM *less = BN_CTX_get(numbers), *dp = BN_CTX_get(numbers), *dq = BN_CTX_get(numbers);
    BIGNUM *inverse = BN_CTX_get(numbers);
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    BN_bin2bn(first.data, (int)first.count, p);
    BN_bin2bn(second.data, (int)second.count, q);
    if (inverse != NULL && builder != NULL && BN_is_odd(p) && BN_is_odd(q) &&
        BN_cmp(p, q) != 0 && BN_set_word(e, 65537) && BN_mul(n, p, q, numbers) &&
        (unsigned)BN_num_bits(n) == bits && BN_sub(phi, p, BN_value_one()) &&
        BN_sub(less, q, BN_value_one()) && BN_mul(phi, phi, less, numbers) &&
        BN_mod_inverse(d, e, phi, numbers) != NULL && BN_mod(dq, d, less, numbers) &&
        BN_sub(less, p, BN_value_one()) && BN_mod(dp, d, less, numbers) &&
        BN_mod_inverse(inverse, q, p, numbers) != NULL &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e) &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_D, d) &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_FACTOR1, p) &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_FACTOR2, q) &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_EXPONENT1, dp) &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_EXPONENT2, dq) &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_COEFFICIENT1, inverse)) {
        pair = pair_from("RSA", builder);
    }
    OSSL_PARAM_BLD_free(builder);
    BN_CTX_end(numbers);
    BN_CTX_free(numbers);
    return pair;
}

static EVP_PKEY *import_rsa(struct slice data, unsigned bits)
{
    struct slice first, second;
    if (!tlv_find(data, TAG_PRIME_P, &first) || !tlv_find(data, TAG_PRIME_Q, &second)) {
        return NULL;
    }
    return pair_from_primes(first, second, bits);
}

static EVP_PKEY *import_scalar(struct slice data, uint8_t algorithm)
{
    struct slice digits;
    uint8_t encoded[97];
    EVP_PKEY *pair = NULL;
    size_t size = curve_size(algorithm), count = 0;
    if (!tlv_find(data, TAG_SCALAR, &digits) || digits.count != size) return NULL;
    EC_GROUP *group = EC_GROUP_new_by_curve_name(EC_curve_nist2nid(curve_name(algorithm)));
    BIGNUM *scalar = BN_bin2bn(digits.data, (int)digits.count, NULL);
    EC_POINT *point = group != NULL ? EC_POINT_new(group) : NULL;
    if (point != NULL && scalar != NULL && !BN_is_zero(scalar) &&
        BN_cmp(scalar, EC_GROUP_get0_order(group)) < 0 &&
        EC_POINT_mul(group, point, scalar, NULL, NULL, NULL) == 1) {
        count = EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, encoded,
                                   sizeof encoded, NULL);
    }
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    if (count > 0 && builder != NULL &&
        OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME,
                                        curve_name(algorithm), 0) &&
        OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, encoded, count) &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, scalar)) {
        pair = pair_from("EC", builder);
    }
    OSSL_PARAM_BLD_free(builder);
    EC_POINT_free(point);
    BN_clear_free(scalar);
    EC_GROUP_free(group);
    return pair;
}

static EVP_PKEY *import_seed(struct slice data)
{
    struct slice seed;
    if (!tlv_find(data, TAG_SEED, &seed) || seed.count != 32) return NULL;
    return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed.data, seed.count);
}

uint16_t import_key(struct context *context, const struct command *command)
{
    struct key key = {.origin = ORIGIN_IMPORTED, .algorithm = command->p1};
    if (!is_key_slot(command->p2)) return STATUS_WRONG_PARAMETERS;
    if (!context->session->managed) return STATUS_SECURITY;
    if (!algorithm_known(context->card, key.algorithm)) return STATUS_WRONG_PARAMETERS;
    if (!read_policies(context, command->data, command->p2, &key)) return STATUS_WRONG_DATA;
    if (rsa_bits(key.algorithm) > 0) {
        key.pair = import_rsa(command->data, rsa_bits(key.algorithm));
    } else if (curve_size(key.algorithm) > 0) {
        key.pair = import_scalar(command->data, key.algorithm);
    } else {
        key.pair = import_seed(command->data);
    }
    if (key.pair == NULL) return STATUS_WRONG_DATA;
    slot_put(context->card, command->p2, key);
    card_save(context->card);
    return STATUS_OK;
}

/* P2 is where the key is, P1 where it goes to; FF there removes it. */
uint16_t move_key(struct context *context, const struct command *command)
{
    struct card *card = context->card;
    bool removes = command->p1 == 0xFF;
    if (!version_at_least(card->firmware, 5, 7, 0)) return STATUS_NO_INSTRUCTION;
    if (!context->session->managed) return STATUS_SECURITY;
    if (!is_key_slot(command->p2) || (!removes && !is_key_slot(command->p1))) {
        return STATUS_WRONG_PARAMETERS;
    }
    if (card->keys[command->p2].algorithm == ALGORITHM_NONE) return STATUS_NO_REFERENCE;
    if (!removes && card->keys[command->p1].algorithm != ALGORITHM_NONE) {
        return STATUS_CONDITIONS;
    }
    if (removes) {
        slot_put(card, command->p2, (struct key){.algorithm = ALGORITHM_NONE});
    } else {
        card->keys[command->p1] = card->keys[command->p2];
        card->keys[command->p2] = (struct key){.algorithm = ALGORITHM_NONE};
    }
    card_save(card);
    return STATUS_OK;
}
