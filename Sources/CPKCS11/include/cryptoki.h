// SPDX-License-Identifier: Apache-2.0
//
// The part of the Cryptoki 2.40 interface that Conclave uses: OASIS PKCS #11 Cryptographic Token
// Interface Base Specification 2.40, with the Edwards curves of 3.0. The numbers, the names and the
// order of the fields are the standard's; the declarations are our own. Structures have the natural
// alignment of the platform, as on every Unix. Pointers to what a function only reads are const, and
// entries that are never called have no signature, so that nothing can call them by mistake.
#ifndef CONCLAVE_CRYPTOKI_H
#define CONCLAVE_CRYPTOKI_H

#include <stddef.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#define CONCLAVE_NULLABLE _Nullable
#else
#define CONCLAVE_NULLABLE
#endif

typedef unsigned char CK_BYTE;
typedef unsigned char CK_BBOOL;
typedef unsigned long CK_ULONG;

typedef CK_ULONG CK_RV;
typedef CK_ULONG CK_FLAGS;
typedef CK_ULONG CK_SLOT_ID;
typedef CK_ULONG CK_SESSION_HANDLE;
typedef CK_ULONG CK_OBJECT_HANDLE;
typedef CK_ULONG CK_USER_TYPE;
typedef CK_ULONG CK_STATE;
typedef CK_ULONG CK_MECHANISM_TYPE;
typedef CK_ULONG CK_ATTRIBUTE_TYPE;
typedef CK_ULONG CK_OBJECT_CLASS;
typedef CK_ULONG CK_KEY_TYPE;
typedef CK_ULONG CK_NOTIFICATION;

// A length or number that the module cannot or will not tell.
static const CK_ULONG CK_UNAVAILABLE_INFORMATION = ~0UL;

// Flags of C_Initialize, of slots, of tokens and of sessions (sections 5.4, 3.2 and 3.3).
#define CKF_OS_LOCKING_OK 0x2UL
#define CKF_TOKEN_PRESENT 0x1UL
#define CKF_RNG 0x1UL
#define CKF_WRITE_PROTECTED 0x2UL
#define CKF_LOGIN_REQUIRED 0x4UL
#define CKF_USER_PIN_INITIALIZED 0x8UL
#define CKF_PROTECTED_AUTHENTICATION_PATH 0x100UL
#define CKF_TOKEN_INITIALIZED 0x400UL
#define CKF_USER_PIN_COUNT_LOW 0x10000UL
#define CKF_USER_PIN_FINAL_TRY 0x20000UL
#define CKF_USER_PIN_LOCKED 0x40000UL
#define CKF_USER_PIN_TO_BE_CHANGED 0x80000UL
#define CKF_RW_SESSION 0x2UL
#define CKF_SERIAL_SESSION 0x4UL
#define CKF_SIGN 0x800UL
#define CKF_GENERATE_KEY_PAIR 0x10000UL

// Who logs in.
#define CKU_SO 0UL
#define CKU_USER 1UL
#define CKU_CONTEXT_SPECIFIC 2UL

// States of a session.
#define CKS_RO_USER_FUNCTIONS 1UL
#define CKS_RW_USER_FUNCTIONS 3UL

// Classes of objects and kinds of key.
#define CKO_CERTIFICATE 1UL
#define CKO_PUBLIC_KEY 2UL
#define CKO_PRIVATE_KEY 3UL
#define CKC_X_509 0x0UL
#define CKK_RSA 0x0UL
#define CKK_EC 0x3UL
#define CKK_EC_EDWARDS 0x40UL

