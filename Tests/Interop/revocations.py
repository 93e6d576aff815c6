# SPDX-License-Identifier: Apache-2.0
"""Logins under revocation lists that Conclave made, one for each kind of section."""

from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from craft.draft import AUTHORITIES
from craft.panel import line
from generated import Wish
from logins import Login, Stage, host_wish, user_wish

# The certificates that the lists are about: a revoked and a good one, of users and of hosts.
LOST, KEPT = (
    user_wish("ecdsa-p256", "ed25519", serial=5, key_id="lost"),
    user_wish("rsa", "ed25519", serial=1_000, key_id="kept"),
)
LOST_HOST, KEPT_HOST = (
    host_wish("ecdsa-p384", "ed25519", serial=5, key_id="lost"),
    host_wish("ed25519", "ed25519", serial=1_000, key_id="kept"),
)
# Neither the user nor the host is one that the others' authority certified.
APART, APART_HOST = user_wish("ed25519", "rsa-sha512"), host_wish("ecdsa-p521", "rsa-sha512")
SAID = "revoked by file"


@dataclass(frozen=True)
class Kind:
    """A kind of section: the lines of a specification, and the numbers that the list must have."""

    name: str
    lines: Callable[[Stage, Wish], list[str]]
    numbers: set[int]
    authority: str = "ed25519"


def public_line(stage: Stage, wish: Wish) -> str:
    return " ".join(stage.key(wish).with_suffix(".pub").read_text().split()[:2])


AUTHORITY = AUTHORITIES["ed25519"]
KINDS = [
    Kind("serials in a list", lambda *_: ["serial: 5", "serial: 900"], {1, 0x20}),
    Kind("serials in a range", lambda *_: ["serial: 5-900"], {1, 0x21}),
    Kind("serials in a bitmap", lambda *_: [f"serial: {n}" for n in range(1, 900, 2)], {1, 0x22}),
    Kind("serials of any authority", lambda *_: ["serial: 5"], {1, 0x20}, "none"),
    Kind("key IDs", lambda *_: ["id: lost"], {1, 0x23}),
    Kind("keys", lambda stage, wish: [f"key: {public_line(stage, wish)}"], {2}),
    Kind("SHA-1", lambda stage, wish: [f"sha1: {public_line(stage, wish)}"], {3}),
    Kind("SHA-256", lambda stage, wish: [f"sha256: {public_line(stage, wish)}"], {5}),
    Kind("the authority's key", lambda *_: [f"key: {line(AUTHORITY())}"], {2}),
    Kind("the authority's SHA-256", lambda *_: [f"sha256: {line(AUTHORITY())}"], {5}),
]


def logins(stage: Stage) -> list[Login]:
    """For each kind four logins: lost and kept users, lost and kept hosts."""
    tries = []
    for number, kind in enumerate(KINDS):
        of_user = make_list(stage, f"{number}-user", kind, kind.lines(stage, LOST))
        of_host = make_list(stage, f"{number}-host", kind, kind.lines(stage, LOST_HOST))
        whole = "authority" in kind.name and kind.authority != "none"
        kept, kept_host = (APART, APART_HOST) if whole else (KEPT, KEPT_HOST)
        server = f"RevokedKeys {of_user}"
        client = ("-o", f"RevokedHostKeys={of_host}")
        tries += [
            Login(f"{kind.name}, kept user", kept, APART_HOST, server=server),
            Login(f"{kind.name}, lost user", LOST, APART_HOST, False, server, says=SAID),
            Login(f"{kind.name}, kept host", APART, kept_host, client=client),
            Login(f"{kind.name}, lost host", APART, LOST_HOST, False, client=client, says=SAID),
        ]
    return tries


def make_list(stage: Stage, name: str, kind: Kind, lines: list[str]) -> Path:
    """A list by `conclave krl make`, which must have just the sections of its kind."""
    path = stage.work.directory / f"logins/{name}.krl"
    specification = stage.work.file(f"logins/{name}.specification", "\n".join(lines) + "\n")
    authority = stage.work.file("logins/authority.pub", line(AUTHORITY()) + "\n")
    stage.work.must(
        "conclave", "krl", "make", "-f", path, "-s",
        "none" if kind.authority == "none" else authority, specification,
    )
    found = sections(path.read_bytes())
    if found != kind.numbers:
        raise RuntimeError(f"the list of {kind.name} has the sections {found}, not {kind.numbers}")
    return path


def sections(data: bytes) -> set[int]:
    """The numbers of all sections in a list, and of the parts of those about certificates."""
    rest = skipped(data[36:], 2)
    found = set()
    while rest:
        number, body, rest = taken(rest)
        found.add(number)
        parts = skipped(body, 2) if number == 1 else b""
        while parts:
            number, _, parts = taken(parts)
            found.add(number)
    return found


def taken(data: bytes) -> tuple[int, bytes, bytes]:
    end = 5 + int.from_bytes(data[1:5], "big")
    return data[0], data[5:end], data[end:]


def skipped(data: bytes, strings: int) -> bytes:
    for _ in range(strings):
        data = data[4 + int.from_bytes(data[:4], "big") :]
    return data
