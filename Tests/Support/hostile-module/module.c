// SPDX-License-Identifier: Apache-2.0
//
// A PKCS#11 module that misbehaves on demand. It holds one slot, one token and one P-256 key pair,
// and shows what no software token can be made to show: PIN flags that run out, a token that goes
// away, signatures that are wrong. It counts the calls that matter. It keeps no secret: its private
// key is the number one, and so is the nonce of each of its signatures.
//
// hostile_set(name, value) says how to behave, hostile_get(name) reads a counter or a setting.
#include "cryptoki.h"

#include "certificate.h"
#include "generator.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PUBLIC_KEY = 1, PRIVATE_KEY = 2, TWIN_KEY = 3, CERTIFICATE = 4, DATA_OBJECT = 5 };

static struct setting {
    const char *name;
    CK_ULONG value;
} settings[] = {
    // How to behave.
    {"token-flags", CKF_TOKEN_INITIALIZED | CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED},
    {"flags-after-login", ~0UL},
    {"slot-count", 1},
    {"already-initialized", 0},
    {"initialize-failures", 0},
    {"token-info-result", CKR_OK},
    {"open-session-failures", 0},
    {"session-limit", 1000},
    {"login-result", CKR_OK},
    {"context-login-result", CKR_OK},
    {"sign-init-result", CKR_OK},
    {"sign-result", CKR_OK},
    {"signature-length", 64},
    {"wrong-signature", 0},
    {"hang", 0},
    {"initialize-hang", 0},
    {"close-hang", 0},
    {"lost-logins", 0},
    {"logged-in", 0},
    {"serial", 666},
    {"minimum-pin", 0},
    {"maximum-pin", 0},
    {"find-result", CKR_OK},
    {"attribute-length", 0},
    {"always-authenticate", 0},
    {"extractable", 0},
    {"modifiable", 0},
    {"raw-point", 0},
    {"own-point", 0},
    {"public-object", 1},
    {"certificate", 0},  // 1: of the key, 2: of another, 3: no certificate at all
    {"has-twin", 0},
    {"has-key", 1},
    {"signs", 1},
    {"data-objects", 0},
    {"data-length", 1},       // of a data object's value, as told at first
    {"data-second-length", 0},  // ... and as told when it is given, where it is not the same
    // What was called.
    {"initializations", 0},
    {"finalizations", 0},
    {"initialize-flags", 0},
    {"initialize-text", 0},
    {"initialize-text-is-right", 0},
    {"open-sessions", 0},
    {"logins", 0},
    {"context-logins", 0},
    {"logouts", 0},
    {"pin-was-null", 0},
    {"searches", 0},
    {"attribute-reads", 0},
    {"signatures", 0},
    {"generations", 0},
    {"begun", 0},
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int context_logged_in, found;

static CK_ULONG *setting(const char *name) {
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        if (strcmp(settings[i].name, name) == 0) return &settings[i].value;
    abort();
}

CK_ULONG hostile_get(const char *name) {
    pthread_mutex_lock(&mutex);
    CK_ULONG value = *setting(name);
    pthread_mutex_unlock(&mutex);
    return value;
}

void hostile_set(const char *name, CK_ULONG value) {
    pthread_mutex_lock(&mutex);
    *setting(name) = value;
    pthread_mutex_unlock(&mutex);
}

static CK_ULONG count(const char *name) {
    pthread_mutex_lock(&mutex);
    CK_ULONG value = ++*setting(name);
    pthread_mutex_unlock(&mutex);
    return value;
}

// Whether one of the failures that were asked for is left; it is used up.
static int fails(const char *name) {
    pthread_mutex_lock(&mutex);
    CK_ULONG *left = setting(name);
    int failing = *left > 0;
    if (failing) --*left;
    pthread_mutex_unlock(&mutex);
    return failing;
}

static CK_RV initialize(void *arguments) {
    while (hostile_get("initialize-hang")) usleep(1000);
    if (fails("initialize-failures")) return CKR_GENERAL_ERROR;
    if (hostile_get("already-initialized")) return CKR_CRYPTOKI_ALREADY_INITIALIZED;
    count("initializations");
    if (arguments) {
        const CK_C_INITIALIZE_ARGS *given = arguments;
        hostile_set("initialize-flags", given->flags);
        hostile_set("initialize-text", given->pReserved != NULL);
        // As NSS reads it: a text, and a reserved word behind.
        if (given->pReserved)
            hostile_set(
                "initialize-text-is-right", strcmp(given->pReserved, "configdir='sql:/x'") == 0 &&
                                                ((void *const *)(given + 1))[0] == NULL);
    }
    return CKR_OK;
}

static CK_RV finalize(void *reserved) {
    (void)reserved;
    count("finalizations");
    return CKR_OK;
}

static void pad(CK_BYTE *field, size_t size, const char *text) {
    memset(field, ' ', size);
    memcpy(field, text, strlen(text));
}

static CK_RV get_slot_list(CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *length) {
    (void)present;
    CK_ULONG all = hostile_get("slot-count");
    if (slots && *length >= all)
        for (CK_ULONG i = 0; i < all; i++) slots[i] = i;
    *length = all;
    return CKR_OK;
}

static CK_RV get_slot_info(CK_SLOT_ID slot, CK_SLOT_INFO *info) {
    (void)slot;
    memset(info, 0, sizeof *info);
    pad(info->slotDescription, sizeof info->slotDescription, "hostile slot");
    info->flags = CKF_TOKEN_PRESENT;
    return CKR_OK;
}

static CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info) {
    (void)slot;
    CK_RV result = hostile_get("token-info-result");
    if (result != CKR_OK) return result;
    memset(info, 0, sizeof *info);
    pad(info->label, sizeof info->label, "hostile");
    pad(info->manufacturerID, sizeof info->manufacturerID, "nobody");
    memcpy(info->model, "none", 4);  // the rest stays zero, as some modules pad
    char serial[16];
    snprintf(serial, sizeof serial, "%lu", hostile_get("serial"));
    pad(info->serialNumber, sizeof info->serialNumber, serial);
    info->ulMinPinLen = hostile_get("minimum-pin");
    info->ulMaxPinLen = hostile_get("maximum-pin");
    info->flags = hostile_get("token-flags");
    return CKR_OK;
}

