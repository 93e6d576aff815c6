# SPDX-License-Identifier: Apache-2.0
"""Certificates whose key ID or principals are wrong."""

from .draft import ACCOUNT, HOSTNAME, Draft
from .registry import host, user
from .wire import string, strings, uint32


@user("key-id-empty")
def key_id_empty(c: Draft) -> None:
    c.key_id = b""


@user("key-id-with-nul")
def key_id_nul(c: Draft) -> None:
    c.key_id = b"alice\0@example.org"


@user("key-id-ends-in-nul")
def key_id_trailing_nul(c: Draft) -> None:
    c.key_id = b"alice@example.org\0"


@user("key-id-with-line-end")
def key_id_newline(c: Draft) -> None:
    c.key_id = b"alice\nSerial: 1"


@user("key-id-with-escape")
def key_id_escape(c: Draft) -> None:
    c.key_id = b"\x1b]0;owned\x07alice"


@user("key-id-not-utf-8")
def key_id_latin(c: Draft) -> None:
    c.key_id = b"Ren\xe9"


@user("key-id-utf-8")
def key_id_utf_8(c: Draft) -> None:
    c.key_id = "René".encode()


@user("key-id-of-256-bytes")
def key_id_256(c: Draft) -> None:
    c.key_id = b"i" * 256


@user("key-id-of-257-bytes")
def key_id_257(c: Draft) -> None:
    c.key_id = b"i" * 257


@user("key-id-of-100000-bytes")
def key_id_100000(c: Draft) -> None:
    c.key_id = b"i" * 100_000


@user("key-id-of-300000-bytes")
def key_id_300000(c: Draft) -> None:
    c.key_id = b"i" * 300_000


@user("principals-none")
@host("host-principals-none")
def no_principals(c: Draft) -> None:
    c.principals = b""


@user("principal-of-another")
def other_principal(c: Draft) -> None:
    c.principals = strings("bob")


@user("principal-empty")
def empty_principal(c: Draft) -> None:
    c.principals = strings("")


@user("principal-empty-beside-a-good-one")
def empty_beside(c: Draft) -> None:
    c.principals = strings("", ACCOUNT)


@user("principal-ends-in-nul")
def principal_trailing_nul(c: Draft) -> None:
    c.principals = strings(ACCOUNT + b"\0")


@user("principal-with-nul")
def principal_nul(c: Draft) -> None:
    c.principals = strings(ACCOUNT + b"\0x")


@user("principal-with-comma")
def principal_comma(c: Draft) -> None:
    c.principals = strings(b"bob," + ACCOUNT)


@user("principal-with-comma-beside-a-good-one")
def comma_beside(c: Draft) -> None:
    c.principals = strings(ACCOUNT, b"bob,carol")


@user("principal-twice")
def principal_twice(c: Draft) -> None:
    c.principals = strings(ACCOUNT, ACCOUNT)


@user("principal-with-line-end")
def principal_newline(c: Draft) -> None:
    c.principals = strings(ACCOUNT, b"bob\nroot")


@user("principal-not-utf-8")
def principal_latin(c: Draft) -> None:
    c.principals = strings(ACCOUNT, b"ren\xe9")


@user("principal-utf-8")
def principal_utf_8(c: Draft) -> None:
    c.principals = strings(ACCOUNT, "rené")


@user("principal-of-spaces")
def principal_spaces(c: Draft) -> None:
    c.principals = strings(b" " + ACCOUNT + b" ")


@user("principal-wildcard")
def principal_wildcard(c: Draft) -> None:
    c.principals = strings("*")


@user("principal-in-upper-case")
def principal_upper(c: Draft) -> None:
    c.principals = strings(ACCOUNT.upper())


@user("principals-256")
def principals_256(c: Draft) -> None:
    c.principals = strings(*(f"p{n}" for n in range(255)), ACCOUNT)


@user("principals-257")
def principals_257(c: Draft) -> None:
    c.principals = strings(*(f"p{n}" for n in range(256)), ACCOUNT)


@user("principals-257-good-one-first")
def principals_257_first(c: Draft) -> None:
    c.principals = strings(ACCOUNT, *(f"p{n}" for n in range(256)))


@user("principals-without-length")
def principals_raw(c: Draft) -> None:
    c.principals = ACCOUNT


@user("principals-cut-off")
def principals_cut(c: Draft) -> None:
    c.principals = strings(ACCOUNT) + uint32(9) + b"bob"


@user("principals-with-bytes-after")
def principals_after(c: Draft) -> None:
    c.principals = strings(ACCOUNT) + b"\0\0"


@user("principals-nested-once-more")
def principals_nested(c: Draft) -> None:
    c.principals = string(strings(ACCOUNT))


@host("host-principal-of-another")
def other_host(c: Draft) -> None:
    c.principals = strings("www.example.org")


@host("host-principal-in-upper-case")
def upper_host(c: Draft) -> None:
    c.principals = strings(HOSTNAME.upper())


@host("host-principal-wildcard")
def wildcard_host(c: Draft) -> None:
    c.principals = strings("*.example.org")


@host("host-principal-with-dot-at-end")
def dotted_host(c: Draft) -> None:
    c.principals = strings(HOSTNAME + b".")


@host("host-principal-ends-in-nul")
def nul_host(c: Draft) -> None:
    c.principals = strings(HOSTNAME + b"\0")


@host("host-principal-with-comma")
def comma_host(c: Draft) -> None:
    c.principals = strings(b"www.example.org," + HOSTNAME)


@host("host-principals-257")
def hosts_257(c: Draft) -> None:
    c.principals = strings(HOSTNAME, *(f"h{n}.example.org" for n in range(256)))