// Attributes.
#define CKA_CLASS 0x0UL
#define CKA_TOKEN 0x1UL
#define CKA_PRIVATE 0x2UL
#define CKA_LABEL 0x3UL
#define CKA_VALUE 0x11UL
#define CKA_CERTIFICATE_TYPE 0x80UL
#define CKA_KEY_TYPE 0x100UL
#define CKA_ID 0x102UL
#define CKA_SENSITIVE 0x103UL
#define CKA_SIGN 0x108UL
#define CKA_VERIFY 0x10AUL
#define CKA_MODULUS 0x120UL
#define CKA_MODULUS_BITS 0x121UL
#define CKA_PUBLIC_EXPONENT 0x122UL
#define CKA_EXTRACTABLE 0x162UL
#define CKA_LOCAL 0x163UL
#define CKA_NEVER_EXTRACTABLE 0x164UL
#define CKA_ALWAYS_SENSITIVE 0x165UL
#define CKA_MODIFIABLE 0x170UL
#define CKA_EC_PARAMS 0x180UL
#define CKA_EC_POINT 0x181UL
#define CKA_ALWAYS_AUTHENTICATE 0x202UL

// Mechanisms.
#define CKM_RSA_PKCS_KEY_PAIR_GEN 0x0UL
#define CKM_RSA_PKCS 0x1UL
#define CKM_EC_KEY_PAIR_GEN 0x1040UL
#define CKM_ECDSA 0x1041UL
#define CKM_EC_EDWARDS_KEY_PAIR_GEN 0x1055UL
#define CKM_EDDSA 0x1057UL

// The return values that change what we do; the names of all stand in PKCS11Token.
#define CKR_OK 0x0UL
#define CKR_GENERAL_ERROR 0x5UL
#define CKR_ATTRIBUTE_SENSITIVE 0x11UL
#define CKR_ATTRIBUTE_TYPE_INVALID 0x12UL
#define CKR_ATTRIBUTE_VALUE_INVALID 0x13UL
#define CKR_DEVICE_ERROR 0x30UL
#define CKR_DEVICE_MEMORY 0x31UL
#define CKR_DEVICE_REMOVED 0x32UL
#define CKR_FUNCTION_NOT_SUPPORTED 0x54UL
#define CKR_KEY_HANDLE_INVALID 0x60UL
#define CKR_MECHANISM_INVALID 0x70UL
#define CKR_MECHANISM_PARAM_INVALID 0x71UL
#define CKR_OBJECT_HANDLE_INVALID 0x82UL
#define CKR_OPERATION_ACTIVE 0x90UL
#define CKR_PIN_INCORRECT 0xA0UL
#define CKR_PIN_INVALID 0xA1UL
#define CKR_PIN_LEN_RANGE 0xA2UL
#define CKR_PIN_LOCKED 0xA4UL
#define CKR_SESSION_CLOSED 0xB0UL
#define CKR_SESSION_COUNT 0xB1UL
#define CKR_SESSION_HANDLE_INVALID 0xB3UL
#define CKR_TEMPLATE_INCONSISTENT 0xD1UL
#define CKR_TOKEN_NOT_PRESENT 0xE0UL
#define CKR_TOKEN_NOT_RECOGNIZED 0xE1UL
#define CKR_USER_ALREADY_LOGGED_IN 0x100UL
#define CKR_USER_NOT_LOGGED_IN 0x101UL
#define CKR_DOMAIN_PARAMS_INVALID 0x130UL
#define CKR_CURVE_NOT_SUPPORTED 0x140UL
#define CKR_BUFFER_TOO_SMALL 0x150UL
#define CKR_CRYPTOKI_NOT_INITIALIZED 0x190UL
#define CKR_CRYPTOKI_ALREADY_INITIALIZED 0x191UL

typedef struct {
    CK_BYTE major;
    CK_BYTE minor;
} CK_VERSION;

typedef struct {
    CK_VERSION cryptokiVersion;
    CK_BYTE manufacturerID[32];
    CK_FLAGS flags;
    CK_BYTE libraryDescription[32];
    CK_VERSION libraryVersion;
} CK_INFO;

typedef struct {
    CK_BYTE slotDescription[64];
    CK_BYTE manufacturerID[32];
    CK_FLAGS flags;
    CK_VERSION hardwareVersion;
    CK_VERSION firmwareVersion;
} CK_SLOT_INFO;

