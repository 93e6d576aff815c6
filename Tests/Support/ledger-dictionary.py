#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes Sources/LedgerStore/PackingDictionary.swift anew: ledger-dictionary.py >FILE.

The dictionary with which a ledger's texts are packed is what zstd makes of two things: words of our formats,
written down here, and how often each byte stands where no word does, counted in texts that are made here
from fixed numbers. The same libzstd (1.5.4) makes the same dictionary. A dictionary that is in use is never
changed: a ledger names the one that it was written with, by its SHA-256.
"""

import base64
import ctypes
import random
import struct

numbers = random.Random(8878)


def string(data):
    return struct.pack(">I", len(data)) + data


def b64(data):
    return base64.b64encode(data).decode()


def points(size):
    return b"\4" + numbers.randbytes(2 * size)


# A CA key and a signature by it, of each kind; the commonest stands last.
def authorities():
    yield string(b"ssh-rsa") + string(b"\1\0\1") + string(b"\0" + numbers.randbytes(384)), \
        string(b"rsa-sha2-512") + string(numbers.randbytes(384))
    for curve, size in ((b"nistp521", 66), (b"nistp384", 48)):
        kind = b"ecdsa-sha2-" + curve
        yield string(kind) + string(curve) + string(points(size)), \
            string(kind) + string(string(numbers.randbytes(size)) * 2)
    yield string(b"ssh-ed25519") + string(numbers.randbytes(32)), \
        string(b"ssh-ed25519") + string(numbers.randbytes(64))
    kind = b"ecdsa-sha2-nistp256"
    yield string(kind) + string(b"nistp256") + string(points(32)), \
        string(kind) + string(string(numbers.randbytes(32)) + string(b"\0" + numbers.randbytes(32)))


SUBJECTS = {
    b"ssh-rsa": lambda: string(b"\1\0\1") + string(b"\0" + numbers.randbytes(384)),
    b"ecdsa-sha2-nistp256": lambda: string(b"nistp256") + string(points(32)),
    b"sk-ecdsa-sha2-nistp256@openssh.com": lambda: string(b"nistp256") + string(points(32)) + string(b"ssh:"),
    b"sk-ssh-ed25519@openssh.com": lambda: string(numbers.randbytes(32)) + string(b"ssh:"),
    b"ssh-ed25519": lambda: string(numbers.randbytes(32)),
}
EXTENSIONS = [b"permit-X11-forwarding", b"permit-agent-forwarding", b"permit-port-forwarding", b"permit-pty",
              b"permit-user-rc"]


def certificate(subject, authority, name, host, extensions=()):
    """A certificate's line; what it says is of no importance but for its shape."""
    kind = subject.replace(b"@openssh.com", b"") + b"-cert-v01@openssh.com"
    key, signature = authority
    blob = string(kind) + string(numbers.randbytes(32)) + SUBJECTS[subject]()
    blob += struct.pack(">QI", numbers.randrange(1, 1 << 20), 2 if host else 1)
    blob += string(name + b"/%d" % numbers.randrange(1, 100000)) + string(string(name))
    start = 1790000000 + numbers.randrange(1 << 26)
    blob += struct.pack(">QQ", start, start + 28 * 86400)
    blob += string(b"") + string(b"".join(string(e) + string(b"") for e in extensions)) + string(b"")
    return kind.decode() + " " + b64(blob + string(key) + string(signature))


def digest():
    return numbers.randbytes(32).hex()


def moment():
    return "2027-%02d-%02dT%02d:%02d:%02dZ" % tuple(numbers.randrange(1, n) for n in (12, 28, 24, 60, 60))


def request(name):
    """A request with its signature, as intake keeps it."""
    key = string(b"ssh-ed25519") + string(numbers.randbytes(32))
    signature = b64(b"SSHSIG\0\0\0\1" + string(key) + string(b"conclave-request-v1") + string(b"")
                    + string(b"sha512") + string(string(b"ssh-ed25519") + string(numbers.randbytes(64))))
    lines = "".join(signature[i:i + 70] + "\n" for i in range(0, len(signature), 70))
    return (f"conclave-request: v1\nauthority: hosts@example.org\ntype: host\npublic-key: ssh-ed25519 {b64(key)}\n"
            f"principal: {name}.example.org\nprofile: servers\ncreated: {moment()}\n"
            f"nonce: {numbers.randbytes(16).hex()}\nrequester: ops@example.org\n"
            f"-----BEGIN SSH SIGNATURE-----\n{lines}-----END SSH SIGNATURE-----\n")


