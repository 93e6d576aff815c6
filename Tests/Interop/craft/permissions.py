# SPDX-License-Identifier: Apache-2.0
"""Certificates whose critical options or extensions are wrong."""

from .draft import PERMISSIONS, Draft
from .registry import host, user
from .wire import flags, options, string, uint32

COMMAND = string("/usr/bin/true")


@user("options-all")
def options_all(c: Draft) -> None:
    c.critical = options(
        ("force-command", COMMAND), ("source-address", string("127.0.0.0/8,::1"))
    )
    c.extensions = flags("no-touch-required", *PERMISSIONS)


@user("verify-required")
def verify_required(c: Draft) -> None:
    c.critical = flags("verify-required")


@user("critical-unknown")
@host("host-critical-unknown")
def critical_unknown(c: Draft) -> None:
    c.critical = flags("only-on-sundays@example.org")


@host("host-critical-known")
def critical_in_host(c: Draft) -> None:
    c.critical = options(("force-command", COMMAND))


@user("critical-not-in-order")
def critical_unsorted(c: Draft) -> None:
    c.critical = options(
        ("source-address", string("127.0.0.0/8")), ("force-command", COMMAND)
    )


@user("critical-twice-alike")
def critical_twice(c: Draft) -> None:
    c.critical = options(("source-address", string("127.0.0.0/8"))) * 2


@user("force-command-twice")
def command_twice(c: Draft) -> None:
    c.critical = options(("force-command", COMMAND), ("force-command", string("/bin/sh")))


@user("force-command-not-nested")
def command_raw(c: Draft) -> None:
    c.critical = options(("force-command", b"/usr/bin/true"))


@user("force-command-with-bytes-after")
def command_trailing(c: Draft) -> None:
    c.critical = options(("force-command", COMMAND + b"\0"))


@user("force-command-without-data")
def command_no_data(c: Draft) -> None:
    c.critical = options(("force-command", b""))


@user("force-command-empty")
def command_empty(c: Draft) -> None:
    c.critical = options(("force-command", string("")))


@user("force-command-with-nul")
def command_nul(c: Draft) -> None:
    c.critical = options(("force-command", string("/usr/bin/true\0; id")))


@user("force-command-with-line-end")
def command_newline(c: Draft) -> None:
    c.critical = options(("force-command", string("/usr/bin/true\nid")))


@user("force-command-as-extension")
def command_extension(c: Draft) -> None:
    c.extensions = options(("force-command", COMMAND))


@user("verify-required-with-data")
def verify_with_data(c: Draft) -> None:
    c.critical = options(("verify-required", string("yes")))


@user("permission-as-critical")
def permission_critical(c: Draft) -> None:
    c.critical = flags("permit-pty")


@user("source-address-of-another")
def source_other(c: Draft) -> None:
    c.critical = options(("source-address", string("192.0.2.0/24")))


@user("source-address-not-nested")
def source_raw(c: Draft) -> None:
    c.critical = options(("source-address", b"127.0.0.0/8"))


@user("source-address-with-host-bits")
def source_bits(c: Draft) -> None:
    c.critical = options(("source-address", string("127.0.0.1/8")))


@user("source-address-empty")
def source_empty(c: Draft) -> None:
    c.critical = options(("source-address", string("")))


@user("source-address-wildcard")
def source_wildcard(c: Draft) -> None:
    c.critical = options(("source-address", string("127.*")))


@user("source-address-negated")
def source_negated(c: Draft) -> None:
    c.critical = options(("source-address", string("!192.0.2.1,127.0.0.0/8")))


@user("source-address-with-space")
def source_space(c: Draft) -> None:
    c.critical = options(("source-address", string("127.0.0.0/8, ::1")))


@user("source-address-name")
def source_name(c: Draft) -> None:
    c.critical = options(("source-address", string("localhost")))


@user("option-without-data-field")
def option_cut(c: Draft) -> None:
    c.critical = string("verify-required")


@user("option-name-empty")
def option_nameless(c: Draft) -> None:
    c.critical = flags("")


@user("option-name-with-nul")
def option_name_nul(c: Draft) -> None:
    c.critical = flags("verify-required\0")


@user("options-with-bytes-after")
def options_after(c: Draft) -> None:
    c.critical = flags("verify-required") + b"\0"


@user("extension-unknown")
@host("host-extension-unknown")
def extension_unknown(c: Draft) -> None:
    c.extensions = flags("a-note@example.org")


@user("extension-unknown-with-text")
def extension_text(c: Draft) -> None:
    c.extensions = options(("a-note@example.org", string("said so")))


@user("extension-unknown-not-nested")
def extension_raw(c: Draft) -> None:
    c.extensions = options(("a-note@example.org", b"said so"))


@user("extension-data-names-a-permission")
def extension_data_name(c: Draft) -> None:
    c.extensions = options(("a-note@example.org", b"permit-pty")) + flags("permit-user-rc")


@user("extension-in-another-case")
def extension_case(c: Draft) -> None:
    c.extensions = flags("Permit-PTY")


@user("extensions-not-in-order")
def extensions_unsorted(c: Draft) -> None:
    c.extensions = flags(*reversed(PERMISSIONS))


@user("extensions-in-order-of-letters")
def extensions_letters(c: Draft) -> None:
    # X before a, as bytes have it, is not how dictionaries sort.
    c.extensions = flags(*sorted(PERMISSIONS, key=str.lower))


@user("extension-twice")
def extension_twice(c: Draft) -> None:
    c.extensions = flags("permit-pty", "permit-pty")


@user("extension-with-data")
def extension_data(c: Draft) -> None:
    c.extensions = options(("permit-pty", string("yes")))


@user("extension-with-raw-data")
def extension_raw_data(c: Draft) -> None:
    c.extensions = options(("permit-pty", b"yes"))


@user("extensions-cut-off")
def extensions_cut(c: Draft) -> None:
    c.extensions = flags("permit-pty") + uint32(20) + b"permit"


@host("host-extension-permission")
def extension_in_host(c: Draft) -> None:
    c.extensions = flags("permit-pty")


@user("extensions-none")
def extensions_none(c: Draft) -> None:
    c.extensions = b""
