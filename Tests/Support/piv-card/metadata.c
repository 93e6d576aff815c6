/* SPDX-License-Identifier: Apache-2.0
 *
 * GET METADATA, as Yubico has it since firmware 5.3. */

#include "application.h"

#include <string.h>

enum {
    TAG_ALGORITHM = 0x01,
    TAG_POLICY = 0x02,
    TAG_ORIGIN = 0x03,
    TAG_PUBLIC = 0x04,
    TAG_IS_DEFAULT = 0x05,
    TAG_TRIES = 0x06,
    ALGORITHM_REFERENCE = 0xFF,
};

static void append_byte(struct bytes *answer, uint32_t tag, uint8_t byte)
{
    bytes_append_tlv(answer, tag, &byte, 1);
}

static uint16_t describe_reference(const struct reference *reference, const char *factory,
                                   struct bytes *answer)
{
    append_byte(answer, TAG_ALGORITHM, ALGORITHM_REFERENCE);
    append_byte(answer, TAG_IS_DEFAULT, memcmp(reference->value, factory, REFERENCE_SIZE) == 0);
    bytes_append_tlv(answer, TAG_TRIES, (uint8_t[]){reference->limit, reference->left}, 2);
    return STATUS_OK;
}

static uint16_t describe_management(const struct card *card, struct bytes *answer)
{
    bool is_default = true;
    for (size_t at = 0; at < management_key_size(card->management_algorithm); at++) {
        if (card->management[at] != at % 8 + 1) is_default = false;
    }
    append_byte(answer, TAG_ALGORITHM, card->management_algorithm);
    bytes_append_tlv(answer, TAG_POLICY, (uint8_t[]){PIN_DEFAULT, card->management_touch}, 2);
    append_byte(answer, TAG_IS_DEFAULT, is_default);
    return STATUS_OK;
}

static uint16_t describe_key(const struct key *key, struct bytes *answer)
{
    if (key == NULL || key->algorithm == ALGORITHM_NONE) return STATUS_NO_REFERENCE;
    append_byte(answer, TAG_ALGORITHM, key->algorithm);
    bytes_append_tlv(answer, TAG_POLICY, (uint8_t[]){key->pin_policy, key->touch_policy}, 2);
    append_byte(answer, TAG_ORIGIN, key->origin);
    struct bytes public = {0};
    pair_append_public(key, &public);
    bytes_append_tlv(answer, TAG_PUBLIC, public.data, public.count);
    bytes_free(&public);
    return STATUS_OK;
}

uint16_t get_metadata(struct context *context, const struct command *command,
                      struct bytes *answer)
{
    struct card *card = context->card;
    if (context->quirks->no_metadata || !version_at_least(card->firmware, 5, 3, 0)) {
        return STATUS_NO_INSTRUCTION;
    }
    if (command->p1 != 0) return STATUS_WRONG_PARAMETERS;
    switch (command->p2) {
    case REFERENCE_PIN: return describe_reference(&card->pin, "123456\xFF\xFF", answer);
    case REFERENCE_PUK: return describe_reference(&card->puk, "12345678", answer);
    case SLOT_MANAGEMENT: return describe_management(card, answer);
    case SLOT_ATTESTATION: return describe_key(attestation_key(card, context->quirks->attester),
                                              answer);
    default:
        if (!is_key_slot(command->p2)) return STATUS_WRONG_PARAMETERS;
        return describe_key(&card->keys[command->p2], answer);
    }
}
