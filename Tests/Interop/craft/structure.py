# SPDX-License-Identifier: Apache-2.0
"""Certificates that are right, and those whose type name, lengths or ends are wrong."""

from .draft import AUTHORITIES, HOST, USER, Draft
from .keys import broken, ecdsa_key, prime, rsa_key, sk_ecdsa_key, sk_ed25519_key
from .registry import host, user
from .wire import mpint, stream, string, uint32


@user("good-user")
@host("good-host")
def as_it_is(_: Draft) -> None:
    """Nothing is wrong: where this fails, the judge or the set-up is."""


@user("good-user-as-host", use=HOST)
@host("good-host-as-user", use=USER)
def for_the_other_use(_: Draft) -> None:
    """A genuine certificate, presented for what it is not."""


@user("good-rsa")
def good_rsa(c: Draft) -> None:
    c.subject = rsa_key("subject rsa")


@user("good-sk-ed25519")
def good_sk_ed25519(c: Draft) -> None:
    c.subject = sk_ed25519_key("subject sk")


@user("good-sk-ecdsa")
def good_sk_ecdsa(c: Draft) -> None:
    c.subject = sk_ecdsa_key("subject sk")


@user("type-unknown")
def type_unknown(c: Draft) -> None:
    c.type_name = "ssh-ed25519-cert-v02@openssh.com"


@user("type-of-the-draft")
def type_of_the_draft(c: Draft) -> None:
    c.type_name = "ssh-ed25519-cert"


@user("type-rsa-sha2-512")
def type_rsa_sha2(c: Draft) -> None:
    c.subject = rsa_key("subject rsa")
    c.type_name = "rsa-sha2-512-cert-v01@openssh.com"


@user("type-webauthn")
def type_webauthn(c: Draft) -> None:
    c.subject = sk_ecdsa_key("subject sk")
    c.type_name = "webauthn-sk-ecdsa-sha2-nistp256-cert-v01@openssh.com"


@user("type-of-a-plain-key")
def type_plain(c: Draft) -> None:
    c.type_name = "ssh-ed25519"


@user("type-of-another-kind")
def type_other_kind(c: Draft) -> None:
    c.type_name = "ssh-rsa-cert-v01@openssh.com"


@user("type-with-nul")
def type_with_nul(c: Draft) -> None:
    c.type_name = c.line_type = "ssh-ed25519-cert-v01@openssh.com"
    c.type_name += "\0"


@user("type-dsa")
def type_dsa(c: Draft) -> None:
    q = prime("dsa q", 160)
    k = 1 << 864
    p = next(n for n in (q * i + 1 for i in range(k, k + 40_000, 2)) if pow(2, n - 1, n) == 1)
    g = pow(2, (p - 1) // q, p)
    y = pow(g, int.from_bytes(stream("dsa x", 20), "big") % q, p)
    c.subject = broken("dsa", "ssh-dss", mpint(p), mpint(q), mpint(g), mpint(y))


@user("line-names-another-type")
def line_other_type(c: Draft) -> None:
    c.line_type = "ssh-rsa-cert-v01@openssh.com"


@user("line-base64-not-canonical")
def line_base64(c: Draft) -> None:
    # The bits that pad the last group must be zero, and here one is set.
    while len(c.signed_part() + string(c.authority.sign(b""))) % 3 != 2:
        c.key_id += b"a"
    c.encode = lambda text: text[:-2] + chr(ord(text[-2]) + 1) + "="


@user("empty-blob")
def empty_blob(c: Draft) -> None:
    c.spoil = lambda _: b""


@user("ends-after-type")
def ends_after_type(c: Draft) -> None:
    c.spoil = lambda _: string(c.subject.certificate_type)


@user("ends-before-signature")
def ends_before_signature(c: Draft) -> None:
    c.spoil = lambda _: c.signed_part()


@user("ends-a-byte-early")
def ends_early(c: Draft) -> None:
    c.spoil = lambda blob: blob[:-1]


@user("bytes-after-the-end")
def bytes_after(c: Draft) -> None:
    c.spoil = lambda blob: blob + b"\0"


@user("second-signature-after-the-end")
def second_signature(c: Draft) -> None:
    c.spoil = lambda blob: blob + string(c.authority.sign(c.signed_part()))


@user("nonce-length-of-4-GiB")
def nonce_length(c: Draft) -> None:
    head = string(c.subject.certificate_type)
    c.spoil = lambda blob: head + b"\xff" * 4 + blob[len(head) + 4 :]


@user("key-id-length-beyond-the-end")
def key_id_length(c: Draft) -> None:
    marker = string(c.key_id)
    c.spoil = lambda blob: blob.replace(marker, uint32(len(blob)) + c.key_id)


@user("nonce-empty")
def nonce_empty(c: Draft) -> None:
    c.nonce = b""


@user("nonce-of-15-bytes")
def nonce_short(c: Draft) -> None:
    c.nonce = c.nonce[:15]


@user("nonce-of-16-bytes")
def nonce_shortest(c: Draft) -> None:
    c.nonce = c.nonce[:16]


@user("nonce-of-1024-bytes")
def nonce_long(c: Draft) -> None:
    c.nonce = stream("long nonce", 1024)


@user("serial-0")
def serial_zero(c: Draft) -> None:
    c.serial = 0


@user("serial-largest")
def serial_largest(c: Draft) -> None:
    c.serial = 2**64 - 1


@user("kind-0")
def kind_zero(c: Draft) -> None:
    c.kind = 0


@user("kind-3")
def kind_three(c: Draft) -> None:
    c.kind = 3


@user("reserved-not-empty")
def reserved(c: Draft) -> None:
    c.reserved = b"reserved"


@user("authority-is-a-certificate")
def authority_certificate(c: Draft) -> None:
    inner = Draft("inner", authority=AUTHORITIES["rsa"]())
    inner.subject = c.authority
    c.signature_key = inner.finish().blob


@user("authority-key-with-bytes-after")
def authority_trailing(c: Draft) -> None:
    c.signature_key = c.authority.blob + b"\0"


@user("authority-key-empty")
def authority_empty(c: Draft) -> None:
    c.signature_key = b""


@user("authority-key-unknown")
def authority_unknown(c: Draft) -> None:
    c.signature_key = string("ssh-falcon@example.org") + string(bytes(32))


@user("authority-is-the-subject")
def authority_subject(c: Draft) -> None:
    c.subject = c.authority


@user("authority-ecdsa-p384-subject-p521")
def authority_p384(c: Draft) -> None:
    c.authority = AUTHORITIES["ecdsa-p384"]()
    c.subject = ecdsa_key("subject p521", "nistp521")


@user("authority-rsa-1024")
def authority_rsa_1024(c: Draft) -> None:
    c.authority = AUTHORITIES["rsa-1024"]()


@user("authority-sk-ed25519")
def authority_sk_ed25519(c: Draft) -> None:
    c.authority = AUTHORITIES["sk-ed25519"]()


@user("authority-sk-ecdsa")
def authority_sk_ecdsa(c: Draft) -> None:
    c.authority = AUTHORITIES["sk-ecdsa"]()


@user("authority-sk-untouched")
def authority_sk_untouched(c: Draft) -> None:
    c.authority = AUTHORITIES["sk-ed25519"]()
    c.sign = lambda data: c.authority.sign(data, assertion=0)
