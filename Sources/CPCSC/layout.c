// SPDX-License-Identifier: Apache-2.0
//
// The layout that pcsc-lite was built with.
#include "pcsc.h"

_Static_assert(sizeof(SCARD_NUMBER) == 8, "numbers are as long as a pointer");
