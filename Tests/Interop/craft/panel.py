# SPDX-License-Identifier: Apache-2.0
"""The certificates and keys that every revocation list is asked about."""

import base64

from .draft import AUTHORITIES, Certificate, Draft
from .keys import Key, ed25519_key
from .wire import string

# Authority "a" signed certificates of these serials, and "b" one; the certificate of serial N for a
# key of its own has the key ID "id-aN". "key5" is the plain key of "a5", "key9" one without any.
SERIALS = {
    "a0": 0,
    "a1": 1,
    "a5": 5,
    "a6": 6,
    "a7": 7,
    "a64": 64,
    "a20000": 20_000,
    "amax": 2**64 - 1,
    "b5": 5,
}
KEYS = ("key5", "key9")
NAMES = (*SERIALS, *KEYS)


def authority(letter: str) -> Key:
    return AUTHORITIES["ed25519" if letter == "a" else "ecdsa-p256"]()


def subject(name: str) -> Key:
    """The key of a certificate, or the plain key of this name."""
    return ed25519_key("panel a5" if name == "key5" else f"panel {name}")


def certificate(name: str) -> Certificate:
    draft = Draft(name, authority=authority(name[0]), subject=subject(name))
    draft.serial = SERIALS[name]
    draft.key_id = f"id-{name}".encode()
    return draft.finish()


def members() -> list[Certificate]:
    """All of the panel; a plain key as the bytes to show for it."""
    return [certificate(name) for name in SERIALS] + [plain(name) for name in KEYS]


def plain(name: str) -> Certificate:
    key = subject(name)
    return Certificate(name, 1, key, key.type_name, key.blob, f"{line(key)} {name}\n")


def line(key: Key) -> str:
    """A key's line as a file of public keys has it, without its end."""
    return f"{key.type_name} {base64.b64encode(key.blob).decode()}"


def wrapped(*blobs: bytes) -> bytes:
    return b"".join(map(string, blobs))
