# SPDX-License-Identifier: Apache-2.0
"""Logins over the loopback interface with certificates that Conclave encoded.

They go both ways at once: the server checks the user's certificate, the client that of the host.
"""

import itertools
import socket
import subprocess
from dataclasses import dataclass, field, replace
from pathlib import Path

from craft.draft import AUTHORITIES, HOST, HOSTNAME
from craft.panel import line
from generated import SIGNERS, SUBJECTS, Maker, Wish
from judge.loopback import end, password_is_locked
from judge.workplace import PATIENCE, Workplace, each


@dataclass(frozen=True)
class Login:
    """A login to try: who comes, with which host, and what else is set."""

    name: str
    user: Wish
    host: Wish
    succeeds: bool = True
    # Settings of sshd and ssh beyond the usual ones, and of the software that is the FIDO token.
    server: str = ""
    client: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    # What the log of the side that refuses has to say.
    says: str = ""


def user_wish(subject: str, signer: str, **fields) -> Wish:
    return Wish(f"login-user-{subject}-by-{signer}", subject, signer, **fields)


def host_wish(subject: str, signer: str, **fields) -> Wish:
    return Wish(f"login-host-{subject}-by-{signer}", subject, signer, HOST, **fields)


def every_pair() -> list[Login]:
    """Each kind of key by each authority, as a user's and as a host's in another login."""
    pairs = list(itertools.product(SUBJECTS, SIGNERS))
    shifted = pairs[len(pairs) // 2 :] + pairs[: len(pairs) // 2]
    return [
        Login(f"{subject} by {signer}, host {other} by {by}",
              user_wish(subject, signer), host_wish(other, by))
        for (subject, signer), (other, by) in zip(pairs, shifted)
    ]


def options() -> list[Login]:
    """What options do: each lets in, or keeps out, whom it should."""
    plain = user_wish("ed25519", "ed25519")
    token = user_wish("sk-ed25519", "ed25519")
    host = host_wish("ed25519", "ed25519")
    no_touch = replace(token, extensions=("no-touch-required",))
    verified, untouched = ({"CONCLAVE_TEST_SK_FLAGS": flags} for flags in ("5", "0"))

    def login(name: str, user: Wish, *options: str, **fields) -> Login:
        wished = replace(user, name=f"login-{name}", options=options)
        return Login(name.replace("-", " "), wished, host, **fields)

    return [
        login("source-address-of-here", plain, "source-address=127.0.0.0/8,::1"),
        login("source-address-of-another", plain, "source-address=192.0.2.0/24", succeeds=False,
              says="not from a permitted source address"),
        login("force-command", plain, "force-command=/usr/bin/true"),
        login("verify-required-and-verified", token, "verify-required", environment=verified),
        login("verify-required-and-not-verified", token, "verify-required", succeeds=False,
              says="user verification requirement not met"),
        login("untouched", token, succeeds=False, environment=untouched,
              says="touch) requirement not met"),
        # The extension counts where the server's own list says so, too.
        login("no-touch-required-in-the-certificate-alone", no_touch, succeeds=False,
              environment=untouched, says="touch) requirement not met"),
        login("no-touch-required-in-both", no_touch, environment=untouched,
              server="AuthorizedPrincipalsFile {directory}/logins/principals_no_touch"),
        Login("a host of another name", plain,
              replace(host, name="login-host-other", principals=("www.example.org",)),
              succeeds=False, says="not a listed principal"),
        Login("a user of another name", replace(plain, name="login-bob", principals=("bob",)), host,
              succeeds=False, says="does not contain an authorized principal"),
    ]


class Stage:
    """Certificates, configurations and keys for logins."""

    def __init__(self, work: Workplace, maker: Maker) -> None:
        self.work = work
        self.maker = maker
        self.certificates: dict[Wish, Path] = {}
        self.logs = itertools.count(1)
        trusted = "".join(f"{line(make())}\n" for make in AUTHORITIES.values())
        self.authorities = work.file("logins/authorities.pub", trusted)
        self.known_hosts = work.file(
            "logins/known_hosts",
            "".join(f"@cert-authority *.example.org {text}\n" for text in trusted.splitlines()),
        )
        self.principals = work.file("logins/principals", "alice\n")
        work.file("logins/principals_no_touch", "no-touch-required alice\n")

    def certificate(self, wish: Wish) -> Path:
        """The file of a certificate, made once."""
        if wish not in self.certificates:
            made = self.maker.certificate(wish)
            name = f"{len(self.certificates)}-{wish.name}"
            self.certificates[wish] = self.work.file(f"logins/{name}-cert.pub", made.line)
        return self.certificates[wish]

    def key(self, wish: Wish) -> Path:
        return self.work.directory / f"keys/{wish.subject}"

    def server(self, name: str, host: Wish, extra: str = "") -> Path:
        """The configuration of sshd as this host."""
        return self.work.file(
            f"logins/{name}.sshd_config",
            f"""\
{extra.format(directory=self.work.directory)}
HostKey {self.key(host)}
HostCertificate {self.certificate(host)}
TrustedUserCAKeys {self.authorities}
AuthorizedPrincipalsFile {self.principals}
AuthorizedKeysFile none
AuthenticationMethods publickey
SecurityKeyProvider {self.work.programs["sk-provider"]}
PidFile none
StrictModes no
LogLevel VERBOSE
UsePAM {"yes" if password_is_locked(self.work.account) else "no"}
""",
        )


def try_login(stage: Stage, login: Login) -> str:
    """Logs in with OpenSSH's ssh at OpenSSH's sshd; answers with what is wrong, or nothing."""
    work = stage.work
    number = next(stage.logs)
    log = work.directory / f"logins/{number}.log"
    sshd = [
        work.programs["sshd"], "-i", "-E", log, "-f",
        stage.server(f"{number}", login.host, login.server),
    ]
    settings = {
        "BatchMode": "yes",
        "CertificateFile": stage.certificate(login.user),
        "GlobalKnownHostsFile": "none",
        "HostKeyAlias": HOSTNAME.decode(),
        "IdentitiesOnly": "yes",
        "SecurityKeyProvider": work.programs["sk-provider"],
        "StrictHostKeyChecking": "yes",
        "UserKnownHostsFile": stage.known_hosts,
    }
    arguments = [word for key, value in settings.items() for word in ("-o", f"{key}={value}")]
    ssh = [
        work.programs["ssh"], "-F", "none", "-v", *arguments, *login.client,
        "-i", stage.key(login.user), "-l", work.account,
    ]
    errors = meet(ssh, sshd, work.environment | login.environment)
    text = errors + (log.read_text(errors="replace") if log.exists() else "")
    # What counts is whether sshd accepts: the account's shell may be one that ends at once.
    accepted = "Accepted publickey for" in text and "Authenticated to" in errors
    if accepted != login.succeeds:
        return f"{login.name}: {'let in' if accepted else 'refused'}; {text[-800:]}"
    if login.says not in text:
        return f"{login.name}: refused, and nobody says {login.says!r}; {text[-800:]}"
    return ""


def meet(ssh: list[object], sshd: list[object], environment: dict[str, str]) -> str:
    """Lets a client connect to a server made for it alone; answers with what the client says.

    The connection is a real one, over a port that the system chose, as sshd asks where it is from.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(PATIENCE)
        port = listener.getsockname()[1]
        command = [*map(str, ssh), "-p", str(port), "127.0.0.1", "true"]
        client = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            text=True, errors="replace", env=environment,
        )
        try:
            other, _ = listener.accept()
            with other:
                server = subprocess.Popen(
                    list(map(str, sshd)), stdin=other, stdout=other, stderr=subprocess.DEVNULL,
                    env=environment,
                )
            try:
                _, errors = client.communicate(timeout=PATIENCE)
            finally:
                client.kill()
                end(server)
        except (TimeoutError, subprocess.TimeoutExpired):
            client.kill()
            return f"no end after {PATIENCE} s: {client.communicate()[1]}"
    return errors


def run(stage: Stage, logins: list[Login]) -> list[str]:
    """Tries all; answers with what is wrong."""
    for login in logins:
        stage.certificate(login.user)
        stage.certificate(login.host)
    found = each(logins, lambda login: try_login(stage, login))
    return [fault for fault in found if fault]
