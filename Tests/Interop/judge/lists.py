# SPDX-License-Identifier: Apache-2.0
"""Judges of revocation lists: which of the panel does a list revoke, or can it not be read?"""

import re
from pathlib import Path

from craft.draft import Certificate
from craft.panel import NAMES

from .loopback import LoginServer, said
from .workplace import Outcome, Workplace

Detail = tuple[str, str]
UNREADABLE = "unreadable"


def answer(revoked: set[str]) -> str:
    """The names of those revoked, in the order of the panel."""
    return ",".join(name for name in NAMES if name in revoked) or "none"


class ListBench:
    """The panel as files, and the judges that are asked about it."""

    def __init__(self, work: Workplace, panel: list[Certificate]) -> None:
        self.work = work
        self.panel = panel
        self.files = {
            member.name: work.file(f"panel/{member.name}.pub", member.line) for member in panel
        }

    def keygen(self, path: Path) -> Detail:
        """ssh-keygen -Q: 0 where none is revoked, 1 where one is, 255 where it cannot say."""
        outcome = self.work.run("ssh-keygen", "-Q", "-f", path, *self.files.values())
        return self._asked(outcome, {0, 1})

    def conclave(self, path: Path) -> Detail:
        """conclave krl query, which answers as ssh-keygen -Q does."""
        outcome = self.work.run("conclave", "krl", "query", "-f", path, *self.files.values())
        return self._asked(outcome, {0, 1})

    def _asked(self, outcome: Outcome, answers: set[int]) -> Detail:
        if outcome.status is None or outcome.status < 0:
            return outcome.verdict, outcome.errors
        revoked = set(re.findall(r"^.*/(\w+)\.pub .*: REVOKED$", outcome.output, re.MULTILINE))
        told = set(re.findall(r"^.*/(\w+)\.pub .*: ok$", outcome.output, re.MULTILINE)) | revoked
        if outcome.status in answers and told == set(self.files):
            return answer(revoked), ""
        return UNREADABLE, outcome.errors

    async def sshd(self, server: LoginServer, path: Path) -> Detail:
        """sshd, asked whether each may come in; a list that it cannot read keeps all out."""
        server.revoked.write_bytes(path.read_bytes())
        log = self.work.directory / f"{server.name}/{path.name}.log"
        taken = await server.ask(self.panel, log)
        faults = said(log, "Error checking authentication key")
        if faults:
            return UNREADABLE, faults
        return answer({m.name for m, is_taken in zip(self.panel, taken) if not is_taken}), ""