def entry(kind, body):
    return f"conclave-entry: v1\nindex: {numbers.randrange(1 << 20)}\ntime: {moment()}\nkind: {kind}\n\n{body}"


def samples():
    authority = list(authorities())
    for number in range(400):
        name = "host%d" % numbers.randrange(10000)
        yield request(name)
        yield entry("request", f"request: {digest()}\nfile: {digest()}\nname: {name}.req\n")
        line = certificate(b"ssh-ed25519", authority[-1 - (number % 8 == 0)], name.encode() + b".example.org", True)
        yield entry("issued", f"batch: {digest()}\nitem: {number}\nauthority: hosts@example.org\n"
                    f"request: {digest()}\ncertificate: {line}\n")


def shape(blob):
    """The Base64 of fixed bytes behind each number of bytes that may stand before, whole digits alone."""
    found = []
    for lead in range(3):
        text = b64(b"\0" * lead + blob)
        first, last = -(-lead * 8 // 6), (lead + len(blob)) * 8 // 6
        found.append(text[first:last])
    return "".join(found)


def content():
    rare = """
conclave-genesis: v1
conclave-policy: v1
conclave-roster: v1
conclave-state: v1
conclave-krl: v1
kind: genesis
kind: roster
kind: policy
kind: key
kind: token
kind: epoch
kind: exception
kind: refusal
kind: rejection
violation: rule: message: text: list: version: reason: abandoned-by: abandoned: next-serial: given-up:
evidence: CKA_SENSITIVE=true
evidence: CKA_EXTRACTABLE=false
evidence: CKA_ALWAYS_SENSITIVE=true
evidence: CKA_NEVER_EXTRACTABLE=true
token: pkcs11:token= ;manufacturer= ;serial= ;model=
module: /usr/lib/x86_64-linux-gnu/
kind: krl
kind: batch

batch: \nnumber: 1
kind: approval

batch: \nofficer: \nkey: SHA256:\nsignature: 
kind: ceremony-opened

batch: \ntier: T1
tool: conclave 
ca-key: ecdsa-sha2-nistp384 \ntoken: pkcs11:
kind: ceremony-closed

batch: \ncertificates: \nstate: 
conclave-batch: v1
genesis: \nbatch: \nledger-size: \nledger-root: \ngoverning-head: \nroster: \npolicy: \ncreated: 20\nexpires: 20\ntool: conclave 
"""
    kinds = shape(b"".join(string(k) for k in (b"ssh-rsa", b"rsa-sha2-512", b"rsa-sha2-256", b"\1\0\1")))
    for curve, size in ((b"nistp521", 133), (b"nistp384", 97)):
        kinds += shape(string(b"ecdsa-sha2-" + curve) + string(curve) + struct.pack(">IB", size, 4))
    for subject in list(SUBJECTS)[:-1]:
        kind = subject.replace(b"@openssh.com", b"") + b"-cert-v01@openssh.com"
        kinds += "\ncertificate: " + kind.decode() + " " + b64(string(kind) + struct.pack(">I", 32))[:-5]
        kinds += "\npublic-key: " + subject.decode() + " " + b64(string(subject))[:-4]
    kinds += "\n" + shape(b"".join(string(e) + string(b"") for e in EXTENSIONS) + struct.pack(">I", 0))
    item = """
item: 1
kind: revoke
item: 1
kind: new-epoch
item: 1
kind: issue
authority: users@example.org
profile: 
class: elevated
class: routine
request: 
requester: 
type: user
type: host
ca-key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI
ca-key: ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBB
public-key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI
nonce: 
serial: 
key-id: 
principal: 
critical-option: force-command=
critical-option: source-address=
extension: permit-X11-forwarding
extension: permit-agent-forwarding
extension: permit-port-forwarding
extension: permit-pty
extension: permit-user-rc
valid-after: 2026-
valid-before: 2027-
tbs-sha256: 
"""
    asked = "\n".join([
        "conclave-request: v1", "authority: hosts@example.org", "type: user", "type: host",
        "public-key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI", "principal: ", "profile: ", "purpose: ",
        "created: 2027-", "nonce: ", "requester: ", "renewable-until: ",
        "-----BEGIN SSH SIGNATURE-----",
        "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAg",
        "AAAATY29uY2xhdmUtcmVxdWVzdC12MQAAAAAAAAAGc2hhNTEyAAAA\nUwAAAAtzc2gtZWQyNTUxOQAAAEA",
        "-----END SSH SIGNATURE-----", ""])
    ends = shape(string(b"ssh-ed25519") + struct.pack(">I", 32)) + shape(
        struct.pack(">I", 83) + string(b"ssh-ed25519") + struct.pack(">I", 64))
    ends += shape(struct.pack(">III", 0, 0, 0) + b"\0\0\0\x68" + string(b"ecdsa-sha2-nistp256") + string(b"nistp256")
                  + struct.pack(">IB", 65, 4))
    ends += "".join(shape(struct.pack(">I", 100) + string(b"ecdsa-sha2-nistp256") + struct.pack(">I", n))
                    for n in (72, 73))
    ends += "AAAAAAAAAAIAAAAAAAAAAQAAAAAAAAABAAAAAAAA"
    last = f"""
conclave-entry: v1
index: 1
time: 2026-11-
kind: intent

batch: 
sign: 1 1 
sign: 10 10 
conclave-entry: v1
index: 10
time: 2027-0
kind: request

request: 
file: 
name: host.req
conclave-entry: v1
index: 100
time: 2026-12-
kind: issued

batch: 
item: 1
authority: hosts@example.org
request: 
certificate: ssh-ed25519-cert-v01@openssh.com {b64(string(b"ssh-ed25519-cert-v01@openssh.com"))}AAAAI"""
    return (rare + kinds + item + asked + ends + last).replace("\n\n\n", "\n\n")


def finish(words):
    """The dictionary: tables of zstd's making, then the words."""
    zstd = ctypes.CDLL("libzstd.so.1")

    class Parameters(ctypes.Structure):
        _fields_ = [("level", ctypes.c_int), ("notification", ctypes.c_uint), ("identifier", ctypes.c_uint)]

    texts = [text.encode() for text in samples()]
    sizes = (ctypes.c_size_t * len(texts))(*map(len, texts))
    room = ctypes.create_string_buffer(1 << 16)
    zstd.ZDICT_finalizeDictionary.restype = ctypes.c_size_t
    zstd.ZDICT_finalizeDictionary.argtypes = [
        ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p,
        ctypes.POINTER(ctypes.c_size_t), ctypes.c_uint, Parameters]
    size = zstd.ZDICT_finalizeDictionary(
        room, len(room), words, len(words), b"".join(texts), sizes, len(texts), Parameters(3, 0, 0xCA01))
    made = room.raw[:size]
    assert made.endswith(words), "zstd has cut the words"
    return made


def swift(words, made):
    tables = made[:-len(words)].hex()
    print("// SPDX-License-Identifier: Apache-2.0\n// Made by Tests/Support/ledger-dictionary.py.\n")
    print("extension PackingDictionary {")
    print("    /// What the dictionary begins with, in hexadecimal digits: its number and zstd's tables.")
    print('    static let tables = """')
    for place in range(0, len(tables), 80):
        print("        " + tables[place:place + 80] + "\\" * (place + 80 < len(tables)))
    print('        """\n')
    print("    /// What it ends with: the words.")
    print('    static let words = """')
    for line in words.decode().split("\n"):
        while len(line) > 80:
            print("        " + line[:80] + "\\")
            line = line[80:]
        if line.endswith(" "):
            line = line[:-1] + "\\u{20}"
        print(("        " + line).rstrip())
    print('        """\n}')


if __name__ == "__main__":
    words = content().encode()
    swift(words, finish(words))
