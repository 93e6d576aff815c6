# SPDX-License-Identifier: Apache-2.0
"""Real servers and clients on the loopback interface, to which any certificate can be shown.

OpenSSH's own programs do not send a certificate that they would not take. The other end is
therefore asyncssh with a key pair that sends the bytes it is given.
"""

import asyncio
import socket
import subprocess
from pathlib import Path

import asyncssh
from asyncssh.public_key import SSHKeyPair

from craft.draft import HOSTNAME, Certificate
from craft.keys import Key, no_signature

from .workplace import PATIENCE, Workplace

Detail = tuple[str, str]


class Presented(SSHKeyPair):
    """A key pair that shows a certificate as it is, and notes whether it had to sign."""

    def __init__(self, subject: Key, type_name: str, blob: bytes) -> None:
        plain = b"rsa-sha2-512" if subject.type_name == "ssh-rsa" else subject.type_name.encode()
        shown = type_name.split("\0")[0].encode()
        if shown == b"ssh-rsa-cert-v01@openssh.com":
            shown = b"rsa-sha2-512-cert-v01@openssh.com"
        super().__init__(shown, plain, [plain], [shown], blob, None)
        self.subject = subject
        self.plain = plain
        self.was_asked = False

    def set_sig_algorithm(self, sig_algorithm: bytes) -> None:
        """The algorithm is what it is."""

    def sign(self, data: bytes) -> bytes:
        self.was_asked = True
        return self.subject.sign(data, self.plain.decode())


class Query(Presented):
    """A key pair that asks whether it would do, and then does not sign."""

    def __init__(self, subject: Key, type_name: str, blob: bytes) -> None:
        super().__init__(subject, type_name, blob)
        self.was_tried = False

    def set_sig_algorithm(self, sig_algorithm: bytes) -> None:
        self.was_tried = True

    def sign(self, data: bytes) -> bytes:
        self.was_asked = True
        raise ValueError("it was only a question")