static CK_RV get_mechanism_info(CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO *info) {
    (void)slot;
    if (type != CKM_ECDSA && type != CKM_EC_KEY_PAIR_GEN) return CKR_MECHANISM_INVALID;
    *info = (CK_MECHANISM_INFO){256, 256, CKF_SIGN};
    return CKR_OK;
}

static CK_RV open_session(
    CK_SLOT_ID slot, CK_FLAGS flags, void *context, CK_NOTIFY notify, CK_SESSION_HANDLE *session) {
    (void)slot, (void)flags, (void)context, (void)notify;
    if (fails("open-session-failures")) return CKR_GENERAL_ERROR;
    if (hostile_get("open-sessions") >= hostile_get("session-limit")) return 0xB1;
    static CK_SESSION_HANDLE last;
    count("open-sessions");
    pthread_mutex_lock(&mutex);
    *session = ++last;
    *setting("begun") = 0;
    pthread_mutex_unlock(&mutex);
    return CKR_OK;
}

static CK_RV close_session(CK_SESSION_HANDLE session) {
    (void)session;
    while (hostile_get("close-hang")) usleep(1000);
    hostile_set("open-sessions", hostile_get("open-sessions") - 1);
    if (hostile_get("open-sessions") == 0) hostile_set("logged-in", 0);
    return CKR_OK;
}

