/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What ssh-sk-helper of OpenSSH 8.9 to 10.2 expects of a FIDO provider: the numbers and the layouts
 * of its interface, major version 10, as facts of the ABI. PROTOCOL.u2f of OpenSSH describes what
 * the fields mean. */

#include <stddef.h>
#include <stdint.h>

enum {
    SK_API_VERSION = 0x000a0000,
};

enum sk_algorithm {
    SK_ECDSA = 0,
    SK_ED25519 = 1,
};

enum sk_flag {
    SK_USER_PRESENCE = 0x01,
    SK_USER_VERIFICATION = 0x04,
};

enum sk_error {
    SK_OK = 0,
    SK_GENERAL = -1,
    SK_UNSUPPORTED = -2,
    SK_PIN_REQUIRED = -3,
};

struct sk_option {
    char *name;
    char *value;
    uint8_t required;
};

/* All buffers are of malloc, and the caller frees them. */
struct sk_enroll_response {
    uint8_t flags;
    uint8_t *public_key;
    size_t public_key_size;
    uint8_t *key_handle;
    size_t key_handle_size;
    uint8_t *signature;
    size_t signature_size;
    uint8_t *attestation_certificate;
    size_t attestation_certificate_size;
    uint8_t *authenticator_data;
    size_t authenticator_data_size;
};

/* Ed25519 puts its whole signature into r. */
struct sk_sign_response {
    uint8_t flags;
    uint32_t counter;
    uint8_t *r;
    size_t r_size;
    uint8_t *s;
    size_t s_size;
};

struct sk_resident_key;

uint32_t sk_api_version(void);

int sk_enroll(
    uint32_t algorithm, const uint8_t *challenge, size_t challenge_size, const char *application,
    uint8_t flags, const char *pin, struct sk_option **options,
    struct sk_enroll_response **response);

int sk_sign(
    uint32_t algorithm, const uint8_t *data, size_t data_size, const char *application,
    const uint8_t *key_handle, size_t key_handle_size, uint8_t flags, const char *pin,
    struct sk_option **options, struct sk_sign_response **response);

int sk_load_resident_keys(
    const char *pin, struct sk_option **options, struct sk_resident_key ***keys, size_t *count);
