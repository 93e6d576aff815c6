# SPDX-License-Identifier: Apache-2.0
"""Certificates whose signature is false, or true and written wrong."""

from cryptography.hazmat.primitives.asymmetric import ec

from .draft import AUTHORITIES, Draft, stranger
from .keys import ecdsa_key, ecdsa_numbers, ed25519_key, rsa_key
from .registry import host, user
from .wire import magnitude, mpint, stream, string

L25519 = 2**252 + 27742317777372353535851937790883648493
N256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@user("signed-by-a-stranger")
@host("host-signed-by-a-stranger")
def by_stranger(c: Draft) -> None:
    c.authority = stranger()


@user("signed-by-a-stranger-in-another-name")
@host("host-signed-by-a-stranger-in-another-name")
def by_impostor(c: Draft) -> None:
    c.sign = stranger().sign


@user("signature-with-a-flipped-bit")
@host("host-signature-with-a-flipped-bit")
def flipped(c: Draft) -> None:
    c.spoil = lambda blob: blob[:-1] + bytes([blob[-1] ^ 1])


@user("signature-of-another-certificate")
def of_another(c: Draft) -> None:
    c.sign = lambda data: c.authority.sign(data.replace(b"alice", b"bobby"))


@user("signature-empty")
def empty(c: Draft) -> None:
    c.sign = lambda _: b""


@user("signature-without-value")
def without_value(c: Draft) -> None:
    c.sign = lambda _: string("ssh-ed25519") + string(b"")


@user("signature-with-bytes-after")
def trailing(c: Draft) -> None:
    c.sign = lambda data: c.authority.sign(data) + b"\0"


@user("signature-with-fido-flags")
def with_flags(c: Draft) -> None:
    c.sign = lambda data: c.authority.sign(data) + b"\1\0\0\0\1"


@user("signature-names-a-certificate-type")
def names_certificate(c: Draft) -> None:
    c.sign = lambda data: c.authority.sign(data, "ssh-ed25519-cert-v01@openssh.com")


@user("signature-names-another-algorithm")
def names_other(c: Draft) -> None:
    c.sign = lambda data: c.authority.sign(data, "ecdsa-sha2-nistp256")


@user("ed25519-signature-of-63-bytes")
def ed25519_short(c: Draft) -> None:
    c.sign = lambda data: string("ssh-ed25519") + string(c.authority.sign(data)[-64:-1])


@user("ed25519-signature-of-65-bytes")
def ed25519_long(c: Draft) -> None:
    c.sign = lambda data: string("ssh-ed25519") + string(c.authority.sign(data)[-64:] + b"\0")


@user("ed25519-signature-with-s-plus-l")
def ed25519_malleable(c: Draft) -> None:
    def sign(data: bytes) -> bytes:
        good = c.authority.sign(data)[-64:]
        s = int.from_bytes(good[32:], "little") + L25519
        return string("ssh-ed25519") + string(good[:32] + s.to_bytes(32, "little"))

    c.sign = sign


@user("rsa-signature-sha-256")
def rsa_sha256(c: Draft) -> None:
    c.authority = AUTHORITIES["rsa"]()
    c.sign = lambda data: c.authority.sign(data, "rsa-sha2-256")


@user("rsa-signature-sha-1")
@host("host-rsa-signature-sha-1")
def rsa_sha1(c: Draft) -> None:
    c.authority = AUTHORITIES["rsa"]()
    c.sign = lambda data: c.authority.sign(data, "ssh-rsa")


@user("rsa-signature-of-another-hash")
def rsa_other_hash(c: Draft) -> None:
    c.authority = AUTHORITIES["rsa"]()
    c.sign = lambda data: c.authority.sign(data, "rsa-sha2-256", "sha512")


@user("rsa-signature-names-a-certificate-type")
def rsa_names_certificate(c: Draft) -> None:
    c.authority = AUTHORITIES["rsa"]()
    value = slice(len(string("rsa-sha2-512")), None)
    name = string("rsa-sha2-512-cert-v01@openssh.com")
    c.sign = lambda data: name + c.authority.sign(data)[value]


def rsa_value(c: Draft, data: bytes) -> bytes:
    return c.authority.sign(data)[-256:]


