/* SPDX-License-Identifier: Apache-2.0
 *
 * Byte strings, borrowed and owned, hexadecimal digits, and the tags and lengths (BER-TLV) that
 * everything in the PIV application is written in. */

#ifndef PIV_CARD_BYTES_H
#define PIV_CARD_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that belong to somebody else. */
struct slice {
    const uint8_t *data;
    size_t count;
};

/* Bytes of one's own, which grow; all zero is an empty one. */
struct bytes {
    uint8_t *data;
    size_t count;
    size_t capacity;
};

struct slice slice_of(const struct bytes *bytes);
/* What follows the first `count` bytes; nothing where there are no more. */
struct slice slice_after(struct slice slice, size_t count);

void bytes_append(struct bytes *bytes, const void *data, size_t count);
void bytes_append_byte(struct bytes *bytes, uint8_t byte);
/* Appends a tag of one to three bytes, the length in the fewest bytes, and the value. */
void bytes_append_tlv(struct bytes *bytes, uint32_t tag, const void *value, size_t count);
void bytes_clear(struct bytes *bytes);
void bytes_free(struct bytes *bytes);

/* Takes the next tag, length and value off `rest`; false at the end and where they are broken. */
bool tlv_next(struct slice *rest, uint32_t *tag, struct slice *value);
/* Looks for a tag on the level of `from`; false where it is absent, or behind something broken. */
bool tlv_find(struct slice from, uint32_t tag, struct slice *value);
/* The value of a tag that holds one byte; `fallback` where it is absent. */
uint8_t tlv_byte(struct slice from, uint32_t tag, uint8_t fallback);

/* Appends what hexadecimal digits in pairs stand for; false where they don't. */
bool hex_decode(const char *text, struct bytes *bytes);
/* The digits and a NUL; to be freed. */
char *hex_encode(const void *data, size_t count);

/* Memory, or the end of the program: a card of the tests has no other way on. */
void *allocate(size_t count);
char *duplicate(const char *text);

#endif
