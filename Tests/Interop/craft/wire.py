# SPDX-License-Identifier: Apache-2.0
"""The data types of RFC 4251 section 5, and ways to write them wrong."""

import hashlib


def uint32(number: int) -> bytes:
    return number.to_bytes(4, "big")


def uint64(number: int) -> bytes:
    return number.to_bytes(8, "big")


def string(data: bytes | str) -> bytes:
    if isinstance(data, str):
        data = data.encode()
    return uint32(len(data)) + data


def strings(*items: bytes | str) -> bytes:
    return b"".join(string(item) for item in items)


def magnitude(number: int) -> bytes:
    """The number's bytes without sign octet: an mpint of them is negative if the top bit is set."""
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def mpint(number: int, padding: int = 0) -> bytes:
    """A positive number in its shortest form, or with needless zeros before it."""
    octets = magnitude(number)
    if octets and octets[0] >= 0x80:
        octets = b"\0" + octets
    return string(bytes(padding) + octets)


def options(*pairs: tuple[bytes | str, bytes]) -> bytes:
    """Pairs of name and data, in the order given, the data as it is."""
    return b"".join(string(name) + string(data) for name, data in pairs)


def flags(*names: bytes | str) -> bytes:
    """Options without data, in the order given."""
    return options(*((name, b"") for name in names))


def stream(seed: str, length: int) -> bytes:
    """Bytes that look random and are the same for the same seed."""
    return hashlib.shake_256(seed.encode()).digest(length)
