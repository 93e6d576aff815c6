# SPDX-License-Identifier: Apache-2.0
"""Certificates of every kind as Conclave encodes them: all of them have to please every judge."""

import base64
import itertools
import subprocess
from dataclasses import dataclass, field

from craft.draft import ACCOUNT, AFTER, AUTHORITIES, BEFORE, HOST, HOSTNAME, PERMISSIONS, USER
from craft.draft import Certificate
from craft.keys import Key, no_signature
from craft.panel import line
from craft.wire import stream
from judge.workplace import Workplace

# The kinds of key that are certified: the name, and what ssh-keygen calls it.
SUBJECTS = {
    "rsa": ("-t", "rsa", "-b", "3072"),
    "ecdsa-p256": ("-t", "ecdsa", "-b", "256"),
    "ecdsa-p384": ("-t", "ecdsa", "-b", "384"),
    "ecdsa-p521": ("-t", "ecdsa", "-b", "521"),
    "ed25519": ("-t", "ed25519"),
    "sk-ecdsa": ("-t", "ecdsa-sk"),
    "sk-ed25519": ("-t", "ed25519-sk"),
}
# The authorities that Conclave signs with: the name of the key, and the algorithm.
SIGNERS = {
    "rsa-sha256": ("rsa", "rsa-sha2-256"),
    "rsa-sha512": ("rsa", "rsa-sha2-512"),
    "ecdsa-p256": ("ecdsa-p256", "ecdsa-sha2-nistp256"),
    "ecdsa-p384": ("ecdsa-p384", "ecdsa-sha2-nistp384"),
    "ecdsa-p521": ("ecdsa-p521", "ecdsa-sha2-nistp521"),
    "ed25519": ("ed25519", "ssh-ed25519"),
}
OPTIONS = ("force-command=/usr/bin/true", "source-address=127.0.0.0/8,::1", "verify-required")
EXTENSIONS = ("no-touch-required", *PERMISSIONS)
# The last second for which PuTTY's tools have a date.
LATEST = 67_768_036_191_676_799


@dataclass(frozen=True)
class Wish:
    """What a certificate shall say."""

    name: str
    subject: str
    signer: str
    kind: int = USER
    options: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    serial: int = 1
    key_id: str = "alice@example.org/1"
    principals: tuple[str, ...] = field(default=())
    after: int = AFTER
    before: int = BEFORE


def every_kind() -> list[Wish]:
    """Each kind of key by each authority, for users with each set of options, and for hosts."""
    wishes = []
    for subject, signer in itertools.product(SUBJECTS, SIGNERS):
        stem = f"{subject}-by-{signer}"
        wishes.append(Wish(f"{stem}-host", subject, signer, HOST))
        wishes.append(Wish(f"{stem}-user", subject, signer))
        wishes.append(Wish(f"{stem}-all", subject, signer, USER, OPTIONS, EXTENSIONS))
        for option in OPTIONS:
            name = f"{stem}-{option.partition('=')[0]}"
            wishes.append(Wish(name, subject, signer, USER, (option,)))
        for extension in EXTENSIONS:
            name = f"{stem}-{extension.lower()}"
            wishes.append(Wish(name, subject, signer, USER, (), (extension,)))
    return wishes


def extremes() -> list[Wish]:
    """The ends of every range that Conclave allows."""
    many = (ACCOUNT.decode(), *(f"p{n}" for n in range(255)))
    networks = ",".join(f"10.{n}.0.0/16" for n in range(256))
    ends = {
        "serial-0": {"serial": 0},
        "serial-largest": {"serial": 2**64 - 1},
        "key-id-shortest": {"key_id": "i"},
        "key-id-longest": {"key_id": "~" * 256},
        "key-id-with-spaces": {"key_id": ' a "b" \\c '},
        "principals-256": {"principals": many},
        "always": {"after": 0},
        "for-ever": {"before": 2**64 - 1},
        "always-and-for-ever": {"after": 0, "before": 2**64 - 1},
        "until-the-last-date": {"before": LATEST},
        "command-longest": {"options": ("force-command=" + "x" * 4096,)},
        "networks-many": {"options": (f"source-address=127.0.0.1,::1,{networks}",)},
        "networks-widest": {"options": ("source-address=0.0.0.0/0,::/0",)},
    }
    return [
        Wish(f"{name}-{subject}", subject, "ed25519", **fields)
        for name, fields in ends.items()
        for subject in ("ed25519", "rsa")
    ]


