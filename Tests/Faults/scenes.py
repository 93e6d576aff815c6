# SPDX-License-Identifier: Apache-2.0
"""The scenes: a command line, how its second run may end, and what must be there then."""

import base64
import os
import re
import subprocess

SIGN = "conclave sign --home ca {batch} --module {module} --outbox outbox --seal-with officers/quinn --pin-fd 3 3<pin"
EXPORT = "conclave ledger export --home ca outbox/ledger --sign-with officers/quinn"
WITNESS = ("conclave ledger witness spool/ledger --memory officers/memory --key officers/olivia"
           " --output outbox/checkpoint-2.sig")

# Scene: its command line, and besides success the status and words with which the second run may end.
COMMANDS = {
    "sign": (SIGN.replace("{batch}", "1"), (3, "(BATCH-CLOSED)")),
    "release": (SIGN.replace("{batch}", "1"), (3, "(BATCH-CLOSED)")),
    "export": (EXPORT, (1, 'mkdir "outbox/ledger": File exists')),
    "abandon": (
        SIGN.replace("{batch}", "2").replace("--module {module} ", "").replace(" --pin-fd 3 3<pin", ""),
        (3, "(BATCH-CLOSED)")),
    "end": (
        "conclave batch abandon --home ca 1 --reason 'the token is dead'", (3, "is there to abandon batch 1 already")),
    "intake": ("conclave intake --home ca --spool spool", (3, "(REQUEST-REPLAY)")),
    "draft": ("conclave batch new --home ca", (4, "no admitted request waits")),
    "approve": ("conclave approve --home ca 1 --key officers/olivia", (3, "(APPROVAL-TWICE)")),
    "begin": (
        "conclave init --home ca --policy policy.yaml --roster roster.yaml --ca-key users@example.org=users.token",
        (1, 'there is a draft at "ca.genesis" already')),
    "found": ("conclave init --home ca --key officers/quinn", (1, 'there is a home at "ca" already')),
    "recover": ("conclave recover --home ca spool/conclave-0001", (4, "nothing was missing")),
    "rebuild": (
        "conclave recover --home ca --genesis $(cat identity) spool/conclave-0001", (4, "nothing was missing")),
    "witness": (WITNESS, (1, 'open "outbox/checkpoint-2.sig": File exists')),
}
# What the screen says when the work is done: from then on no power cut may undo it.
ACKNOWLEDGED = {
    "sign": "bundle      outbox/conclave-0001", "release": "bundle      outbox/conclave-0001",
    "export": "export      ", "abandon": "bundle      outbox/conclave-0002", "end": "batch 2 is frozen",
    "intake": "admitted  ", "draft": "batch 1 is frozen", "approve": "approved by olivia",
    "begin": "genesis drafted", "found": "every officer has signed", "recover": "recovered   ",
    "rebuild": "recovered   ", "witness": "signature   "}
# The disks that a scene's work is kept on, where that is not the home's alone.
RELIES_ON = {"sign": ["home", "outbox"], "abandon": ["home", "outbox"], "release": ["outbox"], "export": ["outbox"],
             "witness": ["home", "outbox"]}
SCENES = list(COMMANDS)
# Those with a bundle or an export at their end, which is what media are for.
WITH_MEDIA = {"release", "export", "witness"}
WITH_TOKEN = {"sign"}
# Those in which an officer signs.
WITH_SIGNER = {"sign", "export", "approve", "found", "witness"}


class Wrong(Exception):
    """Something is not as it must be."""


def require(condition, text):
    if not condition:
        raise Wrong(text)


def is_done(scene, status, output):
    """Whether a run without a fault did the work, or says that it was done."""
    other, words = COMMANDS[scene][1]
    return status == 0 or status == other and words in output


def run(point, line, accept=(0,)):
    """Runs a line of the shell in a point's directory, and answers what it says."""
    done = subprocess.run(
        ["sh", "-c", line], cwd=point.directory, env=point.environment, capture_output=True, text=True,
        timeout=120)
    require(done.returncode in accept, f"{line}: status {done.returncode}\n{(done.stdout + done.stderr)[-2000:]}")
    return done.stdout


def serial(line):
    """The serial of an Ed25519 user certificate, read without anybody's help."""
    data = base64.b64decode(line.split()[1])
    for _ in range(3):  # type, nonce, public key
        data = data[4 + int.from_bytes(data[:4], "big"):]
    return int.from_bytes(data[:8], "big")


