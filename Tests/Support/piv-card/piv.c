/* SPDX-License-Identifier: Apache-2.0
 *
 * Which application is spoken to, and which instruction goes where. Besides PIV there is as much of
 * Yubico's management and OTP applications as yubico-piv-tool wants to know. */

#include "application.h"

#include <stdio.h>
#include <string.h>

enum instruction {
    INS_OTP_REQUEST = 0x01,
    INS_DEVICE_INFORMATION = 0x1D,
    INS_VERIFY = 0x20,
    INS_CHANGE_REFERENCE = 0x24,
    INS_RESET_RETRY_COUNTER = 0x2C,
    INS_GENERATE = 0x47,
    INS_AUTHENTICATE = 0x87,
    INS_SELECT = 0xA4,
    INS_GET_DATA = 0xCB,
    INS_PUT_DATA = 0xDB,
    INS_MOVE_KEY = 0xF6,
    INS_GET_METADATA = 0xF7,
    INS_GET_SERIAL = 0xF8,
    INS_ATTEST = 0xF9,
    INS_SET_PIN_RETRIES = 0xFA,
    INS_RESET = 0xFB,
    INS_GET_VERSION = 0xFD,
    INS_IMPORT = 0xFE,
    INS_SET_MANAGEMENT_KEY = 0xFF,
};

static const uint8_t piv_name[] = {0xA0, 0x00, 0x00, 0x03, 0x08, 0x00,
                                   0x00, 0x10, 0x00, 0x01, 0x00};
static const uint8_t management_name[] = {0xA0, 0x00, 0x00, 0x05, 0x27, 0x47, 0x11, 0x17};
static const uint8_t otp_name[] = {0xA0, 0x00, 0x00, 0x05, 0x27, 0x20, 0x01, 0x01};

/* Applications are selected by the beginning of their name as well. */
static bool begins(struct slice name, const uint8_t *whole, size_t count, size_t least)
{
    return name.count >= least && name.count <= count &&
           memcmp(name.data, whole, name.count) == 0;
}

/* The application property template of SP 800-73-4 part 2 table 3. */
static void append_property(struct bytes *answer)
{
    static const uint8_t property[] = {
        0x4F, 0x06, 0x00, 0x00, 0x10, 0x00, 0x01, 0x00, 0x79, 0x07,
        0x4F, 0x05, 0xA0, 0x00, 0x00, 0x03, 0x08,
    };
    bytes_append_tlv(answer, 0x61, property, sizeof property);
}

static void append_version(const struct card *card, struct bytes *answer)
{
    const struct version firmware = card->firmware;
    bytes_append(answer, (uint8_t[]){firmware.major, firmware.minor, firmware.patch}, 3);
}

static void append_serial(const struct card *card, struct bytes *answer)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        bytes_append_byte(answer, (uint8_t)(card->serial >> shift));
    }
}

/* What was shown to one application is nothing to the next. */
static void enter(struct context *context, enum applet applet)
{
    struct session *session = context->session;
    if (session->applet != applet || context->quirks->select_resets) {
        session->pin_verified = session->pin_fresh = session->managed = false;
        session->handshake = HANDSHAKE_NONE;
    }
    session->applet = applet;
}

static uint16_t select_application(struct context *context, const struct command *command,
                                   struct bytes *answer)
{
    if (command->p1 != 0x04) return STATUS_WRONG_PARAMETERS;
    if (begins(command->data, piv_name, sizeof piv_name, 5)) {
        enter(context, APPLET_PIV);
        append_property(answer);
        return STATUS_OK;
    }
    if (context->quirks->no_yubico) return STATUS_NOT_FOUND;
    if (begins(command->data, management_name, sizeof management_name, 8)) {
        char text[64];
        const struct version firmware = context->card->firmware;
        enter(context, APPLET_MANAGEMENT);
        int count = snprintf(text, sizeof text, "Virtual mgr - FW version %u.%u.%u",
                             firmware.major, firmware.minor, firmware.patch);
        bytes_append(answer, text, (size_t)count);
        return STATUS_OK;
    }
    if (begins(command->data, otp_name, sizeof otp_name, 7)) {
        enter(context, APPLET_OTP);
        append_version(context->card, answer);
        bytes_append(answer, (uint8_t[]){0x00, 0x00, 0x00, 0x00}, 4);
        return STATUS_OK;
    }
    return STATUS_NOT_FOUND;
}