typedef struct {
    CK_BYTE label[32];
    CK_BYTE manufacturerID[32];
    CK_BYTE model[16];
    CK_BYTE serialNumber[16];
    CK_FLAGS flags;
    CK_ULONG ulMaxSessionCount;
    CK_ULONG ulSessionCount;
    CK_ULONG ulMaxRwSessionCount;
    CK_ULONG ulRwSessionCount;
    CK_ULONG ulMaxPinLen;
    CK_ULONG ulMinPinLen;
    CK_ULONG ulTotalPublicMemory;
    CK_ULONG ulFreePublicMemory;
    CK_ULONG ulTotalPrivateMemory;
    CK_ULONG ulFreePrivateMemory;
    CK_VERSION hardwareVersion;
    CK_VERSION firmwareVersion;
    CK_BYTE utcTime[16];
} CK_TOKEN_INFO;

typedef struct {
    CK_SLOT_ID slotID;
    CK_STATE state;
    CK_FLAGS flags;
    CK_ULONG ulDeviceError;
} CK_SESSION_INFO;

typedef struct {
    CK_ATTRIBUTE_TYPE type;
    void *CONCLAVE_NULLABLE pValue;
    CK_ULONG ulValueLen;
} CK_ATTRIBUTE;

typedef struct {
    CK_MECHANISM_TYPE mechanism;
    void *CONCLAVE_NULLABLE pParameter;
    CK_ULONG ulParameterLen;
} CK_MECHANISM;

typedef struct {
    CK_ULONG ulMinKeySize;
    CK_ULONG ulMaxKeySize;
    CK_FLAGS flags;
} CK_MECHANISM_INFO;

typedef struct {
    void *CONCLAVE_NULLABLE CreateMutex;
    void *CONCLAVE_NULLABLE DestroyMutex;
    void *CONCLAVE_NULLABLE LockMutex;
    void *CONCLAVE_NULLABLE UnlockMutex;
    CK_FLAGS flags;
    void *CONCLAVE_NULLABLE pReserved;
} CK_C_INITIALIZE_ARGS;

typedef CK_RV (*CK_NOTIFY)(CK_SESSION_HANDLE, CK_NOTIFICATION, void *CONCLAVE_NULLABLE);

// An entry that Conclave never calls.
typedef void (*CK_NEVER_CALLED)(void);

