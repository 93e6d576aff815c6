# SPDX-License-Identifier: Apache-2.0
"""Judges of revocation lists: which of the panel does a list revoke, or can it not be read?"""

import asyncio
import re
from pathlib import Path

import asyncssh

from craft.draft import Certificate
from craft.panel import NAMES

from .loopback import LoginServer, Presented, connection, end, said
from .workplace import PATIENCE, Outcome, Workplace

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
        client, other = connection()
        process = server.start(other, log)
        other.close()
        pairs = [Query(member) for member in self.panel]
        try:
            connecting = asyncssh.connect(
                sock=client, username=self.work.account, client_keys=pairs, config=None,
                known_hosts=None, agent_path=None, preferred_auth=["publickey"],
            )
            async with await asyncio.wait_for(connecting, PATIENCE):
                return "lets in", "a login without a signature"
        except (OSError, asyncssh.Error, asyncio.TimeoutError) as error:
            failure = f"{type(error).__name__}: {error}"
        finally:
            client.close()
            await asyncio.to_thread(end, process)
        faults = said(log, "Error checking authentication key")
        if faults:
            return UNREADABLE, faults
        if not all(pair.was_tried for pair in pairs):
            return "hangs", failure
        return answer({m.name for m, pair in zip(self.panel, pairs) if not pair.was_asked}), ""


class Query(Presented):
    """A key pair that asks whether it would do, and then does not sign."""

    def __init__(self, member: Certificate) -> None:
        super().__init__(member.subject, member.type_name, member.blob)
        self.was_tried = False

    def set_sig_algorithm(self, sig_algorithm: bytes) -> None:
        self.was_tried = True

    def sign(self, data: bytes) -> bytes:
        self.was_asked = True
        raise ValueError("it was only a question")
