// SPDX-License-Identifier: Apache-2.0
//
// A PKCS#11 module in front of a real one, which lets one call go wrong. Each copy of this file in
// memory has a module, rules and counters of its own; beside FILE.so stands FILE.so.conf with lines in
// the language of README.md. A program that has loaded it may also call fault_do with such a line, and
// fault_count with the name of a function.
#define _GNU_SOURCE
#include "cryptoki.h"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FUNCTIONS(X)                                                                              \
    X(C_Initialize) X(C_Finalize) X(C_GetInfo) X(C_GetSlotList) X(C_GetSlotInfo)                   \
    X(C_GetTokenInfo) X(C_GetMechanismList) X(C_GetMechanismInfo) X(C_OpenSession)                 \
    X(C_CloseSession) X(C_GetSessionInfo) X(C_Login) X(C_Logout) X(C_GetAttributeValue)            \
    X(C_FindObjectsInit) X(C_FindObjects) X(C_FindObjectsFinal) X(C_SignInit) X(C_Sign)            \
    X(C_GenerateKeyPair) X(C_GenerateRandom) X(C_CreateObject) X(C_DestroyObject)

enum {
#define X(name) NUMBER_##name,
    FUNCTIONS(X)
#undef X
    FUNCTION_COUNT, ANY = FUNCTION_COUNT  // whichever function
};

static const char *const names[] = {
#define X(name) #name,
    FUNCTIONS(X)
#undef X
};

enum action {
    NOTHING, ANSWER, REMOVE, FLIP, OTHER, HANG, NOISE, CRASH, LOSE, KILL, KILL_AFTER, REMOVE_AFTER,
    ACTIONS
};

static const char *const actions[ACTIONS] = {
    "", "answer", "remove", "flip", "other", "hang", "noise", "crash", "lose", "kill", "kill-after",
    "remove-after"};

static struct {
    pthread_mutex_t mutex;
    pthread_cond_t released;
    CK_FUNCTION_LIST *real;
    char path[4096];
    // The one rule: at call `at` of `function`, counted from one, `action`.
    int function;
    unsigned long at;
    enum action action;
    CK_RV value;
    int hanging, removed, owns;
    unsigned long counts[FUNCTION_COUNT + 1], logins, wrong_logins;
    char trace[4096], fired[4096];
    CK_SLOT_ID slot;
    CK_SESSION_HANDLE sessions[256];
    size_t session_count;
    // How it differs from the module behind it.
    CK_VERSION version;
    int pads_with_zeros, unwraps_points, names_curve;
    CK_ATTRIBUTE_TYPE hidden;
} state = {
    .mutex = PTHREAD_MUTEX_INITIALIZER, .released = PTHREAD_COND_INITIALIZER, .hidden = ~0UL};

static CK_FUNCTION_LIST functions;

// Destroys every object with this label on the token that was used last; somebody is logged in to it.
static void wipe(char *label) {
    CK_SESSION_HANDLE session;
    CK_OBJECT_HANDLE objects[64];
    CK_ULONG count = 0;
    CK_ATTRIBUTE wanted = {CKA_LABEL, label, strlen(label)};
    if (state.real->C_OpenSession(
            state.slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session) != CKR_OK)
        return;
    do {
        (void)state.real->C_FindObjectsInit(session, &wanted, 1);
        (void)state.real->C_FindObjects(session, objects, 64, &count);
        (void)state.real->C_FindObjectsFinal(session);
        for (CK_ULONG i = 0; i < count; i++)
            (void)state.real->C_DestroyObject(session, objects[i]);
    } while (count == 64);
    (void)state.real->C_CloseSession(session);
}

static void close_sessions(void) {
    for (size_t i = 0; i < state.session_count; i++)
        (void)state.real->C_CloseSession(state.sessions[i]);
    state.session_count = 0;
}

static int function_number(const char *name) {
    if (strcmp(name, "any") == 0) return ANY;
    for (int i = 0; i < FUNCTION_COUNT; i++)
        if (strcmp(names[i], name) == 0) return i;
    return -1;
}

