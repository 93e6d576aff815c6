/* SPDX-License-Identifier: Apache-2.0
 *
 * ATTEST: a certificate for a key that was made on the card, signed with the key in f9, with
 * Yubico's extensions 1.3.6.1.4.1.41482.3: 3 firmware, 7 serial, 8 policies, 9 form factor, 10 FIPS
 * (whose presence is what counts). */

#include "application.h"

#include <stdio.h>
#include <string.h>

#include <openssl/rand.h>
#include <openssl/x509.h>

enum {
    OBJECT_ATTESTATION_CERTIFICATE = 0x5FFF01,
    FORM_FACTOR_KEYCHAIN_A = 0x01,
    FORM_FACTOR_FIPS = 0x80,
};

/* What is said of a key; a lie where the card is told to. */
struct statement {
    uint8_t slot, pin_policy, touch_policy;
    struct version firmware;
    uint32_t serial;
    EVP_PKEY *pair;
    bool fips;
};

static void append_certificate_object(struct card *card, const struct bytes *certificate)
{
    struct bytes value = {0};
    bytes_append_tlv(&value, 0x70, certificate->data, certificate->count);
    bytes_append_tlv(&value, 0x71, (uint8_t[]){0x00}, 1);
    bytes_append_tlv(&value, 0xFE, NULL, 0);
    object_put(card, OBJECT_ATTESTATION_CERTIFICATE, slice_of(&value));
    bytes_free(&value);
}

const struct key *attestation_key(struct card *card, enum attester kind)
{
    struct key *key = &card->keys[SLOT_ATTESTATION];
    if (key->algorithm != ALGORITHM_NONE) return key;
    struct bytes certificate = {0};
    uint8_t algorithm = kind == ATTESTER_CURVE ? ALGORITHM_P384 : ALGORITHM_RSA2048;
    EVP_PKEY *pair = pair_generate(algorithm);
    if (pair == NULL || !authority_certify(card->authority, kind, pair, &certificate)) {
        EVP_PKEY_free(pair);
        return NULL;
    }
    slot_put(card, SLOT_ATTESTATION,
             (struct key){.algorithm = algorithm,
                          .pin_policy = PIN_NEVER,
                          .touch_policy = TOUCH_NEVER,
                          .origin = ORIGIN_GENERATED,
                          .pair = pair});
    append_certificate_object(card, &certificate);
    bytes_free(&certificate);
    card_save(card);
    return key;
}

/* The certificate of f9 as it lies in its object. */
static X509 *read_issuer(const struct card *card)
{
    struct slice value;
    const struct object *object = object_find(card, OBJECT_ATTESTATION_CERTIFICATE);
    if (object == NULL || !tlv_find(slice_of(&object->value), 0x70, &value)) return NULL;
    const uint8_t *data = value.data;
    return d2i_X509(NULL, &data, (long)value.count);
}

static bool add_extension(X509 *certificate, unsigned number, const uint8_t *value,
                          size_t count)
{
    char name[64];
    snprintf(name, sizeof name, "1.3.6.1.4.1.41482.3.%u", number);
    ASN1_OBJECT *object = OBJ_txt2obj(name, 1);
    ASN1_OCTET_STRING *octets = ASN1_OCTET_STRING_new();
    X509_EXTENSION *extension = NULL;
    bool done = object != NULL && octets != NULL &&
                ASN1_OCTET_STRING_set(octets, value, (int)count) == 1 &&
                (extension = X509_EXTENSION_create_by_OBJ(NULL, object, 0, octets)) != NULL &&
                X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    ASN1_OCTET_STRING_free(octets);
    ASN1_OBJECT_free(object);
    return done;
}

static bool add_serial(X509 *certificate, uint32_t serial)
{
    ASN1_INTEGER *number = ASN1_INTEGER_new();
    uint8_t *encoded = NULL;
    bool done = number != NULL && ASN1_INTEGER_set_uint64(number, serial) == 1;
    int count = done ? i2d_ASN1_INTEGER(number, &encoded) : 0;
    done = count > 0 && add_extension(certificate, 7, encoded, (size_t)count);
    OPENSSL_free(encoded);
    ASN1_INTEGER_free(number);
    return done;
}

static bool add_extensions(X509 *certificate, const struct statement *statement)
{
    const struct version firmware = statement->firmware;
    uint8_t form = FORM_FACTOR_KEYCHAIN_A | (statement->fips ? FORM_FACTOR_FIPS : 0);
    return add_extension(certificate, 3,
                         (uint8_t[]){firmware.major, firmware.minor, firmware.patch}, 3) &&
           add_serial(certificate, statement->serial) &&
           add_extension(certificate, 8,
                         (uint8_t[]){statement->pin_policy, statement->touch_policy}, 2) &&
           add_extension(certificate, 9, &form, 1) &&
           (!statement->fips || add_extension(certificate, 10, (uint8_t[]){0x01}, 1));
}