class Maker:
    """CertificateMaker, which encodes; the signing is done here."""

    def __init__(self, work: Workplace, keys: dict[str, Key]) -> None:
        self.keys = keys
        self.process = subprocess.Popen(
            [str(work.programs["certificate-maker"])],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )

    def __enter__(self) -> "Maker":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        self.process.stdout.close()
        if self.process.wait(10) != 0:
            raise RuntimeError(f"CertificateMaker ended with {self.process.returncode}")

    def certificate(self, wish: Wish) -> Certificate:
        authority, algorithm = SIGNERS[wish.signer]
        signer, subject = AUTHORITIES[authority](), self.keys[wish.subject]
        fallback = (ACCOUNT if wish.kind == USER else HOSTNAME).decode()
        fields = [
            ("key", line(subject)),
            ("authority", line(signer)),
            ("algorithm", algorithm),
            ("kind", "user" if wish.kind == USER else "host"),
            ("nonce", stream(wish.name, 32).hex()),
            ("serial", wish.serial),
            ("key-id", wish.key_id),
            *(("principal", name) for name in wish.principals or (fallback,)),
            ("after", wish.after),
            ("before", wish.before),
            # Backwards: the encoder has to sort them.
            *(("option", text) for text in reversed(wish.options)),
            *(("extension", name) for name in reversed(wish.extensions)),
        ]
        signed = self._ask("\t".join(f"{name}={value}" for name, value in fields), "sign", wish)
        signature = numbers(signer.sign(bytes.fromhex(signed), algorithm))
        made = self._ask(signature, "certificate", wish)
        type_name, text = made.split()
        blob = base64.b64decode(text)
        return Certificate(
            wish.name, wish.kind, subject, type_name, blob, f"{made} {wish.name}\n"
        )

    def _ask(self, text: str, expected: str, wish: Wish) -> str:
        self.process.stdin.write(f"{text}\n")
        self.process.stdin.flush()
        word, _, rest = self.process.stdout.readline().rstrip("\n").partition(" ")
        if word != expected:
            raise RuntimeError(f"CertificateMaker refuses {wish.name}: {rest}")
        return rest


def numbers(signature: bytes) -> str:
    """The numbers of a signature that our own keys made, in hexadecimal digits."""
    algorithm, rest = taken(signature)
    value, _ = taken(rest)
    if not algorithm.startswith(b"ecdsa"):
        return value.hex()
    r, rest = taken(value)
    s, _ = taken(rest)
    return f"{r.lstrip(bytes(1)).hex()} {s.lstrip(bytes(1)).hex()}"


def taken(data: bytes) -> tuple[bytes, bytes]:
    """The string at the beginning, and what follows it."""
    end = 4 + int.from_bytes(data[:4], "big")
    return data[4:end], data[end:]


def read_key(name: str, text: str) -> Key:
    """The public half of a key that ssh-keygen made; it signs by itself."""
    type_name, encoded, *_ = text.split()
    _, fields = taken(base64.b64decode(encoded))
    return Key(name, type_name, fields, no_signature)


def make_keys(work: Workplace) -> dict[str, Key]:
    """A key pair of each kind; those of FIDO tokens come from one made of software."""
    keys = {}
    for name, kind in SUBJECTS.items():
        path = work.directory / f"keys/{name}"
        path.parent.mkdir(exist_ok=True)
        work.must("ssh-keygen", "-q", *kind, "-N", "", "-C", name, "-f", path)
        keys[name] = read_key(name, path.with_suffix(".pub").read_text())
    return keys


def expected(wish: Wish, judge: str) -> str:
    """The verdict that a judge is expected to give, for reasons that certificates.txt gives."""
    if wish.subject.startswith("sk-") and judge in ("cryptography", "puttygen"):
        return "no"  # fido-subject
    if "verify-required" in wish.options and judge == "asyncssh":
        return "no"  # verify-required
    return "ok"
