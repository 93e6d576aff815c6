/* SPDX-License-Identifier: Apache-2.0
 *
 * PIN and PUK, and what is counted about them: SP 800-73-4 part 2 sections 3.2.1 to 3.2.3. */

#include "application.h"

#include <string.h>

#include <openssl/crypto.h>

static struct reference *reference_named(struct card *card, uint8_t name)
{
    if (name == REFERENCE_PIN) return &card->pin;
    if (name == REFERENCE_PUK) return &card->puk;
    return NULL;
}

/* Six to eight bytes, then FF to the end. */
static bool is_well_formed(const uint8_t *value)
{
    size_t count = 0;
    while (count < REFERENCE_SIZE && value[count] != 0xFF) count++;
    if (count < 6) return false;
    for (size_t at = count; at < REFERENCE_SIZE; at++) {
        if (value[at] != 0xFF) return false;
    }
    return true;
}

/* Compares, and counts the try; the file is written only where the count changes. */
static uint16_t try_reference(struct card *card, struct reference *reference,
                              const uint8_t *value)
{
    if (reference->left == 0) return STATUS_BLOCKED;
    if (CRYPTO_memcmp(reference->value, value, REFERENCE_SIZE) != 0) {
        reference->left--;
        card_save(card);
        return (uint16_t)(STATUS_TRIES_LEFT | (reference->left < 15 ? reference->left : 15));
    }
    if (reference->left != reference->limit) {
        reference->left = reference->limit;
        card_save(card);
    }
    return STATUS_OK;
}

static void forget_pin(struct session *session)
{
    session->pin_verified = session->pin_fresh = false;
}

uint16_t verify_pin(struct context *context, const struct command *command)
{
    struct session *session = context->session;
    struct reference *pin = &context->card->pin;
    if (command->p2 != REFERENCE_PIN) return STATUS_NO_REFERENCE;
    if (command->p1 == 0xFF) {
        if (command->data.count != 0) return STATUS_WRONG_DATA;
        forget_pin(session);
        return STATUS_OK;
    }
    if (command->p1 != 0) return STATUS_WRONG_PARAMETERS;
    if (command->data.count == 0) {
        if (session->pin_verified) return STATUS_OK;
        if (pin->left == 0) return STATUS_BLOCKED;
        return (uint16_t)(STATUS_TRIES_LEFT | (pin->left < 15 ? pin->left : 15));
    }
    if (command->data.count != REFERENCE_SIZE) return STATUS_WRONG_DATA;
    uint16_t status = try_reference(context->card, pin, command->data.data);
    session->pin_verified = session->pin_fresh = status == STATUS_OK;
    return status;
}

uint16_t change_reference(struct context *context, const struct command *command)
{
    struct reference *reference = reference_named(context->card, command->p2);
    if (command->p1 != 0) return STATUS_WRONG_PARAMETERS;
    if (reference == NULL) return STATUS_NO_REFERENCE;
    if (command->data.count != 2 * REFERENCE_SIZE ||
        !is_well_formed(command->data.data + REFERENCE_SIZE)) {
        return STATUS_WRONG_DATA;
    }
    uint16_t status = try_reference(context->card, reference, command->data.data);
    if (status == STATUS_OK) {
        memcpy(reference->value, command->data.data + REFERENCE_SIZE, REFERENCE_SIZE);
        card_save(context->card);
    } else if (reference == &context->card->pin) {
        forget_pin(context->session);
    }
    return status;
}

uint16_t reset_retry_counter(struct context *context, const struct command *command)
{
    struct card *card = context->card;
    if (command->p1 != 0) return STATUS_WRONG_PARAMETERS;
    if (command->p2 != REFERENCE_PIN) return STATUS_NO_REFERENCE;
    if (command->data.count != 2 * REFERENCE_SIZE ||
        !is_well_formed(command->data.data + REFERENCE_SIZE)) {
        return STATUS_WRONG_DATA;
    }
    uint16_t status = try_reference(card, &card->puk, command->data.data);
    if (status != STATUS_OK) return status;
    memcpy(card->pin.value, command->data.data + REFERENCE_SIZE, REFERENCE_SIZE);
    card->pin.left = card->pin.limit;
    forget_pin(context->session);
    card_save(card);
    return STATUS_OK;
}

/* PIN and PUK are those of the factory afterwards. */
uint16_t set_pin_retries(struct context *context, const struct command *command)
{
    struct card *card = context->card;
    if (!context->session->managed || !context->session->pin_verified) return STATUS_SECURITY;
    if (command->p1 == 0 || command->p2 == 0) return STATUS_WRONG_PARAMETERS;
    memcpy(card->pin.value, "123456\xFF\xFF", REFERENCE_SIZE);
    memcpy(card->puk.value, "12345678", REFERENCE_SIZE);
    card->pin.left = card->pin.limit = command->p1;
    card->puk.left = card->puk.limit = command->p2;
    forget_pin(context->session);
    card_save(card);
    return STATUS_OK;
}

uint16_t reset_card(struct context *context)
{
    if (context->card->pin.left > 0 || context->card->puk.left > 0) return STATUS_CONDITIONS;
    card_reset(context->card);
    card_save(context->card);
    forget_pin(context->session);
    context->session->managed = false;
    return STATUS_OK;
}