static bool set_names(X509 *certificate, const X509 *issuer, uint8_t slot)
{
    char title[64];
    uint8_t serial[16];
    BIGNUM *number = NULL;
    snprintf(title, sizeof title, "YubiKey PIV Attestation %02x", slot);
    X509_NAME *name = X509_NAME_new();
    bool done = name != NULL && RAND_bytes(serial, sizeof serial) == 1 &&
                (number = BN_bin2bn(serial, sizeof serial, NULL)) != NULL &&
                BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL &&
                X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const uint8_t *)title,
                                           -1, -1, 0) == 1 &&
                X509_set_subject_name(certificate, name) == 1 &&
                X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1;
    BN_free(number);
    X509_NAME_free(name);
    return done;
}

static X509 *make_certificate(const struct card *card, const struct statement *statement,
                              enum attestation_fault fault)
{
    X509 *issuer = read_issuer(card);
    X509 *certificate = X509_new();
    EVP_PKEY *stranger = fault == ATTESTATION_BAD_SIGNATURE ? EVP_RSA_gen(2048) : NULL;
    EVP_PKEY *signer = stranger != NULL ? stranger : card->keys[SLOT_ATTESTATION].pair;
    bool done = issuer != NULL && certificate != NULL && signer != NULL &&
                X509_set_version(certificate, X509_VERSION_3) == 1 &&
                set_names(certificate, issuer, statement->slot) &&
                X509_set1_notBefore(certificate, X509_get0_notBefore(issuer)) == 1 &&
                X509_set1_notAfter(certificate, X509_get0_notAfter(issuer)) == 1 &&
                X509_set_pubkey(certificate, statement->pair) == 1 &&
                (fault == ATTESTATION_NO_EXTENSIONS || add_extensions(certificate, statement)) &&
                X509_sign(certificate, signer, EVP_sha256()) > 0;
    EVP_PKEY_free(stranger);
    X509_free(issuer);
    if (done) return certificate;
    X509_free(certificate);
    return NULL;
}

static void twist(struct statement *statement, enum attestation_fault fault)
{
    if (fault == ATTESTATION_OTHER_SLOT) statement->slot = statement->slot == 0x9C ? 0x9A : 0x9C;
    if (fault == ATTESTATION_OTHER_SERIAL) statement->serial ^= 1;
    if (fault == ATTESTATION_OTHER_POLICY) {
        statement->pin_policy = statement->pin_policy == PIN_NEVER ? PIN_ALWAYS : PIN_NEVER;
        statement->touch_policy =
            statement->touch_policy == TOUCH_NEVER ? TOUCH_ALWAYS : TOUCH_NEVER;
    }
}

/* P1 is the slot; keys that came from outside get no certificate. */
uint16_t attest_key(struct context *context, const struct command *command,
                    struct bytes *answer)
{
    struct card *card = context->card;
    enum attestation_fault fault = context->quirks->attestation;
    const struct key *key = &card->keys[command->p1];
    if (!is_key_slot(command->p1) || command->p2 != 0) return STATUS_WRONG_PARAMETERS;
    if (command->p1 == SLOT_ATTESTATION || key->algorithm == ALGORITHM_NONE ||
        key->origin != ORIGIN_GENERATED) {
        return STATUS_WRONG_DATA;
    }
    if (fault == ATTESTATION_GARBAGE) {
        bytes_append(answer, "\x30\x82\x01\x00garbage", 11);
        return STATUS_OK;
    }
    if (attestation_key(card, context->quirks->attester) == NULL) return STATUS_BROKEN;
    struct statement statement = {.slot = command->p1,
                                  .pin_policy = key->pin_policy,
                                  .touch_policy = key->touch_policy,
                                  .firmware = card->firmware,
                                  .serial = card->serial,
                                  .pair = key->pair,
                                  .fips = context->quirks->fips};
    EVP_PKEY *other = fault == ATTESTATION_OTHER_KEY ? pair_generate(key->algorithm) : NULL;
    if (other != NULL) statement.pair = other;
    twist(&statement, fault);
    X509 *certificate = make_certificate(card, &statement, fault);
    uint8_t *encoded = NULL;
    int count = certificate != NULL ? i2d_X509(certificate, &encoded) : 0;
    if (count > 0) bytes_append(answer, encoded, (size_t)count);
    OPENSSL_free(encoded);
    X509_free(certificate);
    EVP_PKEY_free(other);
    return count > 0 ? STATUS_OK : STATUS_BROKEN;
}
