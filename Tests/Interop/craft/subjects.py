# SPDX-License-Identifier: Apache-2.0
"""Certificates for keys that are broken, written wrong, or that nobody should certify."""

import hashlib

from cryptography.hazmat.primitives.asymmetric import ec

from .draft import Draft
from .keys import (
    Key, broken, ecdsa_key, ed25519_key, is_prime, point, prime, primes, rsa_key, sk_ecdsa_key,
    sk_ed25519_key,
)
from .registry import user
from .wire import magnitude, mpint, stream, string

E = 65_537
P25519 = 2**255 - 19
SMALL_PRIMES = [n for n in range(3, 1 << 16, 2) if is_prime(n)]


def modulus(bits: int = 2048, name: str = "a modulus") -> int:
    p, q = primes(name, bits, E)
    return p * q


def rsa(name: str, *fields: bytes) -> Key:
    return broken(name, "ssh-rsa", *fields)


@user("rsa-exponent-1")
def rsa_e_1(c: Draft) -> None:
    # Every padded message is its own signature: anybody can log in.
    def forge(data: bytes, algorithm: str) -> bytes:
        digest_info = bytes.fromhex("3051300d060960864801650304020305000440")
        digest = digest_info + hashlib.sha512(data).digest()
        return string(algorithm) + string(b"\0\1" + b"\xff" * (253 - len(digest)) + b"\0" + digest)

    c.subject = Key("e = 1", "ssh-rsa", mpint(1) + mpint(modulus()), forge)


@user("rsa-exponent-3")
def rsa_e_3(c: Draft) -> None:
    c.subject = rsa_key("subject e = 3", 2048, 3)


@user("rsa-exponent-even")
def rsa_e_even(c: Draft) -> None:
    c.subject = rsa("e even", mpint(65_538), mpint(modulus()))


@user("rsa-exponent-0")
def rsa_e_0(c: Draft) -> None:
    c.subject = rsa("e = 0", string(b""), mpint(modulus()))


@user("rsa-exponent-of-33-bits")
def rsa_e_33(c: Draft) -> None:
    c.subject = rsa_key("subject e of 33 bits", 2048, 2**32 + 15)


@user("rsa-exponent-padded")
def rsa_e_padded(c: Draft) -> None:
    good = rsa_key("subject rsa")
    number = good.fields[len(mpint(E)) :]
    c.subject = Key("e padded", "ssh-rsa", mpint(E, padding=1) + number, good.sign)


@user("rsa-modulus-even")
def rsa_n_even(c: Draft) -> None:
    c.subject = rsa("n even", mpint(E), mpint(2 * unfactored(2047)))


@user("rsa-modulus-0")
def rsa_n_0(c: Draft) -> None:
    c.subject = rsa("n = 0", mpint(E), string(b""))


@user("rsa-modulus-negative")
def rsa_n_negative(c: Draft) -> None:
    c.subject = rsa("n negative", mpint(E), string(magnitude(modulus())))


@user("rsa-modulus-padded")
def rsa_n_padded(c: Draft) -> None:
    c.subject = rsa("n padded", mpint(E), mpint(modulus(), padding=3))


@user("rsa-1016")
def rsa_1016(c: Draft) -> None:
    c.subject = rsa("1016 bits", mpint(E), mpint(modulus(1016)))


@user("rsa-1024")
def rsa_1024(c: Draft) -> None:
    c.subject = rsa_key("subject rsa 1024", 1024)


@user("rsa-2047")
def rsa_2047(c: Draft) -> None:
    c.subject = rsa_key("subject rsa 2047", 2047)


@user("rsa-16384")
def rsa_16384(c: Draft) -> None:
    c.subject = rsa("16384 bits", mpint(E), mpint(unfactored(16_384)))


@user("rsa-16392")
def rsa_16392(c: Draft) -> None:
    c.subject = rsa("16392 bits", mpint(E), mpint(unfactored(16_392)))


