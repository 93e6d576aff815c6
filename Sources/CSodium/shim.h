/* SPDX-License-Identifier: Apache-2.0 */
/* libsodium, as far as Conclave calls it. */
#pragma once
#include <sodium/core.h>
#include <sodium/crypto_sign_ed25519.h>
