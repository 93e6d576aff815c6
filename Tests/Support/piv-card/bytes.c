/* SPDX-License-Identifier: Apache-2.0 */

#include "bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *allocate(size_t count)
{
    void *memory = calloc(1, count > 0 ? count : 1);
    if (memory == NULL) {
        fputs("piv-card: out of memory\n", stderr);
        abort();
    }
    return memory;
}

char *duplicate(const char *text)
{
    size_t count = strlen(text) + 1;
    return memcpy(allocate(count), text, count);
}

struct slice slice_of(const struct bytes *bytes)
{
    return (struct slice){bytes->data, bytes->count};
}

struct slice slice_after(struct slice slice, size_t count)
{
    if (count >= slice.count) return (struct slice){NULL, 0};
    return (struct slice){slice.data + count, slice.count - count};
}

void bytes_append(struct bytes *bytes, const void *data, size_t count)
{
    if (count == 0) return;
    if (bytes->capacity - bytes->count < count) {
        size_t capacity = (bytes->count + count) * 2;
        uint8_t *grown = allocate(capacity);
        if (bytes->count > 0) memcpy(grown, bytes->data, bytes->count);
        free(bytes->data);
        bytes->data = grown;
        bytes->capacity = capacity;
    }
    memcpy(bytes->data + bytes->count, data, count);
    bytes->count += count;
}

void bytes_append_byte(struct bytes *bytes, uint8_t byte)
{
    bytes_append(bytes, &byte, 1);
}

void bytes_append_tlv(struct bytes *bytes, uint32_t tag, const void *value, size_t count)
{
    for (int shift = 16; shift >= 0; shift -= 8) {
        if (tag >> shift != 0) bytes_append_byte(bytes, (uint8_t)(tag >> shift));
    }
    if (count > 0xFF) {
        bytes_append(bytes, (uint8_t[]){0x82, (uint8_t)(count >> 8), (uint8_t)count}, 3);
    } else if (count > 0x7F) {
        bytes_append(bytes, (uint8_t[]){0x81, (uint8_t)count}, 2);
    } else {
        bytes_append_byte(bytes, (uint8_t)count);
    }
    bytes_append(bytes, value, count);
}

void bytes_clear(struct bytes *bytes)
{
    bytes->count = 0;
}

void bytes_free(struct bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct bytes){NULL, 0, 0};
}

/* Takes one byte off; false where none is left. */
static bool next_byte(struct slice *rest, uint8_t *byte)
{
    if (rest->count == 0) return false;
    *byte = rest->data[0];
    *rest = slice_after(*rest, 1);
    return true;
}

bool tlv_next(struct slice *rest, uint32_t *tag, struct slice *value)
{
    uint8_t byte;
    struct slice at = *rest;
    if (!next_byte(&at, &byte)) return false;
    *tag = byte;
    if ((byte & 0x1F) == 0x1F) {
        do {
            if (*tag > 0xFFFF || !next_byte(&at, &byte)) return false;
            *tag = *tag << 8 | byte;
        } while (byte & 0x80);
    }
    if (!next_byte(&at, &byte)) return false;
    size_t count = byte;
    if (byte & 0x80) {
        int digits = byte & 0x7F;
        if (digits < 1 || digits > 3) return false;
        for (count = 0; digits > 0; digits--) {
            if (!next_byte(&at, &byte)) return false;
            count = count << 8 | byte;
        }
    }
    if (count > at.count) return false;
    *value = (struct slice){at.data, count};
    *rest = slice_after(at, count);
    return true;
}

bool tlv_find(struct slice from, uint32_t tag, struct slice *value)
{
    uint32_t found;
    while (tlv_next(&from, &found, value)) {
        if (found == tag) return true;
    }
    return false;
}

uint8_t tlv_byte(struct slice from, uint32_t tag, uint8_t fallback)
{
    struct slice value;
    return tlv_find(from, tag, &value) && value.count == 1 ? value.data[0] : fallback;
}

static int digit_value(char digit)
{
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

bool hex_decode(const char *text, struct bytes *bytes)
{
    for (; *text != '\0'; text += 2) {
        int high = digit_value(text[0]);
        int low = high < 0 ? -1 : digit_value(text[1]);
        if (low < 0) return false;
        bytes_append_byte(bytes, (uint8_t)(high << 4 | low));
    }
    return true;
}

char *hex_encode(const void *data, size_t count)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *bytes = data;
    char *text = allocate(count * 2 + 1);
    for (size_t at = 0; at < count; at++) {
        text[at * 2] = digits[bytes[at] >> 4];
        text[at * 2 + 1] = digits[bytes[at] & 0x0F];
    }
    return text;
}
