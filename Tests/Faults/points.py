# SPDX-License-Identifier: Apache-2.0
"""Which faults there are, at which calls, and the choice of some of them."""

import re
from typing import NamedTuple


class Call(NamedTuple):
    """A call of an undisturbed run: its number among all calls, among those that change, its place."""

    all: int
    any: int
    name: str
    path: str

    @property
    def site(self):
        """What calls have in common that differ by a number in their path alone."""
        return self.name + " " + re.sub(r"[0-9a-f]{16,}|[0-9]+", "#", self.path)


class Point(NamedTuple):
    """A fault at a call: what is told to the library or to the module, and where it was seen."""

    kind: str
    fault: str
    site: str


WRITES = {"write", "pwrite"}
READS = {"read", "pread"}
CHANGES = WRITES | {
    "fsync", "fdatasync", "syncfs", "rename", "link", "unlink", "mkdir", "ftruncate", "open", "chmod"}
LOOKS = READS | {"openread", "stat", "list", "close", "lock", "map", "seek"}
NEEDS_ROOM = WRITES | {"fsync", "fdatasync", "syncfs", "rename", "link", "mkdir", "ftruncate", "open"}
SLOW = WRITES | READS | {"open", "openread", "fsync", "fdatasync", "syncfs", "ftruncate", "close", "lock"}

# Kind: the calls, how the fault is told of, and whether it is of the outbox's medium alone.
FILES = {
    "kill": (CHANGES, "any:{any}:kill", False),
    "torn": (WRITES, "any:{any}:torn", False),
    "full-once": (NEEDS_ROOM, "any:{any}:ENOSPC", False),
    "full": (NEEDS_ROOM, "any:{any}+:ENOSPC", False),
    "quota": (NEEDS_ROOM, "any:{any}+:EDQUOT", False),
    "read-only": (CHANGES, "any:{any}+:EROFS", False),
    "error": (CHANGES | LOOKS, "all:{all}:EIO", False),
    "dead-disk": (CHANGES | LOOKS, "all:{all}+:EIO", False),
    "short": (WRITES | READS, "all:{all}:short", False),
    "short-on": (WRITES | READS, "all:{all}+:short", False),
    "interrupt": (SLOW, "all:{all}:EINTR", False),
    "pulled": (CHANGES | LOOKS, "all:{all}:unmount", True),
    "no-device": (CHANGES | LOOKS, "all:{all}+:ENODEV", True),
    "media-error": (CHANGES | LOOKS, "all:{all}+:EIO", True),
}

# Answers of a token that its maker may have had reason for (PKCS#11 3.1, section 5.1).
ANSWERS = {
    "CKR_HOST_MEMORY": 0x02, "CKR_GENERAL_ERROR": 0x05, "CKR_FUNCTION_FAILED": 0x06,
    "CKR_ARGUMENTS_BAD": 0x07, "CKR_CANT_LOCK": 0x0A, "CKR_DEVICE_ERROR": 0x30,
    "CKR_DEVICE_MEMORY": 0x31, "CKR_DEVICE_REMOVED": 0x32, "CKR_FUNCTION_CANCELED": 0x50,
    "CKR_FUNCTION_NOT_SUPPORTED": 0x54, "CKR_KEY_HANDLE_INVALID": 0x60,
    "CKR_KEY_FUNCTION_NOT_PERMITTED": 0x68, "CKR_MECHANISM_INVALID": 0x70,
    "CKR_OBJECT_HANDLE_INVALID": 0x82, "CKR_OPERATION_ACTIVE": 0x90,
    "CKR_OPERATION_NOT_INITIALIZED": 0x91, "CKR_PIN_INCORRECT": 0xA0, "CKR_PIN_EXPIRED": 0xA3,
    "CKR_PIN_LOCKED": 0xA4, "CKR_SESSION_CLOSED": 0xB0, "CKR_SESSION_COUNT": 0xB1,
    "CKR_SESSION_HANDLE_INVALID": 0xB3, "CKR_TOKEN_NOT_PRESENT": 0xE0,
    "CKR_TOKEN_NOT_RECOGNIZED": 0xE1, "CKR_TOKEN_WRITE_PROTECTED": 0xE2,
    "CKR_USER_ALREADY_LOGGED_IN": 0x100, "CKR_USER_NOT_LOGGED_IN": 0x101,
    "CKR_USER_PIN_NOT_INITIALIZED": 0x102, "CKR_BUFFER_TOO_SMALL": 0x150,
    "CKR_CRYPTOKI_NOT_INITIALIZED": 0x190, "CKR_VENDOR_DEFINED": 0x80000001,
}

