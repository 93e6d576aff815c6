# SPDX-License-Identifier: Apache-2.0
"""Revocation lists whose key IDs, keys, hashes or sections are wrong, and some that are right."""

import hashlib

from .keys import rsa_key
from .panel import authority, certificate, subject
from .registry import revocation_list
from .serials import certificates, heading, section, serials, whole
from .wire import string, strings, uint32


def key_ids(*names: bytes | str) -> bytes:
    return section(0x23, strings(*names))


def extension(kind: int, critical: int, name: str = "a-note@example.org") -> bytes:
    return section(kind, string(name) + bytes([critical]) + string("said so"))


def keys(*blobs: bytes) -> bytes:
    return heading() + section(2, strings(*blobs))


def sha1(*blobs: bytes) -> bytes:
    return heading() + section(3, strings(*(hashlib.sha1(blob).digest() for blob in blobs)))


def sha256(*blobs: bytes) -> bytes:
    return heading() + section(5, strings(*(hashlib.sha256(blob).digest() for blob in blobs)))


def signature(data: bytes, letter: str) -> bytes:
    """The obsolete section: a key, and its signature over all that is before it."""
    key = authority(letter)
    signed = data + bytes([4]) + string(key.blob)
    return signed + string(key.sign(signed))


def key_5() -> bytes:
    return subject("a5").blob


def listed() -> bytes:
    return whole(serials(5))


def two_sections() -> bytes:
    return whole(serials(5)) + certificates(serials(6))


SECTIONS = {
    "key-id": lambda: whole(key_ids("id-a5")),
    "key-ids-not-in-order": lambda: whole(key_ids("id-a7", "id-a5", "id-a5")),
    "key-id-of-serial-0": lambda: whole(key_ids("id-a0")),
    "key-id-of-another-authority": lambda: whole(key_ids("id-b5")),
    "key-id-beginning": lambda: whole(key_ids("id-a")),
    "key-id-empty": lambda: whole(key_ids("")),
    "key-ids-none": lambda: whole(key_ids()),
    "key-id-with-nul": lambda: whole(key_ids(b"id\0-a5")),
    "key-id-ends-in-nul": lambda: whole(key_ids(b"id-a5\0")),
    "key-id-not-utf-8": lambda: whole(key_ids(b"Ren\xe9", b"id-a5")),
    "key-id-cut-off": lambda: whole(section(0x23, string("id-a5") + uint32(9) + b"id")),
    "authority-any": lambda: heading() + certificates(serials(5), key=b""),
    "authority-of-b": lambda: heading() + certificates(serials(5), key=authority("b").blob),
    "authority-twice": two_sections,
    "authority-without-parts": lambda: whole(),
    "authority-reserved": lambda: heading() + certificates(serials(5), reserved=b"reserved"),
    "authority-unknown": lambda: heading()
    + certificates(serials(6), key=string("ssh-falcon@example.org") + string(bytes(32)))
    + certificates(serials(5)),
    "authority-is-a-certificate": lambda: heading()
    + certificates(serials(6), key=certificate("a5").blob),
    "authority-with-bytes-after": lambda: heading()
    + certificates(serials(5), key=authority("a").blob + b"\0"),
    "authority-rsa-1016": lambda: heading()
    + certificates(serials(5), key=rsa_key("short", 1016).blob),
    "authority-rsa-1024": lambda: heading()
    + certificates(serials(5), key=rsa_key("short", 1024).blob),
    "authority-cut-off": lambda: heading() + section(1, uint32(90) + authority("a").blob),
    "authority-without-reserved": lambda: heading() + section(1, string(authority("a").blob)),
    "part-unknown": lambda: whole(serials(5), section(0x24, b"")),
    "part-cut-off": lambda: whole(serials(5), bytes([0x20]) + uint32(16) + bytes(8)),
    "part-with-bytes-after": lambda: whole(serials(5), b"\0"),
    "part-extension": lambda: whole(serials(5), extension(0x39, 0)),
    "part-extension-critical": lambda: whole(serials(5), extension(0x39, 1)),
    "key": lambda: keys(key_5()),
    "keys-not-in-order": lambda: keys(subject("key9").blob, key_5(), subject("key9").blob),
    "keys-none": lambda: keys(),
    "key-of-the-authority": lambda: keys(authority("a").blob),
    "key-is-a-certificate": lambda: keys(certificate("a5").blob),
    "key-empty": lambda: keys(b""),
    "key-unknown": lambda: keys(string("ssh-falcon@example.org") + string(bytes(32)), key_5()),
    "key-with-bytes-after": lambda: keys(key_5() + b"\0"),
    "key-cut-off": lambda: keys(key_5())[:-3],
    "key-rsa-1016": lambda: keys(rsa_key("short", 1016).blob, key_5()),
    "sha1": lambda: sha1(key_5()),
    "sha1-of-the-authority": lambda: sha1(authority("a").blob),
    "sha1-of-the-certificate": lambda: sha1(certificate("a5").blob),
    "sha1-of-19-bytes": lambda: heading() + section(3, string(bytes(19))),
    "sha1-not-in-order": lambda: sha1(subject("key9").blob, key_5(), authority("b").blob),
    "sha256": lambda: sha256(key_5()),
    "sha256-of-the-authority": lambda: sha256(authority("a").blob),
    "sha256-of-the-certificate": lambda: sha256(certificate("a5").blob),
    "sha256-of-31-bytes": lambda: heading() + section(5, string(bytes(31))),
    "sha256-of-33-bytes": lambda: heading() + section(5, string(bytes(33))),
    "sha256-in-the-section-of-sha1": lambda: heading() + section(3, string(bytes(32))),
    "all-kinds-at-once": lambda: listed()
    + section(2, string(subject("key9").blob))
    + section(3, string(hashlib.sha1(subject("a7").blob).digest()))
    + section(5, string(hashlib.sha256(authority("b").blob).digest())),
    "section-0": lambda: listed() + section(0, b""),
    "section-6": lambda: listed() + section(6, b"to come"),
    "section-extension": lambda: listed() + extension(255, 0),
    "section-extension-critical": lambda: listed() + extension(255, 1),
    "section-empty": lambda: listed() + section(2, b"") + section(3, b"") + section(5, b""),
    "signature-of-the-authority": lambda: signature(listed(), "a"),
    "signature-of-two": lambda: signature(signature(listed(), "a"), "b"),
    "signature-false": lambda: signature(listed(), "a")[:-1] + b"\0",
    "signature-before-a-section": lambda: signature(heading(), "a") + certificates(serials(5)),
    "signature-empty": lambda: listed() + bytes([4]) + string(b"") + string(b""),
    "cut-off-at-a-section": lambda: two_sections()[: len(listed())],
    "cut-off-in-a-section": lambda: two_sections()[:-9],
    "cut-off-after-a-type": lambda: two_sections()[: len(listed()) + 1],
    "cut-off-in-a-length": lambda: two_sections()[: len(listed()) + 3],
    "byte-after-the-end": lambda: listed() + b"\1",
    "zeros-after-the-end": lambda: listed() + bytes(5),
    "section-of-4-GiB": lambda: listed() + bytes([2]) + b"\xff" * 4 + key_5(),
}

for _name, _make in SECTIONS.items():
    revocation_list(_name)(_make)
