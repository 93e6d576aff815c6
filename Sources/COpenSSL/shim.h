/* SPDX-License-Identifier: Apache-2.0 */
/* OpenSSL's libcrypto, as far as Conclave calls it. */
#pragma once
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

/* Makes a table of multiples of a group's generator. The call is deprecated, for want of users: whoever
   finds it gone has no table. */
static inline int conclave_ec_group_make_table(EC_GROUP *group, BN_CTX *context) {
#if OPENSSL_VERSION_NUMBER < 0x40000000L && !defined(OPENSSL_NO_DEPRECATED_3_0)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    return EC_GROUP_precompute_mult(group, context);
#pragma GCC diagnostic pop
#else
    (void)group;
    (void)context;
    return 0;
#endif
}