def unfactored(bits: int) -> int:
    """An odd number without small factors: large primes would take long to find."""
    number = int.from_bytes(stream(f"unfactored {bits}", bits // 8 + 1), "big") % (1 << bits)
    return without_small_factors(number | 1 << (bits - 1) | 1, 2)


def without_small_factors(number: int, step: int) -> int:
    while any(number % small == 0 for small in SMALL_PRIMES):
        number += step
    return number


@user("rsa-divisible-by-251")
def rsa_small_factor(c: Draft) -> None:
    c.subject = rsa("n = 251 * q", mpint(E), mpint(251 * unfactored(2041)))


@user("rsa-close-factors")
def rsa_close(c: Draft) -> None:
    p = prime("close", 1024)
    q = p + 2
    while not is_prime(q):
        q += 2
    c.subject = rsa("close factors", mpint(E), mpint(p * q))


@user("rsa-roca")
def rsa_roca(c: Draft) -> None:
    # The mark that CVE-2017-15361 leaves: modulo each small prime a power of 65537.
    product = 1
    for small in (n for n in range(2, 168) if n == 2 or is_prime(n)):
        product *= small
    residue = pow(E, 1_234, product)
    multiple = (1 << 2047) // product + 1
    number = multiple * product + residue
    c.subject = rsa("roca", mpint(E), mpint(without_small_factors(number, product)))


def p256(name: str, octets: bytes, curve: str = "nistp256") -> Key:
    return broken(name, "ecdsa-sha2-nistp256", string(curve), string(octets))


def generator() -> bytes:
    return point(ec.derive_private_key(0xC0FFEE, ec.SECP256R1()))


@user("ecdsa-not-on-the-curve")
def ecdsa_off_curve(c: Draft) -> None:
    octets = generator()
    c.subject = p256("off the curve", octets[:-1] + bytes([octets[-1] ^ 1]))


@user("ecdsa-point-compressed")
def ecdsa_compressed(c: Draft) -> None:
    octets = generator()
    c.subject = p256("compressed", bytes([2 + octets[-1] % 2]) + octets[1:33])


@user("ecdsa-point-hybrid")
def ecdsa_hybrid(c: Draft) -> None:
    octets = generator()
    c.subject = p256("hybrid", bytes([6 + octets[-1] % 2]) + octets[1:])


@user("ecdsa-point-at-infinity")
def ecdsa_infinity(c: Draft) -> None:
    c.subject = p256("infinity", b"\0")


@user("ecdsa-coordinate-beyond-the-field")
def ecdsa_beyond(c: Draft) -> None:
    field = 2**256 - 2**224 + 2**192 + 2**96 - 1
    octets = generator()
    wrapped = (field + 5).to_bytes(32, "big")
    c.subject = p256("beyond the field", b"\4" + wrapped + octets[33:])


@user("ecdsa-curve-of-another-name")
def ecdsa_other_curve(c: Draft) -> None:
    c.subject = p256("other curve", generator(), curve="nistp384")


@user("ecdsa-point-of-another-curve")
def ecdsa_other_point(c: Draft) -> None:
    other = ec.derive_private_key(0xC0FFEE, ec.SECP384R1())
    c.subject = p256("point of P-384", point(other))


def edwards(name: str, octets: bytes) -> Key:
    return broken(name, "ssh-ed25519", string(octets))


@user("ed25519-31-bytes")
def ed25519_short(c: Draft) -> None:
    c.subject = edwards("31 bytes", stream("short", 31))


@user("ed25519-33-bytes")
def ed25519_long(c: Draft) -> None:
    c.subject = edwards("33 bytes", stream("long", 33))


@user("ed25519-all-zero")
def ed25519_zero(c: Draft) -> None:
    c.subject = edwards("y = 0", bytes(32))


@user("ed25519-neutral-point")
def ed25519_neutral(c: Draft) -> None:
    # Nothing times the neutral point is nothing: one signature fits every message.
    neutral = (1).to_bytes(32, "little")

    def forge(_: bytes, algorithm: str) -> bytes:
        return string(algorithm) + string(neutral + bytes(32))

    c.subject = Key("y = 1", "ssh-ed25519", string(neutral), forge)


@user("ed25519-not-canonical")
def ed25519_not_canonical(c: Draft) -> None:
    # y = p + 3, and y = 3 is a point of the curve.
    c.subject = edwards("y = p + 3", (P25519 + 3).to_bytes(32, "little"))


@user("ed25519-not-on-the-curve")
def ed25519_off_curve(c: Draft) -> None:
    c.subject = edwards("y = 2", (2).to_bytes(32, "little"))


@user("sk-application-empty")
def sk_no_application(c: Draft) -> None:
    c.subject = sk_ed25519_key("subject sk", b"")


@user("sk-application-of-a-web-site")
def sk_web(c: Draft) -> None:
    c.subject = sk_ecdsa_key("subject sk", b"https://example.org")


@user("sk-application-with-nul")
def sk_nul(c: Draft) -> None:
    c.subject = sk_ed25519_key("subject sk", b"ssh:\0evil")


@user("sk-ecdsa-without-application")
def sk_missing(c: Draft) -> None:
    good = ecdsa_key("subject p256")
    c.subject = broken("no application", "sk-ecdsa-sha2-nistp256@openssh.com", good.fields)


@user("subject-with-a-second-key")
def second_key(c: Draft) -> None:
    c.subject = broken(
        "two keys", "ssh-ed25519", ed25519_key("one").fields, ed25519_key("two").fields
    )
