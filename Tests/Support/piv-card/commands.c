/* SPDX-License-Identifier: Apache-2.0
 *
 * The control language: README.md has a line on each command. */

#include "simulator.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((format(printf, 2, 3))) static void say(struct bytes *reply, const char *format,
                                                      ...)
{
    char text[5000];
    va_list arguments;
    va_start(arguments, format);
    int count = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (count > 0) bytes_append(reply, text, strnlen(text, sizeof text));
}

static void say_ok(struct bytes *reply)
{
    say(reply, "ok\n");
}

static void say_error(struct bytes *reply, const char *text)
{
    say(reply, "error %s\n", text);
}

/* A whole number, decimal or hexadecimal, up to `limit`; false for anything else. */
static bool read_number(const char *text, int base, unsigned long limit, unsigned long *number)
{
    char *end;
    if (text == NULL || *text == '\0' || *text == '-' || *text == '+') return false;
    errno = 0;
    *number = strtoul(text, &end, base);
    return errno == 0 && *end == '\0' && *number <= limit;
}

static bool read_version(const char *text, struct version *version)
{
    unsigned major, minor, patch;
    char rest;
    if (text == NULL || sscanf(text, "%u.%u.%u%c", &major, &minor, &patch, &rest) != 3 ||
        major > 255 || minor > 255 || patch > 255) {
        return false;
    }
    *version = (struct version){(uint8_t)major, (uint8_t)minor, (uint8_t)patch};
    return true;
}

/* The value where the command wants one. */
static bool read_fault_value(struct fault *fault, char **rest)
{
    unsigned long number = 0;
    switch (fault->action) {
    case FAULT_STATUS:
        if (!read_number(strtok_r(NULL, " ", rest), 16, 0xFFFF, &number)) return false;
        break;
    case FAULT_TRUNCATE:
    case FAULT_DELAY:
        if (!read_number(strtok_r(NULL, " ", rest), 10, 3600000, &number)) return false;
        break;
    case FAULT_ANSWER: {
        const char *digits = strtok_r(NULL, " ", rest);
        return digits != NULL && hex_decode(digits, &fault->answer);
    }
    default: break;
    }
    fault->number = (unsigned)number;
    return true;
}

/* ins XX, nth N, times N, in any order. */
static bool read_fault_options(struct fault *fault, char **rest)
{
    const char *option;
    unsigned long number;
    while ((option = strtok_r(NULL, " ", rest)) != NULL) {
        const char *value = strtok_r(NULL, " ", rest);
        if (strcmp(option, "ins") == 0 && read_number(value, 16, 0xFF, &number)) {
            fault->instruction = (int)number;
        } else if (strcmp(option, "nth") == 0 && read_number(value, 10, 1000000, &number) &&
                   number > 0) {
            fault->skip = (unsigned)number - 1;
        } else if (strcmp(option, "times") == 0 && read_number(value, 10, 1000000, &number) &&
                   number > 0) {
            fault->times = (unsigned)number;
        } else {
            return false;
        }
    }
    return true;
}

static void command_fault(struct simulator *simulator, char **rest, struct bytes *reply)
{
    static const char *const actions[] = {
        [FAULT_VANISH_BEFORE] = "vanish-before", [FAULT_VANISH_AFTER] = "vanish-after",
        [FAULT_STATUS] = "status",               [FAULT_ANSWER] = "answer",
        [FAULT_TRUNCATE] = "truncate",           [FAULT_LOGOUT] = "logout",
        [FAULT_DESELECT] = "deselect",           [FAULT_DELAY] = "delay",
    };
    struct fault fault = {.instruction = -1, .times = 1};
    const char *name = strtok_r(NULL, " ", rest);
    size_t at = 0, count = sizeof actions / sizeof *actions;
    if (name != NULL && strcmp(name, "clear") == 0) {
        faults_clear(simulator);
        say_ok(reply);
        return;
    }
    while (at < count && (name == NULL || strcmp(actions[at], name) != 0)) at++;
    fault.action = (enum fault_action)at;
    if (at == count || simulator->fault_count == FAULT_LIMIT ||
        !read_fault_value(&fault, rest) || !read_fault_options(&fault, rest)) {
        bytes_free(&fault.answer);
        say_error(reply, "no such fault");
        return;
    }
    simulator->faults[simulator->fault_count++] = fault;
    say_ok(reply);
}

