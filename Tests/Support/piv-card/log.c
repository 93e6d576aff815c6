/* SPDX-License-Identifier: Apache-2.0
 *
 * What was said between reader and card, PINs and all: the newest part of it. */

#include "simulator.h"

#include <string.h>

void log_append(struct simulator *simulator, char kind, struct slice bytes)
{
    if (simulator->log_count == LOG_LIMIT) {
        simulator->log_start = (simulator->log_start + 1) % LOG_LIMIT;
        simulator->log_count--;
    }
    size_t at = (simulator->log_start + simulator->log_count) % LOG_LIMIT;
    struct entry *entry = &simulator->log[at];
    entry->kind = kind;
    bytes_clear(&entry->bytes);
    bytes_append(&entry->bytes, bytes.data, bytes.count);
    simulator->log_count++;
}

void log_event(struct simulator *simulator, const char *text)
{
    log_append(simulator, '*', (struct slice){(const uint8_t *)text, strlen(text)});
}

void log_clear(struct simulator *simulator)
{
    for (size_t at = 0; at < LOG_LIMIT; at++) bytes_free(&simulator->log[at].bytes);
    simulator->log_start = simulator->log_count = 0;
}