def entries(point, home):
    """The entries of a home's ledger, from an export of it, which conclave-verify checks as well."""
    identity = run(point, f"conclave ledger checkpoint --home {home} | sed -n '1s,.*/,,p'").strip()
    run(point, f"conclave ledger export --home {home} exported --sign-with officers/quinn")
    run(point, f"conclave-verify ledger exported --genesis {identity}")
    texts = ""
    for folder, _, names in sorted(os.walk(f"{point.directory}/exported/entries")):
        for name in sorted(names):
            with open(f"{folder}/{name}") as file:
                texts += file.read()
    run(point, "rm -rf exported")
    found = re.split(r"(?m)^(?=conclave-entry: v1$)", texts)[1:]
    return identity, [(re.search(r"(?m)^kind: (.*)$", text)[1], text) for text in found]


def intended(found):
    """The serials whose signature is intended, in the order of the ledger."""
    return [
        int(match) for kind, text in found if kind == "intent"
        for match in re.findall(r"(?m)^sign: \d+ (\d+) ", text)]


def check_ledger(point):
    """What holds of every ledger: sound, no serial twice, no certificate without its intent before it."""
    run(point, "conclave ledger verify --home ca")
    identity, found = entries(point, "ca")
    open_serials, issued = set(), {}
    for kind, text in found:
        if kind == "intent":
            open_serials |= set(intended([(kind, text)]))
        if kind == "issued":
            certificate = re.search(r"(?m)^certificate: (\S+ \S+)", text)[1]
            number = serial(certificate)
            require(number in open_serials, f"certificate {number} was not intended before")
            require(number not in issued, f"serial {number} was used twice")
            issued[number] = certificate
    serials = intended(found)
    require(len(serials) == len(set(serials)), "a serial was intended twice")
    return identity, found, issued


def check_bundle(point, name, identity, issued, expected):
    """A bundle is sound, and holds each certificate of the ledger once, and no other."""
    run(point, f"conclave-verify bundle outbox/{name} --genesis {identity}")
    found = {}
    for folder, _, names in os.walk(f"{point.directory}/outbox/{name}/certificates"):
        for file_name in (name for name in names if name.endswith("-cert.pub")):
            with open(f"{folder}/{file_name}") as file:
                line = file.read()
            number = serial(line)
            require(number not in found, f"certificate {number} stands in the bundle twice")
            found[number] = " ".join(line.split()[:2])
    require(found == issued, "the bundle's certificates are not those of the ledger")
    require(expected is None or sorted(found) == list(range(1, expected + 1)),
            f"there are {len(found)} certificates, not {expected}")


def check(scene, point, items):
    """Everything is there exactly once."""
    if scene == "begin":
        for name in ("olivia", "pierre", "quinn"):
            run(point, f"conclave init --home ca --key officers/{name}")
    identity, found, issued = check_ledger(point)
    kinds = [kind for kind, _ in found]

    def has(number, kind):
        require(kinds.count(kind) == number, f"{kinds.count(kind)} entries {kind}, not {number}")

    held = sorted(os.listdir(f"{point.directory}/outbox"))
    if scene in ("sign", "release"):
        require(held == ["conclave-0001"], f"the outbox holds {held}")
        check_bundle(point, "conclave-0001", identity, issued, items)
        has(1, "ceremony-opened"), has(1, "ceremony-closed"), has(items, "issued")
    elif scene == "export":
        require(held == ["ledger"], f"the outbox holds {held}")
        run(point, f"conclave-verify ledger outbox/ledger --genesis {identity}")
    elif scene == "abandon":
        require(held == ["conclave-0001", "conclave-0002"], f"the outbox holds {held}")
        check_bundle(point, "conclave-0001", identity, issued, None)
        run(point, f"conclave-verify bundle outbox/conclave-0002 --genesis {identity}")
        has(2, "ceremony-opened"), has(2, "ceremony-closed"), has(1, "krl")
        require(0 < len(issued) < kinds.count("request"), f"{len(issued)} certificates are issued")
    elif scene == "intake":
        has(items, "request")
    elif scene == "draft":
        has(1, "batch")
        run(point, "conclave batch show ca/batches/0001.batch")
    elif scene == "approve":
        has(1, "approval")
    elif scene == "end":
        has(2, "batch")
        run(point, "conclave batch show ca/batches/0002.batch")
    elif scene in ("begin", "found"):
        has(1, "genesis")
    elif scene in ("recover", "rebuild"):
        has(items, "issued"), has(1, "ceremony-closed")
        os.rename(f"{point.directory}/spool/conclave-0001", f"{point.directory}/outbox/conclave-0001")
        check_bundle(point, "conclave-0001", identity, issued, items)
    elif scene == "witness":
        run(point, "cmp officers/memory spool/ledger/checkpoint")
        for signature in ("officers/memory.sig", "outbox/checkpoint-2.sig"):
            run(point, f"ssh-keygen -Y check-novalidate -n conclave-checkpoint-v1 -s {signature} <officers/memory")
