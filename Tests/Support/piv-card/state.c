/* SPDX-License-Identifier: Apache-2.0
 *
 * A card's file: lines of text, so that a test that failed can be looked into. It is written whole
 * and renamed into place. Private keys lie in it in the open. */

#include "card.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/rand.h>
#include <openssl/x509.h>

static const char title[] = "piv-card 1";

bool version_at_least(struct version version, uint8_t major, uint8_t minor, uint8_t patch)
{
    if (version.major != major) return version.major > major;
    if (version.minor != minor) return version.minor > minor;
    return version.patch >= patch;
}

bool is_key_slot(uint8_t slot)
{
    switch (slot) {
    case SLOT_AUTHENTICATION:
    case SLOT_SIGNATURE:
    case SLOT_KEY_MANAGEMENT:
    case SLOT_CARD_AUTHENTICATION:
    case SLOT_ATTESTATION:
        return true;
    default:
        return slot >= SLOT_FIRST_RETIRED && slot <= SLOT_LAST_RETIRED;
    }
}

int64_t monotonic_milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void set_reference(struct reference *reference, const char *value)
{
    memset(reference->value, 0xFF, REFERENCE_SIZE);
    memcpy(reference->value, value, strlen(value));
    reference->left = reference->limit = 3;
}

void card_reset(struct card *card)
{
    set_reference(&card->pin, "123456");
    set_reference(&card->puk, "12345678");
    for (size_t at = 0; at < sizeof card->management; at++) {
        card->management[at] = (uint8_t)(at % 8 + 1);
    }
    card->management_algorithm =
        version_at_least(card->firmware, 5, 7, 0) ? ALGORITHM_AES192 : ALGORITHM_3DES;
    card->management_touch = TOUCH_NEVER;
    for (size_t slot = 0; slot < 256; slot++) {
        if (slot == SLOT_ATTESTATION) continue;
        EVP_PKEY_free(card->keys[slot].pair);
        card->keys[slot] = (struct key){.algorithm = ALGORITHM_NONE};
    }
    size_t kept = 0;
    for (size_t at = 0; at < card->object_count; at++) {
        if (card->objects[at].tag == 0x5FFF01) {
            card->objects[kept++] = card->objects[at];
        } else {
            bytes_free(&card->objects[at].value);
        }
    }
    card->object_count = kept;
}

void card_free(struct card *card)
{
    if (card == NULL) return;
    for (size_t slot = 0; slot < 256; slot++) EVP_PKEY_free(card->keys[slot].pair);
    for (size_t at = 0; at < card->object_count; at++) bytes_free(&card->objects[at].value);
    free(card->path);
    free(card->authority);
    free(card);
}

static void write_reference(FILE *file, const char *name, const struct reference *reference)
{
    char *value = hex_encode(reference->value, REFERENCE_SIZE);
    fprintf(file, "%s %s %u %u\n", name, value, reference->left, reference->limit);
    free(value);
}

static void write_card(FILE *file, const struct card *card)
{
    fprintf(file, "%s\nfirmware %u %u %u\nserial %" PRIu32 "\n", title, card->firmware.major,
            card->firmware.minor, card->firmware.patch, card->serial);
    write_reference(file, "pin", &card->pin);
    write_reference(file, "puk", &card->puk);
    char *management = hex_encode(card->management, sizeof card->management);
    fprintf(file, "management %u %u %s\n", card->management_algorithm, card->management_touch,
            management);
    free(management);
    for (unsigned slot = 0; slot < 256; slot++) {
        const struct key *key = &card->keys[slot];
        if (key->algorithm == ALGORITHM_NONE) continue;
        uint8_t *encoded = NULL;
        int count = i2d_PrivateKey(key->pair, &encoded);
        char *pair = hex_encode(encoded, count > 0 ? (size_t)count : 0);
        fprintf(file, "key %u %u %u %u %u %s\n", slot, key->algorithm, key->pin_policy,
                key->touch_policy, key->origin, pair);
        free(pair);
        OPENSSL_free(encoded);
    }
    for (size_t at = 0; at < card->object_count; at++) {
        const struct object *object = &card->objects[at];
        char *value = hex_encode(object->value.data, object->value.count);
        fprintf(file, "object %" PRIu32 " %s\n", object->tag, value);
        free(value);
    }
}

void card_save(const struct card *card)
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s.new-%d", card->path, (int)getpid());
    FILE *file = length > 0 && (size_t)length < sizeof path ? fopen(path, "wx") : NULL;
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    write_card(file, card);
    bool failed = ferror(file) != 0;
    if (fclose(file) != 0 || failed || rename(path, card->path) != 0) {
        perror(card->path);
        unlink(path);
        exit(1);
    }
}