// Carries a line of the language out; 0 where it is none.
int fault_do(const char *line) {
    char word[32] = "", name[4096] = "", action[32] = "";
    unsigned long at = 0, value = 0;
    int found = 1;
    pthread_mutex_lock(&state.mutex);
    if (sscanf(line, "module %4095s", name) == 1) {
        memcpy(state.path, name, sizeof state.path);
    } else if (sscanf(line, "at %31s %lu %31s %li", word, &at, action, (long *)&value) >= 3) {
        int number = function_number(word);
        found = 0;
        for (int i = 1; i < ACTIONS && number >= 0; i++)
            if (strcmp(actions[i], action) == 0) {
                state.action = (enum action)i;
                found = 1;
            }
        state.function = number;
        state.at = at;
        state.value = value;
        memset(state.counts, 0, sizeof state.counts);
    } else if (strcmp(line, "clear") == 0) {
        state.action = NOTHING;
        memset(state.counts, 0, sizeof state.counts);
    } else if (strcmp(line, "release") == 0) {
        state.hanging = 0;
        pthread_cond_broadcast(&state.released);
    } else if (strcmp(line, "insert") == 0) {
        state.removed = 0;
    } else if (strcmp(line, "remove") == 0) {
        if (state.real) close_sessions();
        state.removed = 1;
    } else if (sscanf(line, "version %lu.%lu", &at, &value) == 2) {
        state.version = (CK_VERSION){(CK_BYTE)at, (CK_BYTE)value};
        functions.version = state.version;
    } else if (sscanf(line, "trace %4095s", name) == 1) {
        memcpy(state.trace, name, sizeof state.trace);
    } else if (sscanf(line, "fired %4095s", name) == 1) {
        memcpy(state.fired, name, sizeof state.fired);
    } else if (sscanf(line, "wipe %4095s", name) == 1) {
        wipe(name);
    } else if (strcmp(line, "zeros") == 0) {
        state.pads_with_zeros = 1;
    } else if (strcmp(line, "raw-points") == 0) {
        state.unwraps_points = 1;
    } else if (strcmp(line, "curve-name") == 0) {
        state.names_curve = 1;
    } else if (sscanf(line, "without %li", (long *)&value) == 1) {
        state.hidden = value;
    } else {
        found = 0;
    }
    pthread_mutex_unlock(&state.mutex);
    return found;
}

// How often a function was called since the last rule; "logins" and "wrong-logins" since the start,
// "sessions" those that are open, "hanging" whether a call hangs.
unsigned long fault_count(const char *name) {
    pthread_mutex_lock(&state.mutex);
    int number = function_number(name);
    unsigned long count = number >= 0                        ? state.counts[number]
                          : strcmp(name, "logins") == 0       ? state.logins
                          : strcmp(name, "wrong-logins") == 0 ? state.wrong_logins
                          : strcmp(name, "sessions") == 0     ? state.session_count
                          : strcmp(name, "hanging") == 0      ? (unsigned long)state.hanging
                                                              : ~0UL;
    pthread_mutex_unlock(&state.mutex);
    return count;
}

static void tell(const char *path, unsigned long number, int function) {
    FILE *file = *path ? fopen(path, "a") : NULL;
    if (!file) return;
    fprintf(file, "%lu %s\n", number, names[function]);
    fclose(file);
}

static void end_process(void) { (void)kill(getpid(), SIGKILL); }

// Counts a call, and does what its rule says; CKR_OK where the real module is to be asked. `changed`
// says how its answer is to be changed.
static CK_RV enter(int function, enum action *changed) {
    pthread_mutex_lock(&state.mutex);
    CK_RV result = CKR_OK;
    unsigned long count = ++state.counts[function];
    unsigned long any = ++state.counts[ANY];
    enum action action = NOTHING;
    tell(state.trace, any, function);
    if (state.action != NOTHING && (state.function == ANY ? any : count) == state.at &&
        (state.function == ANY || function == state.function)) {
        action = state.action;
        tell(state.fired, any, function);
    }
    switch (action) {
        case KILL: end_process(); break;
        case ANSWER: result = state.value; break;
        case REMOVE:
            close_sessions();
            state.removed = 1;
            break;
        case LOSE:
            if (state.session_count) (void)state.real->C_Logout(state.sessions[0]);
            break;
        case HANG:
            state.hanging = 1;
            while (state.hanging) pthread_cond_wait(&state.released, &state.mutex);
            break;
        case NOISE: fprintf(stderr, "fault-module: WARNING in %s\n", names[function]); break;
        case CRASH: abort();
        default: break;
    }
    if (result == CKR_OK && state.removed && function != NUMBER_C_Initialize &&
        function != NUMBER_C_Finalize && function != NUMBER_C_GetSlotList &&
        function != NUMBER_C_GetInfo)
        result = function == NUMBER_C_GetSlotInfo || function == NUMBER_C_GetTokenInfo
                     ? CKR_TOKEN_NOT_PRESENT
                     : CKR_DEVICE_REMOVED;
    pthread_mutex_unlock(&state.mutex);
    *changed = action;
    return result;
}

