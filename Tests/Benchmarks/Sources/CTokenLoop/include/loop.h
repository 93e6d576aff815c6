// SPDX-License-Identifier: Apache-2.0
//
// The plainest program that signs with a token: a session, a key, and a loop over C_SignInit and C_Sign.
#pragma once
#include <stddef.h>

struct token_loop;

// A session with the token of this label and its key of this CKA_ID, logged in; NULL where there is none.
struct token_loop *_Nullable token_loop_open(
    const char *_Nonnull module, const char *_Nonnull label, const char *_Nonnull pin,
    const unsigned char *_Nonnull id, size_t id_length, unsigned long mechanism);

// Signs the same bytes `count` times; how often that was well.
size_t token_loop_sign(
    struct token_loop *_Nonnull loop, const unsigned char *_Nonnull data, size_t length,
    size_t count);
