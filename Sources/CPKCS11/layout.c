// SPDX-License-Identifier: Apache-2.0
//
// The layout that every Cryptoki 2.x module for a 64-bit Unix was built with. A field that is added,
// lost or put elsewhere in the header stops the build here.
#include "cryptoki.h"

#define CONCLAVE_SIZE(type, size) _Static_assert(sizeof(type) == (size), "size of " #type)
#define CONCLAVE_OFFSET(type, field, offset) \
    _Static_assert(offsetof(type, field) == (offset), "place of " #type "." #field)

CONCLAVE_SIZE(CK_ULONG, 8);
CONCLAVE_SIZE(CK_VERSION, 2);
CONCLAVE_SIZE(CK_INFO, 88);
CONCLAVE_SIZE(CK_SLOT_INFO, 112);
CONCLAVE_SIZE(CK_TOKEN_INFO, 208);
CONCLAVE_SIZE(CK_SESSION_INFO, 32);
CONCLAVE_SIZE(CK_ATTRIBUTE, 24);
CONCLAVE_SIZE(CK_MECHANISM, 24);
CONCLAVE_SIZE(CK_MECHANISM_INFO, 24);
CONCLAVE_SIZE(CK_C_INITIALIZE_ARGS, 48);
CONCLAVE_SIZE(CK_FUNCTION_LIST, 552);

CONCLAVE_OFFSET(CK_TOKEN_INFO, flags, 96);
CONCLAVE_OFFSET(CK_TOKEN_INFO, hardwareVersion, 184);
CONCLAVE_OFFSET(CK_C_INITIALIZE_ARGS, flags, 32);

// Entry n of the function list, counted from 1 in the order of the standard, lies at 8 n.
CONCLAVE_OFFSET(CK_FUNCTION_LIST, C_Initialize, 8 * 1);
CONCLAVE_OFFSET(CK_FUNCTION_LIST, C_GetSlotList, 8 * 5);
CONCLAVE_OFFSET(CK_FUNCTION_LIST, C_OpenSession, 8 * 13);
CONCLAVE_OFFSET(CK_FUNCTION_LIST, C_Login, 8 * 19);
CONCLAVE_OFFSET(CK_FUNCTION_LIST, C_CreateObject, 8 * 21);
CONCLAVE_OFFSET(CK_FUNCTION_LIST, C_DestroyObject, 8 * 23);
CONCLAVE_OFFSET(CK_FUNCTION_LIST, C_GetAttributeValue, 8 * 25);
CONCLAVE_OFFSET(CK_FUNCTION_LIST, C_FindObjectsInit, 8 * 27);
CONCLAVE_OFFSET(CK_FUNCTION_LIST, C_SignInit, 8 * 43);
CONCLAVE_OFFSET(CK_FUNCTION_LIST, C_Sign, 8 * 44);
CONCLAVE_OFFSET(CK_FUNCTION_LIST, C_GenerateKeyPair, 8 * 60);
CONCLAVE_OFFSET(CK_FUNCTION_LIST, C_GenerateRandom, 8 * 65);
CONCLAVE_OFFSET(CK_FUNCTION_LIST, C_WaitForSlotEvent, 8 * 68);