// What is to happen when the real module has carried the call out.
static void leave(const enum action *action) {
    if (*action == KILL_AFTER) end_process();
    if (*action == REMOVE_AFTER) (void)fault_do("remove");
}

#define ENTER(name)                                               \
    __attribute__((cleanup(leave))) enum action action = NOTHING; \
    CK_RV entered = enter(NUMBER_##name, &action);                \
    if (entered != CKR_OK) return entered

// A function that is counted, and carried out by the real module.
#define PASS(name, own, parameters, arguments)   \
    static CK_RV own parameters {                \
        ENTER(name);                             \
        return state.real->name arguments;       \
    }

static CK_RV initialize(void *arguments) {
    ENTER(C_Initialize);
    CK_RV result = state.real->C_Initialize(arguments);
    // The module behind may serve the whole process; this one begins and ends by itself.
    state.owns = result == CKR_OK;
    return result == CKR_CRYPTOKI_ALREADY_INITIALIZED ? CKR_OK : result;
}

static CK_RV finalize(void *reserved) {
    ENTER(C_Finalize);
    pthread_mutex_lock(&state.mutex);
    close_sessions();
    pthread_mutex_unlock(&state.mutex);
    return state.owns ? state.real->C_Finalize(reserved) : CKR_OK;
}

static CK_RV get_info(CK_INFO *info) {
    ENTER(C_GetInfo);
    CK_RV result = state.real->C_GetInfo(info);
    if (state.version.major) info->cryptokiVersion = state.version;
    return result;
}

PASS(C_GetSlotList, get_slot_list,
    (CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *length), (present, slots, length))

static CK_RV get_slot_info(CK_SLOT_ID slot, CK_SLOT_INFO *info) {
    __attribute__((cleanup(leave))) enum action action = NOTHING;
    CK_RV entered = enter(NUMBER_C_GetSlotInfo, &action);
    if (entered != CKR_OK && entered != CKR_TOKEN_NOT_PRESENT) return entered;
    CK_RV result = state.real->C_GetSlotInfo(slot, info);
    if (entered == CKR_TOKEN_NOT_PRESENT) info->flags &= ~CKF_TOKEN_PRESENT;
    return result;
}

static void zeros(CK_BYTE *field, size_t size) {
    for (size_t i = size; i > 0 && field[i - 1] == ' '; i--) field[i - 1] = 0;
}

static CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info) {
    ENTER(C_GetTokenInfo);
    CK_RV result = state.real->C_GetTokenInfo(slot, info);
    if (result == CKR_OK && state.pads_with_zeros) {
        zeros(info->label, sizeof info->label);
        zeros(info->manufacturerID, sizeof info->manufacturerID);
        zeros(info->model, sizeof info->model);
        zeros(info->serialNumber, sizeof info->serialNumber);
    }
    return result;
}

PASS(C_GetMechanismList, get_mechanism_list,
    (CK_SLOT_ID slot, CK_MECHANISM_TYPE *list, CK_ULONG *length), (slot, list, length))
PASS(C_GetMechanismInfo, get_mechanism_info,
    (CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO *info), (slot, type, info))

