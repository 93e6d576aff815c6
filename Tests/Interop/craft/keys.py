# SPDX-License-Identifier: Apache-2.0
"""Key pairs, the same for the same name: no private key has to lie in the tree."""

import functools
import hashlib
from dataclasses import dataclass
from typing import Callable

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from .wire import mpint, stream, string, uint32

HASHES = {
    "sha1": hashes.SHA1(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
CURVES = {
    "nistp256": (ec.SECP256R1(), "sha256"),
    "nistp384": (ec.SECP384R1(), "sha384"),
    "nistp521": (ec.SECP521R1(), "sha512"),
}


@dataclass(frozen=True)
class Key:
    """A key pair: its names, the fields of the public half, and how it signs."""

    name: str
    type_name: str
    fields: bytes
    # Signs bytes; the second argument names another algorithm than the usual one.
    sign: Callable[..., bytes]

    @property
    def certificate_type(self) -> str:
        stem, _, domain = self.type_name.partition("@")
        return f"{stem}-cert-v01@{domain or 'openssh.com'}"

    @property
    def blob(self) -> bytes:
        return string(self.type_name) + self.fields


def no_signature(*_: object) -> bytes:
    raise ValueError("there is no private half of this key")


def broken(name: str, type_name: str, *fields: bytes) -> Key:
    """A public key with fields of any content, and no private half."""
    return Key(name, type_name, b"".join(fields), no_signature)


@functools.cache
def ed25519_key(name: str) -> Key:
    private = ed25519.Ed25519PrivateKey.from_private_bytes(stream(name, 32))

    def sign(data: bytes, algorithm: str = "ssh-ed25519") -> bytes:
        return string(algorithm) + string(private.sign(data))

    return Key(name, "ssh-ed25519", string(private.public_key().public_bytes_raw()), sign)


@functools.cache
def ecdsa_key(name: str, curve: str = "nistp256") -> Key:
    group, digest = CURVES[curve]
    private = ec.derive_private_key(int.from_bytes(stream(name, 31), "big") + 1, group)
    type_name = f"ecdsa-sha2-{curve}"

    def sign(data: bytes, algorithm: str = type_name, hashed: str = digest) -> bytes:
        r, s = ecdsa_numbers(private, data, hashed)
        return string(algorithm) + string(mpint(r) + mpint(s))

    return Key(name, type_name, string(curve) + string(point(private)), sign)


def ecdsa_numbers(
    private: ec.EllipticCurvePrivateKey, data: bytes, digest: str
) -> tuple[int, int]:
    scheme = ec.ECDSA(HASHES[digest], deterministic_signing=True)
    return decode_dss_signature(private.sign(data, scheme))


def point(private: ec.EllipticCurvePrivateKey) -> bytes:
    numbers = private.public_key().public_numbers()
    size = (private.curve.key_size + 7) // 8
    return b"\4" + numbers.x.to_bytes(size, "big") + numbers.y.to_bytes(size, "big")


@functools.cache
def sk_ed25519_key(name: str, application: bytes = b"ssh:") -> Key:
    private = ed25519.Ed25519PrivateKey.from_private_bytes(stream(name, 32))
    type_name = "sk-ssh-ed25519@openssh.com"

    def sign(data: bytes, algorithm: str = type_name, assertion: int = 1) -> bytes:
        signed = sk_signed(application, assertion, data)
        return (
            string(algorithm) + string(private.sign(signed)) + bytes([assertion]) + uint32(9)
        )

    fields = string(private.public_key().public_bytes_raw()) + string(application)
    return Key(name, type_name, fields, sign)


@functools.cache
def sk_ecdsa_key(name: str, application: bytes = b"ssh:") -> Key:
    private = ec.derive_private_key(int.from_bytes(stream(name, 31), "big") + 1, ec.SECP256R1())
    type_name = "sk-ecdsa-sha2-nistp256@openssh.com"

    def sign(data: bytes, algorithm: str = type_name, assertion: int = 1) -> bytes:
        signed = sk_signed(application, assertion, data)
        r, s = ecdsa_numbers(private, signed, "sha256")
        return (
            string(algorithm)
            + string(mpint(r) + mpint(s))
            + bytes([assertion])
            + uint32(9)
        )

    fields = string("nistp256") + string(point(private)) + string(application)
    return Key(name, type_name, fields, sign)


def sk_signed(application: bytes, assertion: int, data: bytes) -> bytes:
    """What a FIDO token signs, OpenSSH PROTOCOL.u2f."""
    head = hashlib.sha256(application).digest() + bytes([assertion]) + uint32(9)
    return head + hashlib.sha256(data).digest()


@functools.cache
def rsa_private(name: str, bits: int, exponent: int = 65_537) -> rsa.RSAPrivateKey:
    p, q = primes(name, bits, exponent)
    d = pow(exponent, -1, (p - 1) * (q - 1))
    return rsa.RSAPrivateNumbers(
        p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), rsa.RSAPublicNumbers(exponent, p * q)
    ).private_key()


@functools.cache
def rsa_key(name: str, bits: int = 2048, exponent: int = 65_537) -> Key:
    private = rsa_private(name, bits, exponent)
    modulus = private.public_key().public_numbers().n
    digests = {"ssh-rsa": "sha1", "rsa-sha2-256": "sha256", "rsa-sha2-512": "sha512"}

    def sign(data: bytes, algorithm: str = "rsa-sha2-512", hashed: str | None = None) -> bytes:
        scheme = HASHES[hashed or digests[algorithm]]
        return string(algorithm) + string(private.sign(data, padding.PKCS1v15(), scheme))

    return Key(name, "ssh-rsa", mpint(exponent) + mpint(modulus), sign)


def primes(name: str, bits: int, exponent: int) -> tuple[int, int]:
    """Two primes whose product has just this many bits."""
    left = prime(f"{name}/p", bits // 2, exponent)
    right = prime(f"{name}/q", bits - bits // 2, exponent)
    return max(left, right), min(left, right)


SMALL = [n for n in range(3, 2_000, 2) if all(n % d for d in range(3, int(n**0.5) + 1, 2))]


def prime(name: str, bits: int, exponent: int = 65_537) -> int:
    """The first prime of this many bits, the two highest set, from where the name leads."""
    start = int.from_bytes(stream(name, (bits + 7) // 8), "big") % (1 << bits)
    candidate = start | 3 << (bits - 2) | 1
    while True:
        if (
            all(candidate % small for small in SMALL)
            and (candidate - 1) % exponent
            and pow(2, candidate - 1, candidate) == 1
            and is_prime(candidate)
        ):
            return candidate
        candidate += 2


def is_prime(number: int) -> bool:
    """Miller and Rabin's test with the first bases, which is enough for what is not hostile."""
    bases = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)
    if number in bases:
        return True
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for base in bases:
        power = pow(base, odd, number)
        if power in (1, number - 1):
            continue
        for _ in range(twos - 1):
            power = pow(power, 2, number)
            if power == number - 1:
                break
        else:
            return False
    return True