@user("rsa-signature-without-its-zero")
def rsa_short(c: Draft) -> None:
    # The nonce is turned until the signature begins with a zero octet, which is then left out.
    c.authority = AUTHORITIES["rsa"]()
    for turn in range(10_000):
        c.nonce = stream(f"turn {turn}", 32)
        if rsa_value(c, c.signed_part())[0] == 0:
            break
    c.sign = lambda data: string("rsa-sha2-512") + string(rsa_value(c, data)[1:])


@user("rsa-signature-with-a-zero-more")
def rsa_long(c: Draft) -> None:
    c.authority = AUTHORITIES["rsa"]()
    c.sign = lambda data: string("rsa-sha2-512") + string(b"\0" + rsa_value(c, data))


def ecdsa(c: Draft, write) -> None:
    """A signature by the P-256 authority, its two numbers written as the case wants it."""
    c.authority = AUTHORITIES["ecdsa-p256"]()
    number = int.from_bytes(stream("authority p256", 31), "big") + 1
    private = ec.derive_private_key(number, ec.SECP256R1())

    def sign(data: bytes) -> bytes:
        r, s = ecdsa_numbers(private, data, "sha256")
        return string("ecdsa-sha2-nistp256") + string(write(r, s))

    c.sign = sign


def turned(c: Draft, wanted) -> None:
    """Turns the nonce until the numbers of the signature are as wanted."""
    for turn in range(10_000):
        c.nonce = stream(f"turn {turn}", 32)
        value = c.sign(c.signed_part()) if c.sign else b""
        if wanted(value):
            return


@user("ecdsa-signature-padded")
def ecdsa_padded(c: Draft) -> None:
    ecdsa(c, lambda r, s: mpint(r, padding=1) + mpint(s))


@user("ecdsa-signature-negative")
def ecdsa_negative(c: Draft) -> None:
    ecdsa(c, lambda r, s: string(magnitude(r)) + string(magnitude(s)))
    # Of a number whose top bit is set the missing sign octet is seen.
    first = len(string("ecdsa-sha2-nistp256")) + 8
    turned(c, lambda value: value[first] >= 0x80)


@user("ecdsa-signature-zero")
def ecdsa_zero(c: Draft) -> None:
    ecdsa(c, lambda r, s: mpint(0) + mpint(s))


@user("ecdsa-signature-plus-order")
def ecdsa_order(c: Draft) -> None:
    ecdsa(c, lambda r, s: mpint(r) + mpint(s + N256))


@user("ecdsa-signature-other-half")
def ecdsa_high(c: Draft) -> None:
    ecdsa(c, lambda r, s: mpint(r) + mpint(N256 - s))


@user("ecdsa-signature-with-bytes-after")
def ecdsa_trailing(c: Draft) -> None:
    ecdsa(c, lambda r, s: mpint(r) + mpint(s) + b"\0")


@user("ecdsa-signature-not-nested")
def ecdsa_flat(c: Draft) -> None:
    ecdsa(c, lambda r, s: b"")
    nested = c.sign
    head = len(string("ecdsa-sha2-nistp256"))
    ecdsa(c, lambda r, s: mpint(r) + mpint(s))
    whole = c.sign
    c.sign = lambda data: nested(data)[:head] + whole(data)[head + 4 :]


@user("ecdsa-p384-signature-with-sha-512")
def ecdsa_other_hash(c: Draft) -> None:
    c.authority = AUTHORITIES["ecdsa-p384"]()
    c.sign = lambda data: c.authority.sign(data, hashed="sha512")


@user("signed-by-ecdsa-p521")
def by_p521(c: Draft) -> None:
    c.authority = AUTHORITIES["ecdsa-p521"]()


@user("signed-by-rsa")
@host("host-signed-by-rsa")
def by_rsa(c: Draft) -> None:
    c.authority = AUTHORITIES["rsa"]()


@host("host-authority-rsa-1024")
def host_rsa_1024(c: Draft) -> None:
    c.authority = AUTHORITIES["rsa-1024"]()


@host("host-key-rsa-1024")
def host_key_rsa_1024(c: Draft) -> None:
    c.subject = rsa_key("host rsa 1024", 1024)


@host("host-key-ecdsa")
def host_key_ecdsa(c: Draft) -> None:
    c.subject = ecdsa_key("host p256")


@host("host-key-is-the-authority")
def host_key_authority(c: Draft) -> None:
    c.subject = ed25519_key("authority ed25519")
