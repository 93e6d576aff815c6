# SPDX-License-Identifier: Apache-2.0
"""Cases by name: a decorated function spoils a draft, or makes a revocation list."""

from typing import Callable, TypeVar

from .draft import HOST, USER, Certificate, Draft

Case = TypeVar("Case", bound=Callable)
certificates: dict[str, tuple[int, int, Callable[[Draft], None]]] = {}
lists: dict[str, Callable[[], bytes]] = {}


def user(name: str, use: int = USER) -> Callable[[Case], Case]:
    """A case that begins as a good certificate of a user, and is tried as `use`."""
    return _certificate(name, USER, use)


def host(name: str, use: int = HOST) -> Callable[[Case], Case]:
    """A case that begins as a good certificate of a host, and is tried as `use`."""
    return _certificate(name, HOST, use)


def _certificate(name: str, kind: int, use: int) -> Callable[[Case], Case]:
    def register(function: Case) -> Case:
        if name in certificates:
            raise ValueError(f"two certificates are named {name}")
        certificates[name] = (kind, use, function)
        return function

    return register


def revocation_list(name: str) -> Callable[[Case], Case]:
    """A case that is the bytes of a revocation list."""

    def register(function: Case) -> Case:
        if name in lists:
            raise ValueError(f"two lists are named {name}")
        lists[name] = function
        return function

    return register


def certificate(name: str) -> Certificate:
    """The certificate of a case."""
    kind, use, spoil = certificates[name]
    draft = Draft(name, kind)
    spoil(draft)
    made = draft.finish()
    return Certificate(name, use, made.subject, made.type_name, made.blob, made.line)
