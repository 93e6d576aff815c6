// SPDX-License-Identifier: Apache-2.0
//
// The part of PC/SC that Conclave uses, as pcsc-lite has it on 64-bit Linux: PC/SC Workgroup
// Specification, part 5, with pcsc-lite's own numbers. The names, the numbers and the order of the
// fields are the interface's; the declarations are our own. Pointers to what a function only reads
// are const.
#ifndef CONCLAVE_PCSC_H
#define CONCLAVE_PCSC_H

#include <stddef.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#define CONCLAVE_NULLABLE _Nullable
#else
#define CONCLAVE_NULLABLE
#endif

// LONG and DWORD of pcsc-lite are as long as a pointer on Linux, and not 32 bits as elsewhere.
typedef long SCARD_RESULT;
typedef long SCARD_CONTEXT;
typedef long SCARD_HANDLE;
typedef unsigned long SCARD_NUMBER;

enum { SCARD_MAXIMUM_ATR = 33 };

typedef struct {
    const char *CONCLAVE_NULLABLE szReader;
    void *CONCLAVE_NULLABLE pvUserData;
    SCARD_NUMBER dwCurrentState;
    SCARD_NUMBER dwEventState;
    SCARD_NUMBER cbAtr;
    unsigned char rgbAtr[SCARD_MAXIMUM_ATR];
} SCARD_READER_STATE;

typedef struct {
    SCARD_NUMBER dwProtocol;
    SCARD_NUMBER cbPciLength;
} SCARD_REQUEST;

static const SCARD_NUMBER SCARD_SCOPE_SYSTEM = 2;

static const SCARD_NUMBER SCARD_SHARE_SHARED = 2;

static const SCARD_NUMBER SCARD_PROTOCOL_T0 = 1;
static const SCARD_NUMBER SCARD_PROTOCOL_T1 = 2;

static const SCARD_NUMBER SCARD_LEAVE_CARD = 0;
static const SCARD_NUMBER SCARD_RESET_CARD = 1;

static const SCARD_NUMBER SCARD_STATE_UNAWARE = 0x0000;
static const SCARD_NUMBER SCARD_STATE_EMPTY = 0x0010;
static const SCARD_NUMBER SCARD_STATE_PRESENT = 0x0020;
static const SCARD_NUMBER SCARD_STATE_MUTE = 0x0200;

// The values that functions return. What means the same to us has no name here.
static const SCARD_RESULT SCARD_S_SUCCESS = 0;
static const SCARD_RESULT SCARD_E_INVALID_HANDLE = 0x80100003;
static const SCARD_RESULT SCARD_E_UNKNOWN_READER = 0x80100009;
static const SCARD_RESULT SCARD_E_TIMEOUT = 0x8010000A;
static const SCARD_RESULT SCARD_E_SHARING_VIOLATION = 0x8010000B;
static const SCARD_RESULT SCARD_E_NO_SMARTCARD = 0x8010000C;
static const SCARD_RESULT SCARD_E_PROTO_MISMATCH = 0x8010000F;
static const SCARD_RESULT SCARD_E_INSUFFICIENT_BUFFER = 0x80100008;
static const SCARD_RESULT SCARD_F_COMM_ERROR = 0x80100013;
static const SCARD_RESULT SCARD_E_NOT_TRANSACTED = 0x80100016;
static const SCARD_RESULT SCARD_E_READER_UNAVAILABLE = 0x80100017;
static const SCARD_RESULT SCARD_E_NO_SERVICE = 0x8010001D;
static const SCARD_RESULT SCARD_E_SERVICE_STOPPED = 0x8010001E;
static const SCARD_RESULT SCARD_E_NO_READERS_AVAILABLE = 0x8010002E;
static const SCARD_RESULT SCARD_W_UNRESPONSIVE_CARD = 0x80100066;
static const SCARD_RESULT SCARD_W_UNPOWERED_CARD = 0x80100067;
static const SCARD_RESULT SCARD_W_RESET_CARD = 0x80100068;
static const SCARD_RESULT SCARD_W_REMOVED_CARD = 0x80100069;

SCARD_RESULT SCardEstablishContext(SCARD_NUMBER scope, const void *CONCLAVE_NULLABLE reserved1,
                                   const void *CONCLAVE_NULLABLE reserved2,
                                   SCARD_CONTEXT *context);
SCARD_RESULT SCardReleaseContext(SCARD_CONTEXT context);
SCARD_RESULT SCardListReaders(SCARD_CONTEXT context, const char *CONCLAVE_NULLABLE groups,
                              char *CONCLAVE_NULLABLE readers, SCARD_NUMBER *length);
SCARD_RESULT SCardGetStatusChange(SCARD_CONTEXT context, SCARD_NUMBER timeout,
                                  SCARD_READER_STATE *states, SCARD_NUMBER count);
SCARD_RESULT SCardCancel(SCARD_CONTEXT context);
SCARD_RESULT SCardConnect(SCARD_CONTEXT context, const char *reader, SCARD_NUMBER share,
                          SCARD_NUMBER protocols, SCARD_HANDLE *card,
                          SCARD_NUMBER *activeProtocol);
SCARD_RESULT SCardReconnect(SCARD_HANDLE card, SCARD_NUMBER share, SCARD_NUMBER protocols,
                            SCARD_NUMBER initialization, SCARD_NUMBER *activeProtocol);
SCARD_RESULT SCardDisconnect(SCARD_HANDLE card, SCARD_NUMBER disposition);
SCARD_RESULT SCardBeginTransaction(SCARD_HANDLE card);
SCARD_RESULT SCardEndTransaction(SCARD_HANDLE card, SCARD_NUMBER disposition);
SCARD_RESULT SCardStatus(SCARD_HANDLE card, char *CONCLAVE_NULLABLE reader,
                         SCARD_NUMBER *CONCLAVE_NULLABLE readerLength,
                         SCARD_NUMBER *CONCLAVE_NULLABLE state,
                         SCARD_NUMBER *CONCLAVE_NULLABLE protocol,
                         unsigned char *CONCLAVE_NULLABLE atr,
                         SCARD_NUMBER *CONCLAVE_NULLABLE atrLength);
SCARD_RESULT SCardTransmit(SCARD_HANDLE card, const SCARD_REQUEST *sendHeader,
                           const unsigned char *command, SCARD_NUMBER commandLength,
                           SCARD_REQUEST *CONCLAVE_NULLABLE receiveHeader, unsigned char *answer,
                           SCARD_NUMBER *answerLength);
const char *pcsc_stringify_error(SCARD_RESULT result);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif

#endif
