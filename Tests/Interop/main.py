# SPDX-License-Identifier: Apache-2.0
"""Puts crafted and generated certificates and lists before every judge, and logs in.

run.sh calls it. It ends with 1 where a verdict is not the one that the tables expect, or a login
is not what it should be.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from pathlib import Path

import foreign
import generated
import logins
import page
import revocations
from craft import cases, panel
from craft.draft import AUTHORITIES, USER
from craft.panel import line
from judge.certificates import Bench
from judge.lists import ListBench
from judge.loopback import HostKeyCheck, LoginServer
from judge.workplace import Missing, Workplace, each, find
from tables import Table

HERE = Path(__file__).parent
PROGRAMS = ("ssh", "ssh-keygen", "sshd", "puttygen", "plink")
Measured = dict[str, dict[str, tuple[str, str]]]


class Report:
    """What has been found, told as it comes."""

    def __init__(self) -> None:
        self.faults = 0
        self.started = time.monotonic()

    def part(self, what: str, faults: list[str]) -> None:
        seconds = time.monotonic() - self.started
        self.started = time.monotonic()
        outcome = "as expected" if not faults else f"{len(faults)} FAULTS"
        print(f"{what:<66} {outcome:>12} {seconds:6.1f} s")
        for fault in faults:
            print(f"  {printable(fault)[:1_000]}")
        sys.stdout.flush()
        self.faults += len(faults)


def printable(text: str) -> str:
    """Text of judges as a terminal may be shown it."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def authority_lines() -> list[str]:
    return [f"{line(make())}\n" for make in AUTHORITIES.values()]


async def at_the_doors(work: Workplace, certificates: list) -> tuple[list, list]:
    """The verdicts of sshd, or of ssh and plink, for each certificate; two at a time."""
    server = LoginServer(work, "server", "".join(authority_lines()))
    client = HostKeyCheck(work, authority_lines())
    turn = asyncio.Semaphore(2)

    async def judge(certificate) -> tuple:
        async with turn:
            if certificate.use == USER:
                return await server.judge(certificate), ("-", "")
            return await client.judge(certificate, "ssh"), await client.judge(certificate, "plink")

    verdicts = await asyncio.gather(*map(judge, certificates))
    return [first for first, _ in verdicts], [second for _, second in verdicts]


def crafted_certificates(work: Workplace, report: Report, accept: bool) -> Table:
    certificates = cases.certificates()
    bench = Bench(work, certificates, authority_lines())
    openssh, plink = asyncio.run(at_the_doors(work, certificates))
    verdicts = {
        "conclave": bench.conclave(),
        "ssh-keygen": bench.keygen(),
        "openssh": openssh,
        "cryptography": bench.cryptography(),
        "asyncssh": bench.asyncssh(),
        "go": bench.go(),
        "puttygen": bench.puttygen(),
        "plink": plink,
    }
    measured = {
        certificate.name: {judge: all[number] for judge, all in verdicts.items()}
        for number, certificate in enumerate(certificates)
    }
    return compared("certificates.txt", measured, report, accept)


def compared(name: str, measured: Measured, report: Report, accept: bool) -> Table:
    """Holds what was measured against a table, which has to hold together."""
    table = Table.read(HERE / name)
    missing = set(measured) ^ set(table.rows)
    if accept and not missing:
        table.path.write_text(table.rewritten(measured))
        table = Table.read(table.path)
    faults = table.faults(set(measured))
    if not missing:
        faults += table.surprises(measured)
    report.part(f"{len(measured)} crafted cases before {len(table.judges)} judges: {name}", faults)
    return table


async def at_the_doors_of_lists(work: Workplace, bench: ListBench, files: dict[str, Path]) -> dict:
    """What sshd makes of each list; each of two servers has a list at a time."""
    keys = work.file("authorized_keys", "".join(f"{line(panel.subject(k))}\n" for k in panel.KEYS))
    free: asyncio.Queue = asyncio.Queue()
    for name in ("lists-1", "lists-2"):
        revoked = work.directory / f"{name}/revoked.krl"
        settings = f"MaxAuthTries 100\nAuthorizedKeysFile {keys}\nRevokedKeys {revoked}\n"
        authorities = "".join(f"{line(panel.authority(letter))}\n" for letter in "ab")
        free.put_nowait(LoginServer(work, name, authorities, settings))

    async def judge(path: Path) -> tuple[str, str]:
        server = await free.get()
        try:
            return await bench.sshd(server, path)
        finally:
            free.put_nowait(server)

    verdicts = await asyncio.gather(*map(judge, files.values()))
    return dict(zip(files, verdicts))