static CK_RV get_session_info(CK_SESSION_HANDLE session, CK_SESSION_INFO *info) {
    (void)session;
    *info = (CK_SESSION_INFO){0, hostile_get("logged-in") ? CKS_RO_USER_FUNCTIONS : 0, CKF_SERIAL_SESSION, 0};
    return CKR_OK;
}

static CK_RV login(
    CK_SESSION_HANDLE session, CK_USER_TYPE user, const CK_BYTE *pin, CK_ULONG length) {
    (void)session;
    hostile_set("pin-was-null", pin == NULL && length == 0);
    if (user == CKU_CONTEXT_SPECIFIC) {
        count("context-logins");
        if (!hostile_get("begun")) return 0x91;  // CKR_OPERATION_NOT_INITIALIZED
        CK_RV result = hostile_get("context-login-result");
        context_logged_in = result == CKR_OK;
        return result;
    }
    count("logins");
    CK_ULONG flags = hostile_get("flags-after-login");
    if (flags != ~0UL) hostile_set("token-flags", flags);
    CK_RV result = hostile_get("login-result");
    hostile_set("logged-in", result == CKR_OK || result == CKR_USER_ALREADY_LOGGED_IN);
    return result;
}

static CK_RV logout(CK_SESSION_HANDLE session) {
    (void)session;
    count("logouts");
    hostile_set("logged-in", 0);
    return CKR_OK;
}

static CK_RV give(CK_ATTRIBUTE *attribute, const void *value, CK_ULONG length) {
    if (hostile_get("attribute-length")) length = hostile_get("attribute-length");
    if (attribute->pValue) {
        if (attribute->ulValueLen < length) return CKR_BUFFER_TOO_SMALL;
        memcpy(attribute->pValue, value, length);
    }
    attribute->ulValueLen = length;
    return CKR_OK;
}

static CK_RV give_flag(CK_ATTRIBUTE *attribute, CK_ULONG flag) {
    CK_BBOOL value = flag != 0;
    return give(attribute, &value, 1);
}

static CK_RV give_number(CK_ATTRIBUTE *attribute, CK_ULONG number) {
    return give(attribute, &number, sizeof number);
}

// A data object's value: sevens, as many as the room and the module's word allow.
static CK_RV give_data(CK_ATTRIBUTE *attribute) {
    CK_ULONG length = hostile_get("data-length");
    if (attribute->type != CKA_VALUE) return CKR_ATTRIBUTE_TYPE_INVALID;
    if (attribute->pValue) {
        memset(attribute->pValue, 7, attribute->ulValueLen);
        if (hostile_get("data-second-length")) length = hostile_get("data-second-length");
    }
    attribute->ulValueLen = length;
    return CKR_OK;
}

static CK_RV get_attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE *attribute) {
    if (object == DATA_OBJECT) return give_data(attribute);
    int is_public = object == PUBLIC_KEY;
    if (object == CERTIFICATE) {
        switch (attribute->type) {
            case CKA_CERTIFICATE_TYPE: return give_number(attribute, CKC_X_509);
            case CKA_ID: return give(attribute, "\x01", 1);
            case CKA_LABEL: return give(attribute, "paper", 5);
            case CKA_VALUE:
                memcpy(
                    certificate + POINT_IN_CERTIFICATE,
                    hostile_get("certificate") == 1 ? wrapped_point + 2 : other_point, 65);
                return give(
                    attribute, certificate,
                    hostile_get("certificate") == 3 ? 100 : sizeof certificate);
            default: return CKR_ATTRIBUTE_TYPE_INVALID;
        }
    }
    switch (attribute->type) {
        case CKA_CLASS: return give_number(attribute, is_public ? CKO_PUBLIC_KEY : CKO_PRIVATE_KEY);
        case CKA_KEY_TYPE: return give_number(attribute, CKK_EC);
        case CKA_ID: return give(attribute, "\x01", 1);
        case CKA_LABEL: return give(attribute, "key", 3);
        case CKA_EC_PARAMS: return give(attribute, curve, sizeof curve);
        case CKA_EC_POINT:
            if (!is_public && !hostile_get("own-point")) return CKR_ATTRIBUTE_TYPE_INVALID;
            return hostile_get("raw-point") ? give(attribute, wrapped_point + 2, 65)
                                            : give(attribute, wrapped_point, 67);
        case CKA_TOKEN: return give_flag(attribute, 1);
        case CKA_PRIVATE:
        case CKA_SENSITIVE:
        case CKA_ALWAYS_SENSITIVE:
        case CKA_LOCAL: return give_flag(attribute, !is_public);
        case CKA_SIGN: return give_flag(attribute, !is_public && hostile_get("signs"));
        case CKA_EXTRACTABLE: return give_flag(attribute, hostile_get("extractable"));
        case CKA_NEVER_EXTRACTABLE: return give_flag(attribute, !hostile_get("extractable"));
        case CKA_MODIFIABLE: return give_flag(attribute, hostile_get("modifiable"));
        case CKA_ALWAYS_AUTHENTICATE:
            return give_flag(attribute, hostile_get("always-authenticate"));
        default: return CKR_ATTRIBUTE_TYPE_INVALID;
    }
}

