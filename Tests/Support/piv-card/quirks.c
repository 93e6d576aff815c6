/* SPDX-License-Identifier: Apache-2.0
 *
 * What a card may be told to do unlike others, by name. */

#include "simulator.h"

#include <string.h>

struct choice {
    const char *name;
    int value;
};

static const struct choice signatures[] = {
    {"honest", SIGNATURE_HONEST}, {"wrong", SIGNATURE_WRONG},
    {"prefix", SIGNATURE_PREFIX}, {"empty", SIGNATURE_EMPTY},
    {NULL, 0},
};
static const struct choice ecdsa_forms[] = {
    {"minimal", ECDSA_MINIMAL},         {"padded", ECDSA_PADDED},
    {"long-length", ECDSA_LONG_LENGTH}, {"raw", ECDSA_RAW},
    {"trailing", ECDSA_TRAILING},       {NULL, 0},
};
static const struct choice attestations[] = {
    {"honest", ATTESTATION_HONEST},
    {"other-key", ATTESTATION_OTHER_KEY},
    {"other-slot", ATTESTATION_OTHER_SLOT},
    {"other-serial", ATTESTATION_OTHER_SERIAL},
    {"other-policy", ATTESTATION_OTHER_POLICY},
    {"bad-signature", ATTESTATION_BAD_SIGNATURE},
    {"no-extensions", ATTESTATION_NO_EXTENSIONS},
    {"garbage", ATTESTATION_GARBAGE},
    {NULL, 0},
};
static const struct choice attesters[] = {
    {"marked", ATTESTER_MARKED}, {"unmarked", ATTESTER_UNMARKED},
    {"curve", ATTESTER_CURVE},   {"below", ATTESTER_BELOW},
    {NULL, 0},
};
static const struct choice switches[] = {{"on", true}, {"off", false}, {NULL, 0}};

static bool choose(const struct choice *choices, const char *value, int *chosen)
{
    for (; choices->name != NULL; choices++) {
        if (strcmp(choices->name, value) == 0) {
            *chosen = choices->value;
            return true;
        }
    }
    return false;
}

bool quirk_set(struct quirks *quirks, const char *name, const char *value)
{
    const struct {
        const char *name;
        bool *flag;
    } flags[] = {
        {"no-metadata", &quirks->no_metadata}, {"no-attestation", &quirks->no_attestation},
        {"no-serial", &quirks->no_serial},     {"no-version", &quirks->no_version},
        {"no-yubico", &quirks->no_yubico},     {"only-3des", &quirks->only_3des},
        {"select-resets", &quirks->select_resets}, {"fips", &quirks->fips},
        {"roca", &quirks->roca},
    };
    int chosen;
    for (size_t at = 0; at < sizeof flags / sizeof *flags; at++) {
        if (strcmp(flags[at].name, name) != 0) continue;
        if (!choose(switches, value, &chosen)) return false;
        *flags[at].flag = chosen != 0;
        return true;
    }
    if (strcmp(name, "signature") == 0 && choose(signatures, value, &chosen)) {
        quirks->signature = (enum signature_fault)chosen;
    } else if (strcmp(name, "ecdsa") == 0 && choose(ecdsa_forms, value, &chosen)) {
        quirks->ecdsa = (enum ecdsa_form)chosen;
    } else if (strcmp(name, "attestation") == 0 && choose(attestations, value, &chosen)) {
        quirks->attestation = (enum attestation_fault)chosen;
    } else if (strcmp(name, "f9") == 0 && choose(attesters, value, &chosen)) {
        quirks->attester = (enum attester)chosen;
    } else if (strcmp(name, "atr") == 0) {
        bytes_clear(&quirks->atr);
        return strcmp(value, "yubikey") == 0 ||
               (hex_decode(value, &quirks->atr) && quirks->atr.count <= 33);
    } else {
        return false;
    }
    return true;
}
