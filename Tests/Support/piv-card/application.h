/* SPDX-License-Identifier: Apache-2.0
 *
 * The PIV application: one command in, an answer and a status word out. */

#ifndef PIV_CARD_APPLICATION_H
#define PIV_CARD_APPLICATION_H

#include "card.h"

/* A command whose pieces have been put together: ISO 7816-4 section 5.1. */
struct command {
    uint8_t cla, ins, p1, p2;
    struct slice data;
    size_t expected; /* the longest answer that is wanted at once */
};

/* All that a command can look at. */
struct context {
    struct card *card;
    struct session *session;
    const struct quirks *quirks;
    /* Waits for the user's touch; false where it does not come in time. */
    bool (*touch)(void *user);
    void *user;
};

/* apdu.c: what a card answers to the bytes of a command, with its status word. */
void apdu_exchange(struct context *context, struct slice bytes, struct bytes *answer);
/* Forgets all that power keeps. */
void session_reset(struct session *session);

/* piv.c: carries out a whole command. */
uint16_t piv_command(struct context *context, const struct command *command,
                     struct bytes *answer);

/* One for each instruction. */
uint16_t verify_pin(struct context *, const struct command *);
uint16_t change_reference(struct context *, const struct command *);
uint16_t reset_retry_counter(struct context *, const struct command *);
uint16_t set_pin_retries(struct context *, const struct command *);
uint16_t reset_card(struct context *);
uint16_t set_management_key(struct context *, const struct command *);
uint16_t authenticate_management(struct context *, uint8_t algorithm, struct slice template,
                                 struct bytes *answer);
uint16_t general_authenticate(struct context *, const struct command *, struct bytes *answer);
uint16_t generate_key(struct context *, const struct command *, struct bytes *answer);
uint16_t import_key(struct context *, const struct command *);
uint16_t move_key(struct context *, const struct command *);
uint16_t attest_key(struct context *, const struct command *, struct bytes *answer);
uint16_t get_metadata(struct context *, const struct command *, struct bytes *answer);
uint16_t get_data(struct context *, const struct command *, struct bytes *answer);
uint16_t put_data(struct context *, const struct command *);

/* The length of a management key; 0 for what is no algorithm of such keys. */
size_t management_key_size(uint8_t algorithm);
/* Whether a key of the policy may go on: waits for a touch unless one still counts. */
bool touch_given(struct context *context, uint8_t policy);

/* keys.c: key pairs of OpenSSL's. */
EVP_PKEY *pair_generate(uint8_t algorithm);
/* A pair from its primes, each half as long as the modulus; NULL where they don't fit. */
EVP_PKEY *pair_from_primes(struct slice first, struct slice second, unsigned bits);
/* roca.c: a pair whose primes have the structure of CVE-2017-15361. */
EVP_PKEY *pair_generate_roca(unsigned bits);
/* Appends the data objects of a public key: SP 800-73-4 part 2 table 11. */
void pair_append_public(const struct key *key, struct bytes *bytes);
/* The private operation on `message`; false where the message doesn't fit the key. */
bool pair_sign(const struct key *key, struct slice message, const struct quirks *quirks,
               struct bytes *signature);
/* Bits of a modulus; 0 for what is not RSA. */
unsigned rsa_bits(uint8_t algorithm);
/* Bytes of a coordinate; 0 for what is on none of the two curves. */
size_t curve_size(uint8_t algorithm);
const char *curve_name(uint8_t algorithm);
bool algorithm_known(const struct card *card, uint8_t algorithm);
/* Takes the place of what was in the slot. */
void slot_put(struct card *card, uint8_t slot, struct key key);

/* attestation.c: the card's own key pair for attestations, made when it is first wanted. */
const struct key *attestation_key(struct card *card, enum attester kind);
/* authority.c: signs the certificate of an attestation key; makes the root where there is none. */
bool authority_certify(const char *directory, enum attester kind, EVP_PKEY *attestation,
                       struct bytes *certificate);
/* Makes the root of all attestations in `directory`, unless it is there: root.key, root.crt. */
bool authority_prepare(const char *directory);

#endif
