# SPDX-License-Identifier: Apache-2.0
"""Revocation lists whose heading or serials are wrong, and some that are right."""

from .panel import authority, line, subject
from .registry import revocation_list
from .wire import mpint, string, uint32, uint64

MAGIC = b"SSHKRL\n\0"


def heading(
    version: int = 1, generated: int = 1_600_000_000, flags: int = 0, reserved: bytes = b"",
    comment: bytes = b"", form: int = 1, magic: bytes = MAGIC,
) -> bytes:
    return (
        magic + uint32(form) + uint64(version) + uint64(generated) + uint64(flags)
        + string(reserved) + string(comment)
    )


def section(kind: int, data: bytes) -> bytes:
    return bytes([kind]) + string(data)


def certificates(*parts: bytes, key: bytes | None = None, reserved: bytes = b"") -> bytes:
    """The section about an authority, "a" where no other is named."""
    blob = authority("a").blob if key is None else key
    return section(1, string(blob) + string(reserved) + b"".join(parts))


def serials(*numbers: int) -> bytes:
    return section(0x20, b"".join(map(uint64, numbers)))


def span(low: int, high: int) -> bytes:
    return section(0x21, uint64(low) + uint64(high))


def bitmap(offset: int, bits: int, padding: int = 0) -> bytes:
    return section(0x22, uint64(offset) + mpint(bits, padding))


def whole(*parts: bytes) -> bytes:
    """A list about authority "a" with these parts."""
    return heading() + certificates(*parts)


GOOD = {
    "nothing-revoked": lambda: heading(),
    "serial-listed": lambda: whole(serials(5)),
    "serials-not-in-order": lambda: whole(serials(64, 5, 6)),
    "serial-listed-twice": lambda: whole(serials(5, 5), serials(5)),
    "serial-list-empty": lambda: whole(serials()),
    "range": lambda: whole(span(5, 6)),
    "range-of-one": lambda: whole(span(5, 5)),
    "range-of-all": lambda: whole(span(1, 2**64 - 1)),
    "ranges-overlap": lambda: whole(span(5, 7), span(6, 64)),
    "bitmap": lambda: whole(bitmap(5, 0b101)),
    "bitmap-from-0": lambda: whole(bitmap(0, 1 << 5)),
    "bitmap-of-16384-bits": lambda: whole(bitmap(5, 1 << 16_383 | 1)),
    "bitmap-of-16384-bits-in-use": lambda: whole(bitmap(20_000 - 16_383, 1 << 16_383)),
    "bitmap-of-no-bits": lambda: whole(bitmap(5, 0)),
    "bitmap-up-to-the-end": lambda: whole(bitmap(2**64 - 8, 1 << 7)),
    "bitmaps-overlap": lambda: whole(bitmap(1, 0b110001), bitmap(5, 0b11)),
    "list-range-bitmap": lambda: whole(serials(1), span(5, 6), bitmap(60, 1 << 4)),
    "flags-set": lambda: heading(flags=2**64 - 1) + certificates(serials(5)),
    "reserved-in-heading": lambda: heading(reserved=b"reserved") + certificates(serials(5)),
    "version-0": lambda: heading(version=0) + certificates(serials(5)),
    "version-largest": lambda: heading(version=2**64 - 1) + certificates(serials(5)),
    "generated-0": lambda: heading(generated=0) + certificates(serials(5)),
    "generated-largest": lambda: heading(generated=2**64 - 1) + certificates(serials(5)),
    "comment": lambda: heading(comment="für Leute".encode()) + certificates(serials(5)),
}
BAD = {
    "file-empty": lambda: b"",
    "file-of-a-line-end": lambda: b"\n",
    "file-of-words": lambda: b"nothing is revoked today\n",
    "file-of-keys": lambda: f"# keys\n{line(subject('a5'))} lost\n".encode(),
    "file-of-authority-keys": lambda: f"{line(authority('a'))}\n".encode(),
    "magic-cut-off": lambda: MAGIC[:6],
    "magic-of-another": lambda: heading(magic=b"SSHKRL\r\0") + certificates(serials(5)),
    "format-0": lambda: heading(form=0) + certificates(serials(5)),
    "format-2": lambda: heading(form=2) + certificates(serials(5)),
    "heading-cut-off": lambda: heading()[:20],
    "heading-without-comment": lambda: heading()[:-4],
    "comment-with-nul": lambda: heading(comment=b"for\0people") + certificates(serials(5)),
    "comment-ends-in-nul": lambda: heading(comment=b"people\0") + certificates(serials(5)),
    "comment-not-utf-8": lambda: heading(comment=b"f\xfcr") + certificates(serials(5)),
    "comment-with-escape": lambda: heading(comment=b"\x1b]0;x\x07") + certificates(serials(5)),
    "serial-0": lambda: whole(serials(5, 0)),
    "serial-cut-off": lambda: whole(section(0x20, uint64(5) + b"\0\0\0")),
    "range-from-0": lambda: whole(span(0, 5)),
    "range-backwards": lambda: whole(span(6, 5)),
    "range-twice-in-one": lambda: whole(section(0x21, (uint64(5) + uint64(6)) * 2)),
    "range-without-end": lambda: whole(section(0x21, uint64(5))),
    "range-without-anything": lambda: whole(section(0x21, b"")),
    "bitmap-of-16385-bits": lambda: whole(bitmap(5, 1 << 16_384 | 1)),
    "bitmap-of-17000-bits": lambda: whole(bitmap(5, 1 << 16_999 | 1)),
    "bitmap-of-one-bit-too-far": lambda: whole(bitmap(2**64 - 8, 1 << 8)),
    "bitmap-wraps-round-to-5": lambda: whole(bitmap(2**64 - 8, 1 << 13)),
    "bitmap-with-serial-0": lambda: whole(bitmap(0, 0b100001)),
    "bitmap-negative": lambda: whole(section(0x22, uint64(5) + string(b"\x81"))),
    "bitmap-padded": lambda: whole(bitmap(5, 0b101, padding=3)),
    "bitmap-padded-beyond-2049-bytes": lambda: whole(bitmap(5, 0b101, padding=2_100)),
    "bitmap-without-bits": lambda: whole(section(0x22, uint64(5))),
    "bitmap-cut-off": lambda: whole(section(0x22, uint64(5) + uint32(4) + b"\1")),
    "bitmap-with-bytes-after": lambda: whole(section(0x22, uint64(5) + mpint(0b101) + b"\0")),
}

for _name, _make in (GOOD | BAD).items():
    revocation_list(_name)(_make)