typedef struct CK_FUNCTION_LIST CK_FUNCTION_LIST;
struct CK_FUNCTION_LIST {
    CK_VERSION version;
    CK_RV (*CONCLAVE_NULLABLE C_Initialize)(void *CONCLAVE_NULLABLE);
    CK_RV (*CONCLAVE_NULLABLE C_Finalize)(void *CONCLAVE_NULLABLE);
    CK_RV (*CONCLAVE_NULLABLE C_GetInfo)(CK_INFO *);
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_GetFunctionList;
    CK_RV (*CONCLAVE_NULLABLE C_GetSlotList)(
        CK_BBOOL, CK_SLOT_ID *CONCLAVE_NULLABLE, CK_ULONG *);
    CK_RV (*CONCLAVE_NULLABLE C_GetSlotInfo)(CK_SLOT_ID, CK_SLOT_INFO *);
    CK_RV (*CONCLAVE_NULLABLE C_GetTokenInfo)(CK_SLOT_ID, CK_TOKEN_INFO *);
    CK_RV (*CONCLAVE_NULLABLE C_GetMechanismList)(
        CK_SLOT_ID, CK_MECHANISM_TYPE *CONCLAVE_NULLABLE, CK_ULONG *);
    CK_RV (*CONCLAVE_NULLABLE C_GetMechanismInfo)(
        CK_SLOT_ID, CK_MECHANISM_TYPE, CK_MECHANISM_INFO *);
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_InitToken;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_InitPIN;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_SetPIN;
    CK_RV (*CONCLAVE_NULLABLE C_OpenSession)(
        CK_SLOT_ID, CK_FLAGS, void *CONCLAVE_NULLABLE, CK_NOTIFY CONCLAVE_NULLABLE,
        CK_SESSION_HANDLE *);
    CK_RV (*CONCLAVE_NULLABLE C_CloseSession)(CK_SESSION_HANDLE);
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_CloseAllSessions;
    CK_RV (*CONCLAVE_NULLABLE C_GetSessionInfo)(CK_SESSION_HANDLE, CK_SESSION_INFO *);
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_GetOperationState;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_SetOperationState;
    CK_RV (*CONCLAVE_NULLABLE C_Login)(
        CK_SESSION_HANDLE, CK_USER_TYPE, const CK_BYTE *CONCLAVE_NULLABLE, CK_ULONG);
    CK_RV (*CONCLAVE_NULLABLE C_Logout)(CK_SESSION_HANDLE);
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_CreateObject;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_CopyObject;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_DestroyObject;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_GetObjectSize;
    CK_RV (*CONCLAVE_NULLABLE C_GetAttributeValue)(
        CK_SESSION_HANDLE, CK_OBJECT_HANDLE, CK_ATTRIBUTE *, CK_ULONG);
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_SetAttributeValue;
    CK_RV (*CONCLAVE_NULLABLE C_FindObjectsInit)(
        CK_SESSION_HANDLE, const CK_ATTRIBUTE *CONCLAVE_NULLABLE, CK_ULONG);
    CK_RV (*CONCLAVE_NULLABLE C_FindObjects)(
        CK_SESSION_HANDLE, CK_OBJECT_HANDLE *, CK_ULONG, CK_ULONG *);
    CK_RV (*CONCLAVE_NULLABLE C_FindObjectsFinal)(CK_SESSION_HANDLE);
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_EncryptInit;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_Encrypt;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_EncryptUpdate;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_EncryptFinal;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_DecryptInit;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_Decrypt;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_DecryptUpdate;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_DecryptFinal;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_DigestInit;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_Digest;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_DigestUpdate;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_DigestKey;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_DigestFinal;
    CK_RV (*CONCLAVE_NULLABLE C_SignInit)(
        CK_SESSION_HANDLE, const CK_MECHANISM *, CK_OBJECT_HANDLE);
    CK_RV (*CONCLAVE_NULLABLE C_Sign)(
        CK_SESSION_HANDLE, const CK_BYTE *CONCLAVE_NULLABLE, CK_ULONG,
        CK_BYTE *CONCLAVE_NULLABLE, CK_ULONG *);
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_SignUpdate;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_SignFinal;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_SignRecoverInit;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_SignRecover;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_VerifyInit;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_Verify;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_VerifyUpdate;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_VerifyFinal;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_VerifyRecoverInit;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_VerifyRecover;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_DigestEncryptUpdate;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_DecryptDigestUpdate;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_SignEncryptUpdate;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_DecryptVerifyUpdate;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_GenerateKey;
    CK_RV (*CONCLAVE_NULLABLE C_GenerateKeyPair)(
        CK_SESSION_HANDLE, const CK_MECHANISM *, const CK_ATTRIBUTE *CONCLAVE_NULLABLE, CK_ULONG,
        const CK_ATTRIBUTE *CONCLAVE_NULLABLE, CK_ULONG, CK_OBJECT_HANDLE *, CK_OBJECT_HANDLE *);
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_WrapKey;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_UnwrapKey;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_DeriveKey;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_SeedRandom;
    CK_RV (*CONCLAVE_NULLABLE C_GenerateRandom)(CK_SESSION_HANDLE, CK_BYTE *, CK_ULONG);
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_GetFunctionStatus;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_CancelFunction;
    CK_NEVER_CALLED CONCLAVE_NULLABLE C_WaitForSlotEvent;
};

// The one symbol that a module must export.
typedef CK_RV (*CK_C_GetFunctionList)(
    CK_FUNCTION_LIST *CONCLAVE_NULLABLE *CONCLAVE_NULLABLE);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif

#endif