static CK_RV open_session(
    CK_SLOT_ID slot, CK_FLAGS flags, void *context, CK_NOTIFY notify, CK_SESSION_HANDLE *session) {
    ENTER(C_OpenSession);
    CK_RV result = state.real->C_OpenSession(slot, flags, context, notify, session);
    pthread_mutex_lock(&state.mutex);
    state.slot = slot;
    if (result == CKR_OK && state.session_count < 256)
        state.sessions[state.session_count++] = *session;
    pthread_mutex_unlock(&state.mutex);
    return result;
}

static CK_RV close_session(CK_SESSION_HANDLE session) {
    ENTER(C_CloseSession);
    pthread_mutex_lock(&state.mutex);
    for (size_t i = 0; i < state.session_count; i++)
        if (state.sessions[i] == session) {
            state.sessions[i] = state.sessions[--state.session_count];
            break;
        }
    pthread_mutex_unlock(&state.mutex);
    return state.real->C_CloseSession(session);
}

PASS(C_GetSessionInfo, get_session_info,
    (CK_SESSION_HANDLE session, CK_SESSION_INFO *info), (session, info))

static CK_RV login(
    CK_SESSION_HANDLE session, CK_USER_TYPE user, const CK_BYTE *pin, CK_ULONG length) {
    ENTER(C_Login);
    CK_RV result = state.real->C_Login(session, user, pin, length);
    pthread_mutex_lock(&state.mutex);
    state.logins++;
    if (result == 0xA0) state.wrong_logins++;
    pthread_mutex_unlock(&state.mutex);
    return result;
}

static CK_RV logout(CK_SESSION_HANDLE session) {
    ENTER(C_Logout);
    return state.real->C_Logout(session);
}

static const CK_BYTE curve_name[] = {0x13, 12,  'e', 'd', 'w', 'a', 'r',
                                     'd',  's', '2', '5', '5', '1', '9'};
static const CK_BYTE curve_number[] = {0x06, 0x03, 0x2B, 0x65, 0x70};

static CK_RV get_attribute_value(
    CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *attributes, CK_ULONG count) {
    ENTER(C_GetAttributeValue);
    if (count == 1 && attributes->type == state.hidden) {
        attributes->ulValueLen = CK_UNAVAILABLE_INFORMATION;
        return CKR_ATTRIBUTE_TYPE_INVALID;
    }
    CK_BYTE value[4096];
    CK_ATTRIBUTE whole = {count == 1 ? attributes->type : 0, value, sizeof value};
    int changes = count == 1 && ((state.unwraps_points && whole.type == CKA_EC_POINT) ||
                                 (state.names_curve && whole.type == CKA_EC_PARAMS));
    if (!changes) return state.real->C_GetAttributeValue(session, object, attributes, count);
    CK_RV result = state.real->C_GetAttributeValue(session, object, &whole, 1);
    if (result != CKR_OK) return result;
    const CK_BYTE *bytes = value;
    CK_ULONG length = whole.ulValueLen;
    if (whole.type == CKA_EC_POINT && length > 3 && value[0] == 4) {
        CK_ULONG header = value[1] == 0x81 ? 3 : 2;
        bytes += header;
        length -= header;
    } else if (
        whole.type == CKA_EC_PARAMS && length == sizeof curve_number &&
        memcmp(value, curve_number, length) == 0) {
        bytes = curve_name;
        length = sizeof curve_name;
    }
    if (attributes->pValue && attributes->ulValueLen >= length)
        memcpy(attributes->pValue, bytes, length);
    else if (attributes->pValue)
        return CKR_BUFFER_TOO_SMALL;
    attributes->ulValueLen = length;
    return CKR_OK;
}

PASS(C_FindObjectsInit, find_objects_init,
    (CK_SESSION_HANDLE session, const CK_ATTRIBUTE *attributes, CK_ULONG count),
    (session, attributes, count))
PASS(C_FindObjects, find_objects,
    (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *objects, CK_ULONG room, CK_ULONG *length),
    (session, objects, room, length))
PASS(C_FindObjectsFinal, find_objects_final, (CK_SESSION_HANDLE session), (session))
PASS(C_SignInit, sign_init,
    (CK_SESSION_HANDLE session, const CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key),
    (session, mechanism, key))