static CK_RV get_attribute_value(
    CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *attributes, CK_ULONG length) {
    (void)session;
    count("attribute-reads");
    if (length != 1) return 0x7;  // CKR_ARGUMENTS_BAD
    return get_attribute(object, attributes);
}

static CK_OBJECT_HANDLE results[3];
static CK_ULONG result_count;
static CK_ULONG data_left;

static CK_RV find_objects_init(
    CK_SESSION_HANDLE session, const CK_ATTRIBUTE *attributes, CK_ULONG length) {
    (void)session;
    count("searches");
    result_count = 0;
    found = 0;
    data_left = 0;
    if (length > 0 && attributes[0].type == CKA_PRIVATE) data_left = hostile_get("data-objects");
    // The key appears under every label but one that is asked for; tests ask for other labels.
    if (length == 0 || attributes[0].type != CKA_CLASS || !hostile_get("has-key")) return CKR_OK;
    if (*(const CK_ULONG *)attributes[0].pValue == CKO_PUBLIC_KEY) {
        if (hostile_get("public-object")) results[result_count++] = PUBLIC_KEY;
    } else if (*(const CK_ULONG *)attributes[0].pValue == CKO_CERTIFICATE) {
        if (hostile_get("certificate")) results[result_count++] = CERTIFICATE;
    } else if (*(const CK_ULONG *)attributes[0].pValue == CKO_PRIVATE_KEY && hostile_get("logged-in")) {
        results[result_count++] = PRIVATE_KEY;
        if (hostile_get("has-twin")) results[result_count++] = TWIN_KEY;
    }
    return CKR_OK;
}

static CK_RV find_objects(
    CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *objects, CK_ULONG room, CK_ULONG *length) {
    (void)session;
    CK_RV result = hostile_get("find-result");
    if (result != CKR_OK) return result;
    if (data_left) {
        *length = data_left < room ? data_left : room;
        data_left -= *length;
        for (CK_ULONG i = 0; i < *length; i++) objects[i] = DATA_OBJECT;
        return CKR_OK;
    }
    *length = found ? 0 : result_count;
    memcpy(objects, results, *length * sizeof *objects);
    found = 1;
    return CKR_OK;
}

static CK_RV find_objects_final(CK_SESSION_HANDLE session) {
    (void)session;
    return CKR_OK;
}

static CK_RV sign_init(
    CK_SESSION_HANDLE session, const CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key) {
    (void)session, (void)mechanism, (void)key;
    CK_RV result = hostile_get("sign-init-result");
    if (result != CKR_OK) return result;
    if (hostile_get("begun")) return CKR_OPERATION_ACTIVE;
    hostile_set("begun", 1);
    context_logged_in = 0;
    return CKR_OK;
}

