/* SPDX-License-Identifier: Apache-2.0
 *
 * RSA keys with the structure of CVE-2017-15361, which tests of keys must find: each prime is
 * k * M + 65537^a mod M, where M is the product of the first primes (Nemec, Sys, Svenda, Klinec and
 * Matyas, The Return of Coppersmith's Attack, section 2). */

#include "application.h"

#include <openssl/bn.h>

/* How many primes go into M, by the modulus. */
static unsigned factor_count(unsigned bits)
{
    return bits < 3968 ? 126 : 225;
}

static bool is_small_prime(unsigned long number)
{
    for (unsigned long divisor = 2; divisor * divisor <= number; divisor++) {
        if (number % divisor == 0) return false;
    }
    return true;
}

static bool make_product(BIGNUM *product, unsigned count)
{
    if (!BN_one(product)) return false;
    for (unsigned long number = 2; count > 0; number++) {
        if (!is_small_prime(number)) continue;
        if (!BN_mul_word(product, number)) return false;
        count--;
    }
    return true;
}

/* A prime of exactly `bits` bits, with both top bits set. */
static bool make_prime(BIGNUM *prime, const BIGNUM *product, int bits, BN_CTX *numbers)
{
    BN_CTX_start(numbers);
    BIGNUM *power = BN_CTX_get(numbers), *multiple = BN_CTX_get(numbers);
    BIGNUM *base = BN_CTX_get(numbers);
    bool found = false;
    if (base == NULL || !BN_set_word(base, 65537)) goto end;
    while (!found) {
        /* The multiple of M just below a random number of the right size. */
        if (!BN_rand(power, bits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) ||
            !BN_mod_exp(power, base, power, product, numbers) ||
            !BN_rand(multiple, bits, BN_RAND_TOP_TWO, BN_RAND_BOTTOM_ANY) ||
            !BN_div(multiple, NULL, multiple, product, numbers) ||
            !BN_mul(prime, multiple, product, numbers) || !BN_add(prime, prime, power)) {
            goto end;
        }
        found = BN_num_bits(prime) == bits && BN_is_bit_set(prime, bits - 2) &&
                BN_check_prime(prime, numbers, NULL) == 1;
    }
end:
    BN_CTX_end(numbers);
    return found;
}

EVP_PKEY *pair_generate_roca(unsigned bits)
{
    uint8_t first[256], second[256];
    size_t size = bits / 16;
    EVP_PKEY *pair = NULL;
    BN_CTX *numbers = BN_CTX_new();
    BN_CTX_start(numbers);
    BIGNUM *product = BN_CTX_get(numbers), *p = BN_CTX_get(numbers), *q = BN_CTX_get(numbers);
    if (q != NULL && size <= sizeof first && make_product(product, factor_count(bits)) &&
        make_prime(p, product, (int)bits / 2, numbers) &&
        make_prime(q, product, (int)bits / 2, numbers) &&
        BN_bn2binpad(p, first, (int)size) > 0 && BN_bn2binpad(q, second, (int)size) > 0) {
        pair = pair_from_primes((struct slice){first, size}, (struct slice){second, size}, bits);
    }
    BN_CTX_end(numbers);
    BN_CTX_free(numbers);
    return pair;
}