def crafted_lists(work: Workplace, report: Report, accept: bool) -> Table:
    files = {name: work.file(f"lists/{name}.krl", data) for name, data in cases.lists().items()}
    bench = ListBench(work, panel.members())
    keygen = dict(zip(files, each(files.values(), bench.keygen)))
    conclave = dict(zip(files, each(files.values(), bench.conclave)))
    sshd = asyncio.run(at_the_doors_of_lists(work, bench, files))
    measured = {
        name: {"conclave": conclave[name], "ssh-keygen": keygen[name], "sshd": sshd[name]}
        for name in files
    }
    return compared("revocation-lists.txt", measured, report, accept)


def generated_certificates(work: Workplace, maker: generated.Maker, report: Report) -> None:
    wishes = generated.every_kind() + generated.extremes()
    certificates = [maker.certificate(wish) for wish in wishes]
    bench = Bench(work, certificates, authority_lines())
    # sshd takes some hundred questions in a connection, and each costs it less than a login.
    server = LoginServer(work, "generated", "".join(authority_lines()), "MaxAuthTries 1000\n")

    async def ask() -> list[tuple[str, str]]:
        users = [certificate for certificate in certificates if certificate.use == USER]
        parts = [users[start : start + 100] for start in range(0, len(users), 100)]
        logs = [work.directory / f"generated/{number}.log" for number in range(len(parts))]
        answers = await asyncio.gather(*map(server.ask, parts, logs))
        taken = iter(sum(answers, []))
        return [
            ("ok" if c.use != USER or next(taken) else "no", "see the log") for c in certificates
        ]

    judges = {
        "sshd": lambda: asyncio.run(ask()),
        "conclave": bench.conclave,
        "ssh-keygen": bench.keygen,
        "cryptography": bench.cryptography,
        "asyncssh": bench.asyncssh,
        "go": bench.go,
        "puttygen": bench.puttygen,
    }
    for name, judge in judges.items():
        faults = []
        for wish, (verdict, detail) in zip(wishes, judge()):
            expected = generated.expected(wish, name)
            if verdict != expected:
                faults.append(f"{wish.name}: {name} says {verdict}, not {expected}; {detail}")
        report.part(f"{len(wishes)} certificates that Conclave encoded before {name}", faults)


def real_logins(work: Workplace, maker: generated.Maker, report: Report) -> None:
    stage = logins.Stage(work, maker)
    parts = {
        "each key by each authority, both ways": logins.every_pair(),
        "what options do": logins.options(),
        "each kind of section in a revocation list": revocations.logins(stage),
    }
    for what, tries in parts.items():
        report.part(f"{len(tries)} logins: {what}", logins.run(stage, tries))
    HostKeyCheck(work, authority_lines())
    count, faults = asyncio.run(foreign.run(stage))
    report.part(f"{count} logins: asyncssh and plink with OpenSSH", faults)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.sh", description=__doc__.splitlines()[0])
    for name in ("conclave", "conclave-verify", "certificate-maker", "go-judge", "sk-provider"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    parser.add_argument("--page", required=True, type=Path, help="the page that shows the tables")
    parser.add_argument(
        "--accept", action="store_true",
        help="write the measured verdicts into the tables, and the tables into the page",
    )
    return parser.parse_args()


def main() -> int:
    options = arguments()
    ours = ("conclave", "conclave-verify", "certificate-maker", "go-judge", "sk-provider")
    programs = {name: getattr(options, name.replace("-", "_")).absolute() for name in ours}
    try:
        programs |= {name: find(name) for name in PROGRAMS}
    except Missing as error:
        print(f"interop: {error}", file=sys.stderr)
        print("  hint: Ceremony/Setup/install-packages.sh interop", file=sys.stderr)
        return 1
    directory = Path(tempfile.mkdtemp(prefix="conclave-interop-"))
    try:
        return judged(Workplace(directory, programs), options)
    finally:
        shutil.rmtree(directory)


def judged(work: Workplace, options: argparse.Namespace) -> int:
    report = Report()
    certificates = crafted_certificates(work, report, options.accept)
    lists = crafted_lists(work, report, options.accept)
    shown = page.written(options.page.read_text(), certificates, lists)
    if options.accept:
        options.page.write_text(shown)
    is_new = shown != options.page.read_text()
    report.part(
        f"the tables in {options.page}",
        ["they are not those of the cases: run.sh --accept"] if is_new else [],
    )
    with generated.Maker(work, generated.make_keys(work)) as maker:
        generated_certificates(work, maker, report)
        real_logins(work, maker, report)
    print(page.differences(certificates, lists))
    print(f"not as expected: {report.faults}" if report.faults else "every verdict is expected")
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
