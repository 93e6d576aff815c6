/* SPDX-License-Identifier: Apache-2.0
 *
 * What a card keeps (struct card, one file), what it forgets without power (struct session), and
 * what it may be told to do wrong (struct quirks). */

#ifndef PIV_CARD_CARD_H
#define PIV_CARD_CARD_H

#include "bytes.h"

#include <openssl/evp.h>

struct version {
    uint8_t major, minor, patch;
};

/* Numbers of algorithms: SP 800-78-4 table 6-2, and Yubico's own for what came with 5.7. */
enum algorithm {
    ALGORITHM_NONE = 0x00,
    ALGORITHM_3DES = 0x03,
    ALGORITHM_RSA3072 = 0x05,
    ALGORITHM_RSA2048 = 0x07,
    ALGORITHM_AES128 = 0x08,
    ALGORITHM_AES192 = 0x0A,
    ALGORITHM_AES256 = 0x0C,
    ALGORITHM_P256 = 0x11,
    ALGORITHM_P384 = 0x14,
    ALGORITHM_RSA4096 = 0x16,
    ALGORITHM_ED25519 = 0xE0,
};

enum pin_policy { PIN_DEFAULT = 0, PIN_NEVER = 1, PIN_ONCE = 2, PIN_ALWAYS = 3 };
enum touch_policy { TOUCH_DEFAULT = 0, TOUCH_NEVER = 1, TOUCH_ALWAYS = 2, TOUCH_CACHED = 3 };
enum origin { ORIGIN_GENERATED = 1, ORIGIN_IMPORTED = 2 };

/* What an application's answers end with: ISO 7816-4 section 5.1.3. */
enum status {
    STATUS_OK = 0x9000,
    STATUS_MORE = 0x6100,
    STATUS_TRIES_LEFT = 0x63C0,
    STATUS_WRONG_LENGTH = 0x6700,
    STATUS_SECURITY = 0x6982,
    STATUS_BLOCKED = 0x6983,
    STATUS_CONDITIONS = 0x6985,
    STATUS_WRONG_DATA = 0x6A80,
    STATUS_NOT_FOUND = 0x6A82,
    STATUS_NO_SPACE = 0x6A84,
    STATUS_WRONG_PARAMETERS = 0x6A86,
    STATUS_NO_REFERENCE = 0x6A88,
    STATUS_NO_INSTRUCTION = 0x6D00,
    STATUS_NO_CLASS = 0x6E00,
    STATUS_BROKEN = 0x6F00,
};

enum {
    SLOT_AUTHENTICATION = 0x9A,
    SLOT_MANAGEMENT = 0x9B,
    SLOT_SIGNATURE = 0x9C,
    SLOT_KEY_MANAGEMENT = 0x9D,
    SLOT_CARD_AUTHENTICATION = 0x9E,
    SLOT_FIRST_RETIRED = 0x82,
    SLOT_LAST_RETIRED = 0x95,
    SLOT_ATTESTATION = 0xF9,
    REFERENCE_PIN = 0x80,
    REFERENCE_PUK = 0x81,
};

enum {
    REFERENCE_SIZE = 8,
    MANAGEMENT_KEY_LIMIT = 32,
    OBJECT_LIMIT = 3052, /* bytes of one object, as on a YubiKey 5 */
    OBJECT_COUNT_LIMIT = 128,
    CHAIN_LIMIT = 16384, /* bytes of a command that comes in pieces */
    TOUCH_CACHE = 15000, /* milliseconds */
};

/* A PIN or PUK: eight bytes, padded with FF. */
struct reference {
    uint8_t value[REFERENCE_SIZE];
    uint8_t left, limit;
};

struct key {
    uint8_t algorithm; /* none: the slot is empty */
    uint8_t pin_policy, touch_policy, origin;
    EVP_PKEY *pair;
};

struct object {
    uint32_t tag;
    struct bytes value;
};

struct card {
    char *path;      /* of its file */
    char *authority; /* directory with the root of its attestations */
    struct version firmware;
    uint32_t serial;
    struct reference pin, puk;
    uint8_t management[MANAGEMENT_KEY_LIMIT];
    uint8_t management_algorithm, management_touch;
    struct key keys[256]; /* by slot */
    struct object objects[OBJECT_COUNT_LIMIT];
    size_t object_count;
};

enum applet { APPLET_NONE, APPLET_PIV, APPLET_MANAGEMENT, APPLET_OTP };
enum handshake { HANDSHAKE_NONE, HANDSHAKE_WITNESS, HANDSHAKE_CHALLENGE };

struct session {
    enum applet applet;
    bool pin_verified;
    bool pin_fresh; /* no private key was used since the PIN was verified */
    bool managed;   /* whoever speaks has shown the management key */
    enum handshake handshake;
    uint8_t challenge[16];
    struct bytes chain;     /* the pieces of a command so far */
    uint8_t chain_header[3]; /* INS, P1, P2 of these */
    struct bytes answer;    /* what GET RESPONSE has still to fetch … */
    size_t answered;        /* … from here */
    int64_t touched_until;  /* monotonic milliseconds */
};

enum signature_fault { SIGNATURE_HONEST, SIGNATURE_WRONG, SIGNATURE_PREFIX, SIGNATURE_EMPTY };
enum ecdsa_form { ECDSA_MINIMAL, ECDSA_PADDED, ECDSA_LONG_LENGTH, ECDSA_RAW, ECDSA_TRAILING };
enum attestation_fault {
    ATTESTATION_HONEST,
    ATTESTATION_OTHER_KEY,
    ATTESTATION_OTHER_SLOT,
    ATTESTATION_OTHER_SERIAL,
    ATTESTATION_OTHER_POLICY,
    ATTESTATION_BAD_SIGNATURE,
    ATTESTATION_NO_EXTENSIONS,
    ATTESTATION_GARBAGE,
};

/* What signs attestations: as on most cards, not marked as an authority, on a curve, or certified
 * by an intermediate authority. It counts when the key is made. */
enum attester { ATTESTER_MARKED, ATTESTER_UNMARKED, ATTESTER_CURVE, ATTESTER_BELOW };

struct quirks {
    bool no_metadata, no_attestation, no_serial, no_version;
    bool no_yubico;     /* a card that only knows SP 800-73-4 */
    bool only_3des;     /* no AES for the management key, whatever the firmware */
    bool fips;          /* attestations and device information say so */
    bool roca;          /* RSA keys that are made have the structure of CVE-2017-15361 */
    bool select_resets; /* each SELECT loses the login, also of what is selected already */
    enum signature_fault signature;
    enum ecdsa_form ecdsa;
    enum attestation_fault attestation;
    enum attester attester;
    struct bytes atr; /* empty: that of a YubiKey 5 */
};

bool version_at_least(struct version version, uint8_t major, uint8_t minor, uint8_t patch);
/* Whether the number names a place for a key pair. */
bool is_key_slot(uint8_t slot);
int64_t monotonic_milliseconds(void);

/* state.c: reads a card's file; makes a new card where there is none. NULL, with a message on
 * standard error, where that fails. */
struct card *card_open(const char *path, const char *authority, struct version firmware,
                       uint32_t serial);
/* Writes the file anew; ends the program where that fails, as tests would go on with lies. */
void card_save(const struct card *card);
void card_free(struct card *card);
/* As it left the factory, but for the attestation key. */
void card_reset(struct card *card);

/* objects.c */
const struct object *object_find(const struct card *card, uint32_t tag);
/* False where there is no room; no value removes the object. */
bool object_put(struct card *card, uint32_t tag, struct slice value);

#endif
