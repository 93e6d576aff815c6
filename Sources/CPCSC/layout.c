// SPDX-License-Identifier: Apache-2.0
//
// The layout that pcsc-lite was built with. A field that is added, lost or put elsewhere in the header
// stops the build here.
#include "pcsc.h"

#define CONCLAVE_SIZE(type, size) _Static_assert(sizeof(type) == (size), "size of " #type)
#define CONCLAVE_OFFSET(type, field, offset) \
    _Static_assert(offsetof(type, field) == (offset), "place of " #type "." #field)

CONCLAVE_SIZE(SCARD_RESULT, 8);
CONCLAVE_SIZE(SCARD_NUMBER, 8);
CONCLAVE_SIZE(SCARD_READER_STATE, 80);
CONCLAVE_SIZE(SCARD_REQUEST, 16);

CONCLAVE_OFFSET(SCARD_READER_STATE, pvUserData, 8);
CONCLAVE_OFFSET(SCARD_READER_STATE, dwCurrentState, 16);
CONCLAVE_OFFSET(SCARD_READER_STATE, dwEventState, 24);
CONCLAVE_OFFSET(SCARD_READER_STATE, cbAtr, 32);
CONCLAVE_OFFSET(SCARD_READER_STATE, rgbAtr, 40);
CONCLAVE_OFFSET(SCARD_REQUEST, cbPciLength, 8);