static void command_touch(struct simulator *simulator, char **rest, struct bytes *reply)
{
    const char *mode = strtok_r(NULL, " ", rest);
    unsigned long number;
    if (mode == NULL) {
        if (!simulator->touch_awaited) {
            say_error(reply, "nothing waits for a touch");
            return;
        }
        simulator->touched = true;
    } else if (strcmp(mode, "manual") == 0) {
        simulator->touch_mode = TOUCH_BY_COMMAND;
    } else if (strcmp(mode, "never") == 0) {
        simulator->touch_mode = TOUCH_NOT_AT_ALL;
    } else if (strcmp(mode, "auto") == 0 &&
               read_number(strtok_r(NULL, " ", rest), 10, 3600000, &number)) {
        simulator->touch_mode = TOUCH_BY_ITSELF;
        simulator->touch_delay = (int)number;
    } else if (strcmp(mode, "limit") == 0 &&
               read_number(strtok_r(NULL, " ", rest), 10, 3600000, &number)) {
        simulator->touch_limit = (int)number;
    } else {
        say_error(reply, "touch: manual, never, auto MS or limit MS");
        return;
    }
    say_ok(reply);
}

static void command_await(struct client *client, char **rest, struct bytes *reply)
{
    const char *what = strtok_r(NULL, " ", rest);
    unsigned long instruction, count;
    if (what != NULL && strcmp(what, "seen") == 0) {
        client->awaited = AWAIT_SEEN;
    } else if (what != NULL && strcmp(what, "touch") == 0) {
        client->awaited = AWAIT_TOUCH;
    } else if (what != NULL && strcmp(what, "count") == 0 &&
               read_number(strtok_r(NULL, " ", rest), 10, 1000000000, &count)) {
        client->awaited = AWAIT_COUNT;
        client->instruction = -1;
        client->count = count;
    } else if (what != NULL && strcmp(what, "ins") == 0 &&
               read_number(strtok_r(NULL, " ", rest), 16, 0xFF, &instruction) &&
               read_number(strtok_r(NULL, " ", rest), 10, 1000000000, &count)) {
        client->awaited = AWAIT_COUNT;
        client->instruction = (int)instruction;
        client->count = count;
    } else {
        say_error(reply, "await: seen, touch, count N or ins XX N");
    }
}

static void command_log(struct simulator *simulator, char **rest, struct bytes *reply)
{
    const char *what = strtok_r(NULL, " ", rest);
    if (what != NULL && strcmp(what, "clear") == 0) {
        log_clear(simulator);
        say_ok(reply);
        return;
    }
    for (size_t at = 0; at < simulator->log_count; at++) {
        const struct entry *entry =
            &simulator->log[(simulator->log_start + at) % LOG_LIMIT];
        bytes_append_byte(reply, (uint8_t)entry->kind);
        bytes_append_byte(reply, ' ');
        if (entry->kind == '*') {
            bytes_append(reply, entry->bytes.data, entry->bytes.count);
        } else {
            char *digits = hex_encode(entry->bytes.data, entry->bytes.count);
            bytes_append(reply, digits, strlen(digits));
            free(digits);
        }
        bytes_append_byte(reply, '\n');
    }
    say(reply, "ok %zu\n", simulator->log_count);
}

static void command_insert(struct simulator *simulator, char **rest, struct bytes *reply)
{
    const char *path = strtok_r(NULL, "", rest);
    if (simulator->inserted) {
        say_error(reply, "a card is in already");
        return;
    }
    if (path != NULL) {
        free(simulator->next_path);
        simulator->next_path = duplicate(path);
    }
    simulator_insert(simulator);
    say_ok(reply);
}

static void command_object(struct simulator *simulator, char **rest, struct bytes *reply)
{
    unsigned long tag;
    struct bytes value = {0};
    bool right = read_number(strtok_r(NULL, " ", rest), 16, 0x5FFFFF, &tag);
    const char *digits = strtok_r(NULL, " ", rest);
    if (right && (digits == NULL || hex_decode(digits, &value)) &&
        value.count <= OBJECT_LIMIT && tag >> 16 == 0x5F &&
        object_put(simulator->card, (uint32_t)tag, slice_of(&value))) {
        card_save(simulator->card);
        say_ok(reply);
    } else {
        say_error(reply, "object: TAG [HEX]");
    }
    bytes_free(&value);
}

