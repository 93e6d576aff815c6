// SPDX-License-Identifier: Apache-2.0
#include "loop.h"

#include "../../../../Sources/CPKCS11/include/cryptoki.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

struct token_loop {
    CK_FUNCTION_LIST *functions;
    CK_SESSION_HANDLE session;
    CK_OBJECT_HANDLE key;
    CK_MECHANISM mechanism;
};

static int has_label(CK_FUNCTION_LIST *functions, CK_SLOT_ID slot, const char *label) {
    CK_TOKEN_INFO info;
    if (functions->C_GetTokenInfo(slot, &info) != CKR_OK) return 0;
    size_t length = strlen(label);
    return length < sizeof info.label && memcmp(info.label, label, length) == 0 &&
           (info.label[length] == ' ' || info.label[length] == 0);
}

struct token_loop *token_loop_open(
    const char *path, const char *label, const char *pin, const unsigned char *id,
    size_t id_length, unsigned long mechanism) {
    void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    CK_C_GetFunctionList get = module ? (CK_C_GetFunctionList)dlsym(module, "C_GetFunctionList") : 0;
    CK_FUNCTION_LIST *functions;
    if (!get || get(&functions) != CKR_OK) return NULL;
    CK_C_INITIALIZE_ARGS arguments = {.flags = CKF_OS_LOCKING_OK};
    CK_RV value = functions->C_Initialize(&arguments);
    if (value != CKR_OK && value != CKR_CRYPTOKI_ALREADY_INITIALIZED) return NULL;
    CK_SLOT_ID slots[64];
    CK_ULONG count = 64, place = 0;
    if (functions->C_GetSlotList(1, slots, &count) != CKR_OK) return NULL;
    while (place < count && !has_label(functions, slots[place], label)) place++;
    if (place == count) return NULL;
    struct token_loop *loop = calloc(1, sizeof *loop);
    loop->functions = functions;
    loop->mechanism.mechanism = mechanism;
    if (functions->C_OpenSession(
            slots[place], CKF_SERIAL_SESSION, NULL, NULL, &loop->session) != CKR_OK)
        return NULL;
    value = functions->C_Login(
        loop->session, CKU_USER, (const CK_BYTE *)pin, strlen(pin));
    if (value != CKR_OK && value != CKR_USER_ALREADY_LOGGED_IN) return NULL;
    CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
    CK_ATTRIBUTE wanted[] = {
        {CKA_CLASS, &class, sizeof class}, {CKA_ID, (void *)id, id_length}};
    CK_ULONG found = 0;
    if (functions->C_FindObjectsInit(loop->session, wanted, 2) != CKR_OK ||
        functions->C_FindObjects(loop->session, &loop->key, 1, &found) != CKR_OK ||
        functions->C_FindObjectsFinal(loop->session) != CKR_OK || found != 1)
        return NULL;
    return loop;
}

size_t token_loop_sign(
    struct token_loop *loop, const unsigned char *data, size_t length, size_t count) {
    for (size_t made = 0; made < count; made++) {
        CK_BYTE signature[1024];
        CK_ULONG room = sizeof signature;
        if (loop->functions->C_SignInit(loop->session, &loop->mechanism, loop->key) != CKR_OK ||
            loop->functions->C_Sign(loop->session, data, length, signature, &room) != CKR_OK)
            return made;
    }
    return count;
}