static CK_RV sign(
    CK_SESSION_HANDLE session, const CK_BYTE *data, CK_ULONG data_length, CK_BYTE *signature,
    CK_ULONG *length) {
    ENTER(C_Sign);
    CK_BYTE changed[65536];
    if (action == OTHER && data_length > 0 && data_length <= sizeof changed) {
        memcpy(changed, data, data_length);
        changed[data_length - 1] ^= 1;
        data = changed;
    }
    CK_RV result = state.real->C_Sign(session, data, data_length, signature, length);
    if (action == FLIP && result == CKR_OK && signature && *length > 0)
        signature[*length - 1] ^= 1;
    return result;
}

static CK_RV generate_key_pair(
    CK_SESSION_HANDLE session, const CK_MECHANISM *mechanism, const CK_ATTRIBUTE *public_template,
    CK_ULONG public_length, const CK_ATTRIBUTE *private_template, CK_ULONG private_length,
    CK_OBJECT_HANDLE *public_key, CK_OBJECT_HANDLE *private_key) {
    ENTER(C_GenerateKeyPair);
    return state.real->C_GenerateKeyPair(
        session, mechanism, public_template, public_length, private_template, private_length,
        public_key, private_key);
}

PASS(C_GenerateRandom, generate_random,
    (CK_SESSION_HANDLE session, CK_BYTE *bytes, CK_ULONG length), (session, bytes, length))
PASS(C_CreateObject, create_object,
    (CK_SESSION_HANDLE session, const CK_ATTRIBUTE *attributes, CK_ULONG count,
     CK_OBJECT_HANDLE *object), (session, attributes, count, object))
PASS(C_DestroyObject, destroy_object,
    (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object), (session, object))

// Reads the lines beside this file, then loads the module behind.
static int start(void) {
    Dl_info own;
    char path[4200], line[4200];
    if (!dladdr((void *)start, &own)) return 0;
    snprintf(path, sizeof path, "%s.conf", own.dli_fname);
    FILE *file = fopen(path, "r");
    if (!file) {
        fprintf(stderr, "fault-module: no %s\n", path);
        return 0;
    }
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        if (*line && *line != '#' && !fault_do(line)) {
            fprintf(stderr, "fault-module: %s: not understood: %s\n", path, line);
            fclose(file);
            return 0;
        }
    }
    fclose(file);
    void *module = dlopen(state.path, RTLD_NOW | RTLD_LOCAL);
    CK_RV (*get)(CK_FUNCTION_LIST **) =
        module ? (CK_RV(*)(CK_FUNCTION_LIST **))dlsym(module, "C_GetFunctionList") : NULL;
    if (!get || get(&state.real) != CKR_OK) {
        fprintf(stderr, "fault-module: cannot load %s\n", state.path);
        return 0;
    }
    return 1;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list) {
    if (!state.real) {
        if (!start()) return CKR_GENERAL_ERROR;
        CK_VERSION version = state.version.major ? state.version : state.real->version;
        // What is not counted here is the real module's own.
        functions = *state.real;
        functions.version = version;
        functions.C_Initialize = initialize;
        functions.C_Finalize = finalize;
        functions.C_GetInfo = get_info;
        functions.C_GetSlotList = get_slot_list;
        functions.C_GetSlotInfo = get_slot_info;
        functions.C_GetTokenInfo = get_token_info;
        functions.C_GetMechanismList = get_mechanism_list;
        functions.C_GetMechanismInfo = get_mechanism_info;
        functions.C_OpenSession = open_session;
        functions.C_CloseSession = close_session;
        functions.C_GetSessionInfo = get_session_info;
        functions.C_Login = login;
        functions.C_Logout = logout;
        functions.C_GetAttributeValue = get_attribute_value;
        functions.C_FindObjectsInit = find_objects_init;
        functions.C_FindObjects = find_objects;
        functions.C_FindObjectsFinal = find_objects_final;
        functions.C_SignInit = sign_init;
        functions.C_Sign = sign;
        functions.C_GenerateKeyPair = generate_key_pair;
        functions.C_GenerateRandom = generate_random;
        functions.C_CreateObject = create_object;
        functions.C_DestroyObject = destroy_object;
    }
    *list = &functions;
    return CKR_OK;
}
