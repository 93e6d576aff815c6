/* SPDX-License-Identifier: Apache-2.0
 *
 * Data objects: SP 800-73-4 part 1 section 4 and appendix A, part 2 sections 3.1.2 and 3.3.2. */

#include "application.h"

#include <string.h>

enum {
    TAG_LIST = 0x5C,
    TAG_DATA = 0x53,
    OBJECT_DISCOVERY = 0x7E,
    OBJECT_ATTESTATION_CERTIFICATE = 0x5FFF01,
};

/* PIV's own AID, and that the PIN of the application is the one to verify. */
static const uint8_t discovery[] = {
    0x4F, 0x0B, 0xA0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00, 0x01, 0x00,
    0x5F, 0x2F, 0x02, 0x40, 0x00,
};

const struct object *object_find(const struct card *card, uint32_t tag)
{
    for (size_t at = 0; at < card->object_count; at++) {
        if (card->objects[at].tag == tag) return &card->objects[at];
    }
    return NULL;
}

bool object_put(struct card *card, uint32_t tag, struct slice value)
{
    size_t at = 0;
    while (at < card->object_count && card->objects[at].tag != tag) at++;
    if (at == card->object_count) {
        if (value.count == 0) return true;
        if (at == OBJECT_COUNT_LIMIT) return false;
        card->objects[card->object_count++] = (struct object){.tag = tag};
    }
    bytes_clear(&card->objects[at].value);
    bytes_append(&card->objects[at].value, value.data, value.count);
    if (value.count == 0) {
        bytes_free(&card->objects[at].value);
        card->objects[at] = card->objects[--card->object_count];
    }
    return true;
}

/* Printed information, fingerprints, facial and iris images want the PIN. */
static bool wants_pin(uint32_t tag)
{
    return tag == 0x5FC109 || tag == 0x5FC103 || tag == 0x5FC108 || tag == 0x5FC121;
}

/* The number in a tag list with one tag; false for anything else. */
static bool read_tag(struct slice data, uint32_t *tag, struct slice *rest)
{
    struct slice value;
    uint32_t outer;
    if (!tlv_next(&data, &outer, &value) || outer != TAG_LIST) return false;
    if (value.count < 1 || value.count > 3) return false;
    *tag = 0;
    for (size_t at = 0; at < value.count; at++) *tag = *tag << 8 | value.data[at];
    *rest = data;
    return true;
}

uint16_t get_data(struct context *context, const struct command *command, struct bytes *answer)
{
    struct slice rest;
    uint32_t tag;
    if (command->p1 != 0x3F || command->p2 != 0xFF) return STATUS_WRONG_PARAMETERS;
    if (!read_tag(command->data, &tag, &rest)) return STATUS_WRONG_DATA;
    if (tag == OBJECT_DISCOVERY) {
        bytes_append_tlv(answer, OBJECT_DISCOVERY, discovery, sizeof discovery);
        return STATUS_OK;
    }
    if (wants_pin(tag) && !context->session->pin_verified) return STATUS_SECURITY;
    if (tag == OBJECT_ATTESTATION_CERTIFICATE && !context->quirks->no_yubico &&
        !context->quirks->no_attestation) {
        /* Its key and certificate are made when they are first wanted. */
        attestation_key(context->card, context->quirks->attester);
    }
    const struct object *object = object_find(context->card, tag);
    if (object == NULL) return STATUS_NOT_FOUND;
    bytes_append_tlv(answer, TAG_DATA, object->value.data, object->value.count);
    return STATUS_OK;
}

uint16_t put_data(struct context *context, const struct command *command)
{
    struct slice rest, value;
    uint32_t tag, outer;
    if (command->p1 != 0x3F || command->p2 != 0xFF) return STATUS_WRONG_PARAMETERS;
    if (!context->session->managed) return STATUS_SECURITY;
    if (!read_tag(command->data, &tag, &rest) || tag >> 16 != 0x5F) return STATUS_WRONG_DATA;
    if (!tlv_next(&rest, &outer, &value) || outer != TAG_DATA || rest.count != 0) {
        return STATUS_WRONG_DATA;
    }
    if (value.count > OBJECT_LIMIT) return STATUS_WRONG_LENGTH;
    if (!object_put(context->card, tag, value)) return STATUS_NO_SPACE;
    card_save(context->card);
    return STATUS_OK;
}
