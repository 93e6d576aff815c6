# SPDX-License-Identifier: Apache-2.0
"""A certificate in the making, every part of which can be spoilt."""

import base64
from dataclasses import dataclass, field
from typing import Callable

from .keys import Key, ecdsa_key, ed25519_key, rsa_key, sk_ecdsa_key, sk_ed25519_key
from .wire import flags, stream, string, strings, uint32, uint64

USER, HOST = 1, 2
ACCOUNT = b"alice"
HOSTNAME = b"host.example.org"
# 2020-01-01 and 2100-01-01: valid whenever this runs, as real servers go by the clock.
AFTER, BEFORE = 1_577_836_800, 4_102_444_800
PERMISSIONS = (
    "permit-X11-forwarding",
    "permit-agent-forwarding",
    "permit-port-forwarding",
    "permit-pty",
    "permit-user-rc",
)
# The CA keys that every judge is told to trust, and one that none is told of.
AUTHORITIES: dict[str, Callable[[], Key]] = {
    "ed25519": lambda: ed25519_key("authority ed25519"),
    "ecdsa-p256": lambda: ecdsa_key("authority p256", "nistp256"),
    "ecdsa-p384": lambda: ecdsa_key("authority p384", "nistp384"),
    "ecdsa-p521": lambda: ecdsa_key("authority p521", "nistp521"),
    "rsa": lambda: rsa_key("authority rsa", 2048),
    "rsa-1024": lambda: rsa_key("authority rsa 1024", 1024),
    "sk-ed25519": lambda: sk_ed25519_key("authority sk-ed25519"),
    "sk-ecdsa": lambda: sk_ecdsa_key("authority sk-ecdsa"),
}


def stranger() -> Key:
    return ed25519_key("an authority that nobody trusts")


@dataclass
class Draft:
    """The parts of a certificate; those that no case touches are as they should be."""

    name: str
    kind: int = USER
    subject: Key = field(default_factory=lambda: ed25519_key("subject ed25519"))
    authority: Key = field(default_factory=AUTHORITIES["ed25519"])
    serial: int = 7
    key_id: bytes = b"alice@example.org"
    after: int = AFTER
    before: int = BEFORE
    critical: bytes = b""
    reserved: bytes = b""

    def __post_init__(self) -> None:
        self.nonce = stream(f"nonce of {self.name}", 32)
        self.principals = strings(ACCOUNT if self.kind == USER else HOSTNAME)
        self.extensions = flags(*PERMISSIONS) if self.kind == USER else b""
        self.type_name: str | None = None
        self.line_type: str | None = None
        self.signature_key: bytes | None = None
        # What is done to a signature that the authority made, and to the whole certificate.
        self.sign: Callable[[bytes], bytes] | None = None
        self.spoil: Callable[[bytes], bytes] = lambda blob: blob
        # The Base64 of the line, from the right one.
        self.encode: Callable[[str], str] = lambda text: text

    def signed_part(self) -> bytes:
        return b"".join(
            (
                string(self.type_name or self.subject.certificate_type),
                string(self.nonce),
                self.subject.fields,
                uint64(self.serial),
                uint32(self.kind),
                string(self.key_id),
                string(self.principals),
                uint64(self.after),
                uint64(self.before),
                string(self.critical),
                string(self.extensions),
                string(self.reserved),
                string(self.authority.blob if self.signature_key is None else self.signature_key),
            )
        )

    def finish(self) -> "Certificate":
        signed = self.signed_part()
        signature = (self.sign or self.authority.sign)(signed)
        blob = self.spoil(signed + string(signature))
        name = self.line_type or self.type_name or self.subject.certificate_type
        text = self.encode(base64.b64encode(blob).decode())
        line = f"{name} {text} {self.name}\n"
        return Certificate(self.name, self.kind, self.subject, name, blob, line)


@dataclass(frozen=True)
class Certificate:
    """A finished certificate, right or wrong, with the key pair that it is for."""

    name: str
    # What it is tried as: a user's or a host's.
    use: int
    subject: Key
    type_name: str
    blob: bytes
    line: str