/* Serial, firmware and form factor, in the tags of Yubico's management application. */
static uint16_t management_command(struct context *context, const struct command *command,
                                   struct bytes *answer)
{
    struct bytes body = {0}, serial = {0}, version = {0};
    if (command->ins != INS_DEVICE_INFORMATION) return STATUS_NO_INSTRUCTION;
    append_serial(context->card, &serial);
    append_version(context->card, &version);
    bytes_append_tlv(&body, 0x01, (uint8_t[]){0x02, 0x3F}, 2);
    if (!context->quirks->no_serial) bytes_append_tlv(&body, 0x02, serial.data, serial.count);
    bytes_append_tlv(&body, 0x03, (uint8_t[]){0x02, 0x3F}, 2);
    bytes_append_tlv(&body, 0x04, (uint8_t[]){context->quirks->fips ? 0x81 : 0x01}, 1);
    bytes_append_tlv(&body, 0x05, version.data, version.count);
    bytes_append_byte(answer, (uint8_t)body.count);
    bytes_append(answer, body.data, body.count);
    bytes_free(&body);
    bytes_free(&serial);
    bytes_free(&version);
    return STATUS_OK;
}

static uint16_t otp_command(struct context *context, const struct command *command,
                            struct bytes *answer)
{
    enum { REQUEST_SERIAL = 0x10 };
    if (command->ins != INS_OTP_REQUEST) return STATUS_NO_INSTRUCTION;
    if (command->p1 != REQUEST_SERIAL || context->quirks->no_serial) {
        return STATUS_WRONG_PARAMETERS;
    }
    append_serial(context->card, answer);
    return STATUS_OK;
}

/* What Yubico has added to the standard. */
static uint16_t extension(struct context *context, const struct command *command,
                          struct bytes *answer)
{
    const struct quirks *quirks = context->quirks;
    struct version firmware = context->card->firmware;
    if (quirks->no_yubico) return STATUS_NO_INSTRUCTION;
    switch (command->ins) {
    case INS_MOVE_KEY: return move_key(context, command);
    case INS_GET_METADATA: return get_metadata(context, command, answer);
    case INS_GET_SERIAL:
        if (quirks->no_serial || !version_at_least(firmware, 5, 0, 0)) break;
        append_serial(context->card, answer);
        return STATUS_OK;
    case INS_ATTEST:
        if (quirks->no_attestation || !version_at_least(firmware, 4, 3, 0)) break;
        return attest_key(context, command, answer);
    case INS_SET_PIN_RETRIES: return set_pin_retries(context, command);
    case INS_RESET: return reset_card(context);
    case INS_GET_VERSION:
        if (quirks->no_version) break;
        append_version(context->card, answer);
        return STATUS_OK;
    case INS_IMPORT: return import_key(context, command);
    case INS_SET_MANAGEMENT_KEY: return set_management_key(context, command);
    default: break;
    }
    return STATUS_NO_INSTRUCTION;
}

uint16_t piv_command(struct context *context, const struct command *command,
                     struct bytes *answer)
{
    if (command->ins == INS_SELECT) return select_application(context, command, answer);
    switch (context->session->applet) {
    case APPLET_MANAGEMENT: return management_command(context, command, answer);
    case APPLET_OTP: return otp_command(context, command, answer);
    case APPLET_NONE: return STATUS_NO_INSTRUCTION;
    case APPLET_PIV: break;
    }
    switch (command->ins) {
    case INS_VERIFY: return verify_pin(context, command);
    case INS_CHANGE_REFERENCE: return change_reference(context, command);
    case INS_RESET_RETRY_COUNTER: return reset_retry_counter(context, command);
    case INS_GENERATE: return generate_key(context, command, answer);
    case INS_AUTHENTICATE: return general_authenticate(context, command, answer);
    case INS_GET_DATA: return get_data(context, command, answer);
    case INS_PUT_DATA: return put_data(context, command);
    default: return extension(context, command, answer);
    }
}