TOKENS = {
    "token-kill": "at any {all} kill",
    "token-kill-after": "at any {all} kill-after",
    "token-removed": "at any {all} remove",
    "token-removed-after": "at any {all} remove-after",
    "token-logged-out": "at any {all} lose",
    "token-error": "at any {all} answer {answer}",
    "token-wrong": "at any {all} {wrong}",
}

# What stands in the place of ssh-keygen, with which officers sign: `ssh-keygen -q -Y sign -f KEY -n NAMESPACE FILE`.
SIGNERS = {
    "signer-missing": "",
    "signer-fails": "exit 255",
    "signer-killed": '/usr/bin/ssh-keygen "$@"; kill -9 $$',
    "signer-silent": "exit 0",
    "signer-torn": '/usr/bin/ssh-keygen "$@" && truncate -s 60 "$8.sig"',
    "signer-other": '/usr/bin/ssh-keygen -q -Y sign -f officers/pierre -n "$7" "$8"',
    "signer-orphan": "kill -9 $PPID",
}

# What is left of the home's disk and of the medium's when the power goes: what was synced alone; names before
# contents, with lengths of before or with zeros; something of everything; everything. disk.py says more.
POWER = {
    "power-lost": ("lost", "lost"),
    "power-names": ("names", "names"),
    "power-zeros": ("zeros", "zeros"),
    "power-some": ("some", "some"),
    "power-kept": ("kept", "kept"),
    "power-home": ("lost", "kept"),
    "power-medium": ("kept", "lost"),
}

KINDS = list(FILES) + list(TOKENS) + list(SIGNERS) + list(POWER)
KILLS = {"kill", "torn", "token-kill", "token-kill-after", "signer-orphan"}


def of_kind(kind, calls, seed):
    """All points of a kind, in the order of their calls."""
    if kind in FILES:
        names, fault, _ = FILES[kind]
        return [
            Point(kind, fault.format(all=call.all, any=call.any), call.site)
            for call in calls if call.name in names]
    if kind in SIGNERS:
        return [Point(kind, "first", "ssh-keygen")]
    points = []
    for call in calls:
        if kind == "token-wrong" and call.name != "C_Sign":
            continue
        answer = list(ANSWERS.values())[(call.all * 7 + seed) % len(ANSWERS)]
        wrong = ("flip", "other")[(call.all + seed) % 2]
        fault = TOKENS[kind].format(all=call.all, answer=answer, wrong=wrong)
        points.append(Point(kind, fault, call.site))
    return points


def of_power(kind, steps):
    """All points at which the power goes: after so many steps.

    Where all that is synced stays, or all that is not, just before a sync shows what matters."""
    last = {"sync", "syncfs", "say", "sign"}
    points = [
        Point(kind, str(done), step.site) for done, step in enumerate(steps)
        if kind in ("power-some", "power-names", "power-zeros") or step.name in last]
    return [*points, Point(kind, str(len(steps)), "the end")]


def few(points, seed):
    """One of the points at which the power goes, and the last where only what was synced stays."""
    return [points[seed * 7919 % len(points)]] + (points[-1:] if points[0].kind == "power-lost" else [])


def choose(points, every, seed):
    """Each Nth point of each site, with its first and its last."""
    if every == 1:
        return points
    sites = {}
    for point in points:
        sites.setdefault(point.site, []).append(point)
    chosen = set()
    for found in sites.values():
        chosen |= {found[0], found[-1], *found[seed % every::every]}
    return [point for point in points if point in chosen]


def spread(points, count, seed):
    """So many points, at as many sites as there are, spread over the whole run."""
    sites = {}
    for point in points:
        sites.setdefault(point.site, []).append(point)
    firsts = list(sites.values())
    chosen = []
    for place in range(min(count, len(points))):
        # A stride through the sites, and within a site another place at each turn.
        found = firsts[(place * len(firsts) // count + seed) % len(firsts)]
        chosen.append(found[(place * 5 + seed) % len(found)])
    return sorted(set(chosen), key=points.index)