/* The Key History object, which says how many retired slots have certificates: SP 800-73-4 part 1
 * section 3.3.3. */
static void command_history(struct simulator *simulator, char **rest, struct bytes *reply)
{
    unsigned long count;
    if (!read_number(strtok_r(NULL, " ", rest), 10, 20, &count)) {
        say_error(reply, "history: 0 to 20");
        return;
    }
    uint8_t value[] = {0xC1, 0x01, (uint8_t)count, 0xC2, 0x01, 0x00, 0xFE, 0x00};
    object_put(simulator->card, 0x5FC10C, (struct slice){value, sizeof value});
    card_save(simulator->card);
    say_ok(reply);
}

static void command_count(struct simulator *simulator, char **rest, struct bytes *reply)
{
    const char *text = strtok_r(NULL, " ", rest);
    unsigned long instruction;
    if (text == NULL) {
        say(reply, "ok %lu\n", simulator->count);
    } else if (read_number(text, 16, 0xFF, &instruction)) {
        say(reply, "ok %lu\n", simulator->counts[instruction]);
    } else {
        say_error(reply, "count: [XX]");
    }
}

static void command_identity(struct simulator *simulator, const char *name, char **rest,
                             struct bytes *reply)
{
    struct card *card = simulator->card;
    const char *text = strtok_r(NULL, " ", rest);
    unsigned long serial;
    struct version version;
    if (text == NULL) {
        if (strcmp(name, "serial") == 0) {
            say(reply, "ok %" PRIu32 "\n", card->serial);
        } else {
            say(reply, "ok %u.%u.%u\n", card->firmware.major, card->firmware.minor,
                card->firmware.patch);
        }
        return;
    }
    if (strcmp(name, "serial") == 0 && read_number(text, 10, UINT32_MAX, &serial)) {
        card->serial = (uint32_t)serial;
    } else if (strcmp(name, "firmware") == 0 && read_version(text, &version)) {
        card->firmware = version;
    } else {
        say_error(reply, "serial N, firmware A.B.C");
        return;
    }
    card_save(card);
    say_ok(reply);
}

void control_line(struct simulator *simulator, struct client *client, char *line,
                  struct bytes *reply)
{
    char *rest = NULL;
    const char *name = strtok_r(line, " ", &rest);
    struct session *session = &simulator->session;
    struct card *card = simulator->card;
    if (name == NULL) {
        say_error(reply, "empty line");
    } else if (strcmp(name, "insert") == 0) {
        command_insert(simulator, &rest, reply);
    } else if (strcmp(name, "remove") == 0) {
        simulator_remove(simulator);
        say_ok(reply);
    } else if (strcmp(name, "fault") == 0) {
        command_fault(simulator, &rest, reply);
    } else if (strcmp(name, "touch") == 0) {
        command_touch(simulator, &rest, reply);
    } else if (strcmp(name, "await") == 0) {
        command_await(client, &rest, reply);
    } else if (strcmp(name, "log") == 0) {
        command_log(simulator, &rest, reply);
    } else if (strcmp(name, "count") == 0) {
        command_count(simulator, &rest, reply);
    } else if (strcmp(name, "object") == 0) {
        command_object(simulator, &rest, reply);
    } else if (strcmp(name, "history") == 0) {
        command_history(simulator, &rest, reply);
    } else if (strcmp(name, "serial") == 0 || strcmp(name, "firmware") == 0) {
        command_identity(simulator, name, &rest, reply);
    } else if (strcmp(name, "tries") == 0) {
        say(reply, "ok pin %u/%u puk %u/%u\n", card->pin.left, card->pin.limit, card->puk.left,
            card->puk.limit);
    } else if (strcmp(name, "logout") == 0) {
        session->pin_verified = session->pin_fresh = session->managed = false;
        say_ok(reply);
    } else if (strcmp(name, "deselect") == 0) {
        session_reset(session);
        say_ok(reply);
    } else if (strcmp(name, "quirk") == 0) {
        const char *quirk = strtok_r(NULL, " ", &rest);
        const char *value = strtok_r(NULL, " ", &rest);
        if (quirk != NULL && value != NULL && quirk_set(&simulator->quirks, quirk, value)) {
            say_ok(reply);
        } else {
            say_error(reply, "no such quirk or value");
        }
    } else {
        say_error(reply, "no such command");
    }
}
