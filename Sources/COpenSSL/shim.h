/* SPDX-License-Identifier: Apache-2.0 */
/* OpenSSL's libcrypto, as far as Conclave calls it. */
#pragma once
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
