/* SPDX-License-Identifier: Apache-2.0 */
/* libcrypto by itself, what it signs with and how fast it verifies, and the little of C beside it. */
#pragma once
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