def connection() -> tuple[socket.socket, socket.socket]:
    """Two ends of a connection over the loopback interface; the port is free again at once."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        server, _ = listener.accept()
    return client, server


class LoginServer:
    """OpenSSH's sshd, which serves one connection a process, over sockets that it is given."""

    def __init__(self, work: Workplace, name: str, authorities: str, extra: str = "") -> None:
        self.work = work
        self.name = name
        key = work.directory / f"{name}/host_key"
        key.parent.mkdir(parents=True, exist_ok=True)
        work.must("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "host", "-f", key)
        work.file(f"{name}/principals", "alice\n")
        self.authorities = work.file(f"{name}/authorities.pub", authorities)
        self.revoked = work.directory / f"{name}/revoked.krl"
        self.configuration = work.file(
            f"{name}/sshd_config",
            f"""\
HostKey {key}
TrustedUserCAKeys {self.authorities}
AuthorizedPrincipalsFile {work.directory}/{name}/principals
{extra}
AuthorizedKeysFile none
AuthenticationMethods publickey
PidFile none
StrictModes no
LogLevel VERBOSE
UsePAM {"yes" if password_is_locked(work.account) else "no"}
""",
        )

    def start(self, end: socket.socket, log: Path) -> subprocess.Popen:
        log.unlink(missing_ok=True)
        command = [self.work.programs["sshd"], "-i", "-f", self.configuration, "-E", log]
        return subprocess.Popen(
            list(map(str, command)), stdin=end, stdout=end, stderr=subprocess.DEVNULL,
            env=self.work.environment,
        )

    async def connect(self, pairs: list[SSHKeyPair], log: Path) -> str:
        """Comes with these key pairs in turn; answers with why it did not get in, if it did not."""
        client, server = connection()
        process = self.start(server, log)
        server.close()
        try:
            connecting = asyncssh.connect(
                sock=client, username=self.work.account, client_keys=pairs, config=None,
                known_hosts=None, agent_path=None, preferred_auth=["publickey"],
            )
            async with await asyncio.wait_for(connecting, PATIENCE):
                return ""
        except (OSError, ValueError, asyncssh.Error, asyncio.TimeoutError) as error:
            return f"{type(error).__name__}: {error}"
        finally:
            client.close()
            await asyncio.to_thread(end, process)

    async def ask(self, certificates: list[Certificate], log: Path) -> list[bool]:
        """Which of these sshd would take, in one connection and without logging in."""
        pairs = [Query(c.subject, c.type_name, c.blob) for c in certificates]
        failure = await self.connect(pairs, log)
        if not failure or not all(pair.was_tried for pair in pairs):
            raise RuntimeError(f"sshd did not answer every question: {failure}; {last_words(log)}")
        return [pair.was_asked for pair in pairs]

    async def judge(self, certificate: Certificate) -> Detail:
        """Whether sshd takes the certificate, and lets its owner in where there is a key."""
        log = self.work.directory / f"{self.name}/{certificate.name}.log"
        pair = Presented(certificate.subject, certificate.type_name, certificate.blob)
        failure = await self.connect([pair], log)
        if not failure:
            return "ok", ""
        if pair.was_asked:
            # Without a private half there is nothing to log in with: the certificate was taken.
            return ("ok" if certificate.subject.sign is no_signature else "no"), failure
        return "no", last_words(log) or failure


def said(log: Path, *words: str) -> str:
    """The lines of a log that have one of the words."""
    if not log.exists():
        return ""
    lines = log.read_text(errors="replace").splitlines()
    return " | ".join(line for line in lines if any(word in line for word in words))


def last_words(log: Path) -> str:
    """The last lines of a log."""
    return " | ".join(log.read_text(errors="replace").splitlines()[-4:]) if log.exists() else ""


def end(process: subprocess.Popen) -> None:
    """Waits for a process whose connection is gone, and ends it where that does not help."""
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.terminate()
        process.wait(5)


def password_is_locked(account: str) -> bool:
    """Whether sshd without PAM would refuse the account for its password, when run by root."""
    try:
        lines = Path("/etc/shadow").read_text().splitlines()
    except OSError:
        return False
    fields = (line.split(":") for line in lines)
    return any(name == account and password.startswith("!") for name, password, *_ in fields)


class Doorkeeper(asyncssh.SSHServer):
    """A server that notes whether its host key was taken: only then does a client go on."""

    def __init__(self, seen: list[bool]) -> None:
        self.seen = seen

    def begin_auth(self, username: str) -> bool:
        self.seen.append(True)
        return True

    def password_auth_supported(self) -> bool:
        return True


class HostKeyCheck:
    """A client that is shown a host certificate by asyncssh."""

    def __init__(self, work: Workplace, authorities: list[str]) -> None:
        self.work = work
        known = "".join(f"@cert-authority *.example.org {line}" for line in authorities)
        self.known_hosts = work.file("known_hosts", known)
        for number, line in enumerate(authorities):
            work.file(
                f"putty/sshhostcas/authority{number}",
                f"PublicKey={line.split()[1]}\nValidity=*.example.org\n"
                "PermitRSASHA1=0\nPermitRSASHA256=1\nPermitRSASHA512=1\n",
            )

    async def judge(self, certificate: Certificate, client: str) -> Detail:
        """Whether `client`, "ssh" or "plink", takes the certificate for that of the host."""
        seen: list[bool] = []
        pair = Presented(certificate.subject, certificate.type_name, certificate.blob)
        server = await asyncssh.listen(
            "127.0.0.1", 0, server_factory=lambda: Doorkeeper(seen), server_host_keys=[pair],
            config=None,
        )
        async with server:
            port = server.sockets[0].getsockname()[1]
            command = self.ssh(port, pair) if client == "ssh" else self.plink(port)
            process = await asyncio.create_subprocess_exec(
                *map(str, command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, env=self.work.environment,
            )
            try:
                output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
            except asyncio.TimeoutError:
                process.kill()
                await process.wait()
                return "hangs", f"no end after {PATIENCE} s"
        text = " | ".join(output.decode(errors="replace").splitlines())
        if process.returncode is not None and process.returncode < 0:
            return "crash", text
        return ("ok" if seen else "no"), text

    def ssh(self, port: int, pair: Presented) -> list[object]:
        settings = {
            "BatchMode": "yes",
            "GlobalKnownHostsFile": "none",
            "HostKeyAlias": HOSTNAME.decode(),
            "HostKeyAlgorithms": pair.algorithm.decode(),
            "IdentitiesOnly": "yes",
            "PreferredAuthentications": "none",
            "StrictHostKeyChecking": "yes",
            "UserKnownHostsFile": self.known_hosts,
        }
        options = [word for key, value in settings.items() for word in ("-o", f"{key}={value}")]
        return [self.work.programs["ssh"], "-F", "none", *options, "-p", port, "127.0.0.1", "true"]

    def plink(self, port: int) -> list[object]:
        return [
            self.work.programs["plink"], "-ssh", "-batch", "-noagent", "-no-antispoof",
            "-loghost", HOSTNAME.decode(), "-P", port, "-l", "alice", "127.0.0.1", "true",
        ]

