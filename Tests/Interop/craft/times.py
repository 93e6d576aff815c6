# SPDX-License-Identifier: Apache-2.0
"""Certificates whose time is over, to come, or nonsense."""

from .draft import AFTER, BEFORE, Draft
from .registry import host, user

# The last second whose year fits into 32 bits, as the C library's calendar has it.
LAST_YEAR = 67_768_036_191_676_799


@user("expired")
@host("host-expired")
def expired(c: Draft) -> None:
    c.before = AFTER + 86_400


@user("not-yet-valid")
@host("host-not-yet-valid")
def not_yet(c: Draft) -> None:
    c.after = BEFORE - 86_400


@user("never-valid")
def never(c: Draft) -> None:
    c.before = c.after


@user("ends-before-it-begins")
def backwards(c: Draft) -> None:
    c.after, c.before = BEFORE, AFTER


@user("always-and-forever")
@host("host-always-and-forever")
def for_ever(c: Draft) -> None:
    c.after, c.before = 0, 2**64 - 1


@user("until-0")
def until_zero(c: Draft) -> None:
    c.after = c.before = 0


@user("from-2-to-the-63")
def from_the_far(c: Draft) -> None:
    c.after, c.before = 2**63, 2**64 - 1


@user("until-2-to-the-31")
def until_2_31(c: Draft) -> None:
    c.before = 2**31


@user("until-2-to-the-32")
def until_2_32(c: Draft) -> None:
    c.before = 2**32


@user("until-the-last-year-of-32-bits")
def until_last_year(c: Draft) -> None:
    c.before = LAST_YEAR


@user("until-a-second-later")
def until_later(c: Draft) -> None:
    c.before = LAST_YEAR + 1


@user("until-2-to-the-63-less-1")
def until_2_63_less_1(c: Draft) -> None:
    c.before = 2**63 - 1


@user("until-2-to-the-63")
@host("host-until-2-to-the-63")
def until_2_63(c: Draft) -> None:
    c.before = 2**63


@user("until-2-to-the-63-plus-5")
def until_2_63_plus_5(c: Draft) -> None:
    c.before = 2**63 + 5


@user("until-2-to-the-64-less-2")
def until_2_64_less_2(c: Draft) -> None:
    c.before = 2**64 - 2
