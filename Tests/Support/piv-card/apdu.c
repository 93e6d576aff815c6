/* SPDX-License-Identifier: Apache-2.0
 *
 * Commands in short and extended form, in pieces (CLA 10), and answers in pieces (61xx and GET
 * RESPONSE): ISO 7816-4 section 5.1, SP 800-73-4 part 2 section 2.4. */

#include "application.h"

#include <string.h>

enum { GET_RESPONSE = 0xC0, CLASS_CHAINED = 0x10, SHORT_LIMIT = 256, EXTENDED_LIMIT = 65536 };

void session_reset(struct session *session)
{
    bytes_free(&session->chain);
    bytes_free(&session->answer);
    *session = (struct session){.applet = APPLET_NONE};
}

/* Takes lengths and data apart; false where they don't fit the command's size. */
static bool parse(struct slice bytes, struct command *command)
{
    if (bytes.count < 4) return false;
    *command = (struct command){
        .cla = bytes.data[0],
        .ins = bytes.data[1],
        .p1 = bytes.data[2],
        .p2 = bytes.data[3],
        .expected = SHORT_LIMIT,
    };
    struct slice body = slice_after(bytes, 4);
    if (body.count == 0) return true;
    if (body.count == 1) {
        command->expected = body.data[0] > 0 ? body.data[0] : SHORT_LIMIT;
        return true;
    }
    bool extended = body.data[0] == 0 && body.count >= 3;
    size_t given = body.data[0];
    if (extended) given = (size_t)body.data[1] << 8 | body.data[2];
    if (extended && body.count == 3) {
        command->expected = given > 0 ? given : EXTENDED_LIMIT;
        return true;
    }
    body = slice_after(body, extended ? 3 : 1);
    if (given == 0 || given > body.count) return false;
    command->data = (struct slice){body.data, given};
    body = slice_after(body, given);
    if (extended) command->expected = EXTENDED_LIMIT;
    if (body.count == 0) return true;
    if (body.count != (extended ? 2 : 1)) return false;
    size_t wanted = extended ? (size_t)body.data[0] << 8 | body.data[1] : body.data[0];
    if (wanted > 0) command->expected = wanted;
    return true;
}

static void append_status(struct bytes *answer, uint16_t status)
{
    bytes_append_byte(answer, (uint8_t)(status >> 8));
    bytes_append_byte(answer, (uint8_t)status);
}

/* Hands out as much of the answer as is wanted, and says how much is left. */
static void hand_out(struct session *session, size_t wanted, uint16_t status,
                     struct bytes *answer)
{
    struct slice rest = slice_after(slice_of(&session->answer), session->answered);
    size_t given = rest.count < wanted ? rest.count : wanted;
    bytes_append(answer, rest.data, given);
    session->answered += given;
    size_t left = rest.count - given;
    if (left > 0) {
        append_status(answer, (uint16_t)(STATUS_MORE | (left < SHORT_LIMIT ? left : 0)));
        return;
    }
    bytes_clear(&session->answer);
    session->answered = 0;
    append_status(answer, status);
}

/* Puts a piece behind those before it; false where it belongs to another command. */
static bool add_piece(struct session *session, const struct command *command)
{
    uint8_t header[3] = {command->ins, command->p1, command->p2};
    if (session->chain.count == 0) {
        memcpy(session->chain_header, header, sizeof header);
    } else if (memcmp(session->chain_header, header, sizeof header) != 0) {
        return false;
    }
    if (session->chain.count + command->data.count > CHAIN_LIMIT) return false;
    bytes_append(&session->chain, command->data.data, command->data.count);
    return true;
}

void apdu_exchange(struct context *context, struct slice bytes, struct bytes *answer)
{
    struct session *session = context->session;
    struct command command;
    if (!parse(bytes, &command)) {
        append_status(answer, STATUS_WRONG_LENGTH);
        return;
    }
    if ((command.cla & ~CLASS_CHAINED) != 0) {
        append_status(answer, STATUS_NO_CLASS);
        return;
    }
    if (command.ins == GET_RESPONSE && command.cla == 0) {
        if (session->answer.count == 0) {
            append_status(answer, STATUS_CONDITIONS);
        } else {
            hand_out(session, command.expected, STATUS_OK, answer);
        }
        return;
    }
    bytes_clear(&session->answer);
    session->answered = 0;
    bool chained = session->chain.count > 0 || command.cla == CLASS_CHAINED;
    if (chained && !add_piece(session, &command)) {
        bytes_clear(&session->chain);
        append_status(answer, STATUS_WRONG_DATA);
        return;
    }
    if (command.cla == CLASS_CHAINED) {
        append_status(answer, STATUS_OK);
        return;
    }
    /* A wait for a touch may see the session reset: what the command needs is its own. */
    struct bytes whole = session->chain, result = {0};
    session->chain = (struct bytes){0};
    if (chained) command.data = slice_of(&whole);
    uint16_t status = piv_command(context, &command, &result);
    bytes_free(&whole);
    if (status != STATUS_OK) bytes_clear(&result);
    bytes_free(&session->answer);
    session->answer = result;
    hand_out(session, command.expected, status, answer);
}