static CK_RV sign(
    CK_SESSION_HANDLE session, const CK_BYTE *data, CK_ULONG data_length, CK_BYTE *signature,
    CK_ULONG *length) {
    (void)session;
    while (hostile_get("hang")) usleep(1000);
    CK_RV result = hostile_get("sign-result");
    if (result != CKR_OK) return result;  // and what has begun stays begun
    if (!hostile_get("begun")) return 0x91;
    if (hostile_get("always-authenticate") && !context_logged_in) return CKR_USER_NOT_LOGGED_IN;
    if (fails("lost-logins")) {
        hostile_set("logged-in", 0);
        return CKR_USER_NOT_LOGGED_IN;
    }
    hostile_set("begun", 0);
    count("signatures");
    *length = hostile_get("signature-length");
    memset(signature, 1, *length);
    // The signature of this number is wrong, counted from one; one that was is none any more.
    int is_wrong = hostile_get("wrong-signature") == 1;
    if (fails("wrong-signature") && is_wrong) return CKR_OK;
    if (*length == 64 && data_length == 32) sign_with_one(data, signature);
    return CKR_OK;
}

static CK_RV generate_key_pair(
    CK_SESSION_HANDLE session, const CK_MECHANISM *mechanism, const CK_ATTRIBUTE *public_template,
    CK_ULONG public_length, const CK_ATTRIBUTE *private_template, CK_ULONG private_length,
    CK_OBJECT_HANDLE *public_key, CK_OBJECT_HANDLE *private_key) {
    (void)session, (void)mechanism, (void)public_template, (void)public_length;
    (void)private_template, (void)private_length;
    count("generations");
    hostile_set("has-key", 1);
    *public_key = PUBLIC_KEY;
    *private_key = PRIVATE_KEY;
    return CKR_OK;
}

static CK_RV generate_random(CK_SESSION_HANDLE session, CK_BYTE *bytes, CK_ULONG length) {
    (void)session;
    memset(bytes, 7, length);
    return CKR_OK;
}

// C_GetInfo and C_GetMechanismList are left out on purpose: a module may have empty entries.
static CK_FUNCTION_LIST functions = {
    .version = {2, 40},
    .C_Initialize = initialize,
    .C_Finalize = finalize,
    .C_GetSlotList = get_slot_list,
    .C_GetSlotInfo = get_slot_info,
    .C_GetTokenInfo = get_token_info,
    .C_GetMechanismInfo = get_mechanism_info,
    .C_OpenSession = open_session,
    .C_CloseSession = close_session,
    .C_GetSessionInfo = get_session_info,
    .C_Login = login,
    .C_Logout = logout,
    .C_GetAttributeValue = get_attribute_value,
    .C_FindObjectsInit = find_objects_init,
    .C_FindObjects = find_objects,
    .C_FindObjectsFinal = find_objects_final,
    .C_SignInit = sign_init,
    .C_Sign = sign,
    .C_GenerateKeyPair = generate_key_pair,
    .C_GenerateRandom = generate_random,
};

#ifndef HOSTILE_ENTRY
#define HOSTILE_ENTRY C_GetFunctionList
#endif

// Built with -DHOSTILE_ENTRY=other there is no entry; with -DHOSTILE_MAJOR=9 an unknown version,
// with -DHOSTILE_MINOR=20 an older one;// with -DHOSTILE_EMPTY no list.
CK_RV HOSTILE_ENTRY(CK_FUNCTION_LIST **list) {
#ifdef HOSTILE_MAJOR
    functions.version.major = HOSTILE_MAJOR;
#endif
#ifdef HOSTILE_MINOR
    functions.version.minor = HOSTILE_MINOR;
#endif
#ifdef HOSTILE_EMPTY
    *list = NULL;
#else
    *list = &functions;
#endif
    return CKR_OK;
}
