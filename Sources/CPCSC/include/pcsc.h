// SPDX-License-Identifier: Apache-2.0
//
// The part of PC/SC that Conclave uses, as pcsc-lite has it on 64-bit Linux: PC/SC Workgroup
// Specification, part 5. The names, the numbers and the order of fields are the interface's.
#ifndef CONCLAVE_PCSC_H
#define CONCLAVE_PCSC_H

typedef long SCARD_RESULT;
typedef long SCARD_CONTEXT;
typedef unsigned long SCARD_NUMBER;

#endif