/* Reads a value of exactly `count` bytes. */
static bool read_hex(const char *text, uint8_t *into, size_t count)
{
    struct bytes bytes = {0};
    bool right = hex_decode(text, &bytes) && bytes.count == count;
    if (right) memcpy(into, bytes.data, count);
    bytes_free(&bytes);
    return right;
}

static bool read_key(struct card *card, const char *line)
{
    unsigned slot, numbers[4];
    int at = 0;
    if (sscanf(line, "key %u %u %u %u %u %n", &slot, &numbers[0], &numbers[1], &numbers[2],
               &numbers[3], &at) != 5 ||
        at == 0 || slot > 255) {
        return false;
    }
    struct bytes encoded = {0};
    bool right = hex_decode(line + at, &encoded);
    const uint8_t *data = encoded.data;
    EVP_PKEY *pair = right ? d2i_AutoPrivateKey(NULL, &data, (long)encoded.count) : NULL;
    bytes_free(&encoded);
    if (pair == NULL) return false;
    EVP_PKEY_free(card->keys[slot].pair);
    card->keys[slot] = (struct key){.algorithm = (uint8_t)numbers[0],
                                    .pin_policy = (uint8_t)numbers[1],
                                    .touch_policy = (uint8_t)numbers[2],
                                    .origin = (uint8_t)numbers[3],
                                    .pair = pair};
    return true;
}

static bool read_object(struct card *card, const char *line)
{
    uint32_t tag;
    int at = 0;
    if (sscanf(line, "object %" SCNu32 " %n", &tag, &at) != 1 || at == 0) return false;
    struct bytes value = {0};
    bool right = hex_decode(line + at, &value) && object_put(card, tag, slice_of(&value));
    bytes_free(&value);
    return right;
}

static bool read_reference(struct reference *reference, const char *value, unsigned left,
                           unsigned limit)
{
    reference->left = (uint8_t)left;
    reference->limit = (uint8_t)limit;
    return read_hex(value, reference->value, REFERENCE_SIZE);
}

static bool read_line(struct card *card, const char *line)
{
    unsigned a, b, c;
    char value[65];
    if (strcmp(line, title) == 0) return true;
    if (sscanf(line, "firmware %u %u %u", &a, &b, &c) == 3) {
        card->firmware = (struct version){(uint8_t)a, (uint8_t)b, (uint8_t)c};
        return true;
    }
    if (sscanf(line, "serial %" SCNu32, &card->serial) == 1) return true;
    if (sscanf(line, "pin %64s %u %u", value, &a, &b) == 3) {
        return read_reference(&card->pin, value, a, b);
    }
    if (sscanf(line, "puk %64s %u %u", value, &a, &b) == 3) {
        return read_reference(&card->puk, value, a, b);
    }
    if (sscanf(line, "management %u %u %64s", &a, &b, value) == 3) {
        card->management_algorithm = (uint8_t)a;
        card->management_touch = (uint8_t)b;
        return read_hex(value, card->management, sizeof card->management);
    }
    if (strncmp(line, "key ", 4) == 0) return read_key(card, line);
    return strncmp(line, "object ", 7) == 0 && read_object(card, line);
}

static bool read_card(FILE *file, struct card *card)
{
    char *line = NULL;
    size_t capacity = 0, number = 0;
    bool right = true;
    while (right && getline(&line, &capacity, file) >= 0) {
        line[strcspn(line, "\n")] = '\0';
        number++;
        right = (number > 1 || strcmp(line, title) == 0) && read_line(card, line);
    }
    if (!right) fprintf(stderr, "piv-card: %s: line %zu is broken\n", card->path, number);
    free(line);
    return right && number > 0;
}

struct card *card_open(const char *path, const char *authority, struct version firmware,
                       uint32_t serial)
{
    struct card *card = allocate(sizeof *card);
    card->path = duplicate(path);
    card->authority = duplicate(authority);
    card->firmware = firmware;
    card->serial = serial;
    while (card->serial == 0) {
        RAND_bytes((uint8_t *)&card->serial, sizeof card->serial);
        card->serial &= 0x7FFFFFFF;
    }
    card_reset(card);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        card_save(card);
        return card;
    }
    bool right = read_card(file, card);
    fclose(file);
    if (right) return card;
    card_free(card);
    return NULL;
}
