# SPDX-License-Identifier: Apache-2.0
"""Where a run keeps its files, the programs it judges with, and how it starts them."""

import os
import pwd
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterable, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")
# Longer than any judge takes; who takes longer than this hangs.
PATIENCE = 60


class Missing(Exception):
    """A program that is not there."""


@dataclass(frozen=True)
class Outcome:
    """How a program ended; `status` is negative where a signal ended it, and None where it hung."""

    status: int | None
    output: str
    errors: str

    @property
    def verdict(self) -> str:
        """The outcome as a verdict, for programs that end with 0 where they take the input."""
        if self.status is None:
            return "hangs"
        if self.status < 0:
            return "crash"
        return "no" if self.status else "ok"


class Workplace:
    """A directory for this run alone, and the programs, found once."""

    def __init__(self, directory: Path, programs: dict[str, Path]) -> None:
        self.directory = directory
        self.programs = programs
        if os.geteuid() == 0:
            # As root, sshd wants this directory; its service would have made it.
            os.makedirs("/run/sshd", mode=0o755, exist_ok=True)
        self.account = pwd.getpwuid(os.geteuid()).pw_name
        # Nothing of the person who runs this has a say.
        self.environment = {
            "HOME": str(directory),
            "LC_ALL": "C.UTF-8",
            "PATH": os.environ["PATH"],
            "PUTTYDIR": str(directory / "putty"),
            "SSH_SK_PROVIDER": str(programs["sk-provider"]),
        }

    def file(self, name: str, content: bytes | str) -> Path:
        """Writes a file, readable by its owner alone as private keys must be."""
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        path.chmod(0o600)
        return path

    def run(self, program: str, *arguments: object, input: str | None = None) -> Outcome:
        """Runs a program to its end."""
        command = [str(self.programs[program]), *map(str, arguments)]
        try:
            done = subprocess.run(
                command,
                input=input,
                stdin=subprocess.DEVNULL if input is None else None,
                capture_output=True,
                text=True,
                errors="replace",
                env=self.environment,
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Outcome(None, "", f"no end after {PATIENCE} s")
        return Outcome(done.returncode, done.stdout, done.stderr)

    def must(self, program: str, *arguments: object, input: str | None = None) -> str:
        """Runs a program that has to succeed, and returns what it wrote."""
        outcome = self.run(program, *arguments, input=input)
        if outcome.status != 0:
            raise RuntimeError(f"{program} {' '.join(map(str, arguments))}: {outcome}")
        return outcome.output


def find(name: str) -> Path:
    """A program of the system; daemons are where ordinary users have no path to."""
    path = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if path is None:
        raise Missing(f"there is no program {name}")
    return Path(path)


def each(items: Iterable[Item], work: Callable[[Item], Answer]) -> list[Answer]:
    """What comes of each item, worked on by as many threads as there are processors."""
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        return list(pool.map(work, items))
