# SPDX-License-Identifier: Apache-2.0
"""All cases: each of the modules enters its own in the registry."""

from . import names, permissions, registry, sections, serials, signatures, structure, subjects
from . import times
from .draft import Certificate

MODULES = (structure, subjects, names, times, permissions, signatures, serials, sections)


def certificates() -> list[Certificate]:
    """Every crafted certificate."""
    return [registry.certificate(name) for name in registry.certificates]


def lists() -> dict[str, bytes]:
    """Every crafted revocation list."""
    return {name: make() for name, make in registry.lists.items()}
