# SPDX-License-Identifier: Apache-2.0
"""Logins between OpenSSH and others: asyncssh as client and as server, and plink as client."""

import asyncio
import socket
import subprocess
from dataclasses import replace

import asyncssh

from craft.draft import AUTHORITIES, HOSTNAME
from craft.panel import line
from generated import SUBJECTS, Wish
from judge.loopback import connection, end
from judge.workplace import PATIENCE
from logins import Stage, host_wish, user_wish

PLAIN = [name for name in SUBJECTS if not name.startswith("sk-")]
# An authority for each kind of key, so that each algorithm has its turn.
SIGNER = {
    "rsa": "rsa-sha512",
    "ecdsa-p256": "ecdsa-p256",
    "ecdsa-p384": "ecdsa-p384",
    "ecdsa-p521": "ecdsa-p521",
    "ed25519": "ed25519",
    "sk-ecdsa": "rsa-sha256",
    "sk-ed25519": "ed25519",
}


async def asyncssh_at_sshd(stage: Stage, kind: str) -> str:
    """asyncssh logs in at sshd; a FIDO key is the host's alone, as asyncssh needs a real token."""
    user = user_wish(kind if kind in PLAIN else "ed25519", SIGNER[kind])
    host = host_wish(kind, SIGNER[kind])
    log = stage.work.directory / f"logins/asyncssh-{kind}.log"
    client, other = connection()
    server = subprocess.Popen(
        list(map(str, (stage.work.programs["sshd"], "-i", "-E", log, "-f",
                       stage.server(f"asyncssh-{kind}", host)))),
        stdin=other, stdout=other, stderr=subprocess.DEVNULL, env=stage.work.environment,
    )
    other.close()
    keys = [(str(stage.key(user)), str(stage.certificate(user)))]
    try:
        connecting = asyncssh.connect(
            HOSTNAME.decode(), sock=client, username=stage.work.account, client_keys=keys,
            known_hosts=asyncssh.import_known_hosts(stage.known_hosts.read_text()), config=None,
            agent_path=None, preferred_auth=["publickey"],
            server_host_key_algs=[certificate_algorithm(host)],
        )
        async with await asyncio.wait_for(connecting, PATIENCE):
            return ""
    except (OSError, ValueError, asyncssh.Error, asyncio.TimeoutError) as error:
        return f"asyncssh at sshd, {kind}: {type(error).__name__}: {error}; {log.read_text()}"
    finally:
        client.close()
        await asyncio.to_thread(end, server)


def certificate_algorithm(wish: Wish) -> str:
    """The algorithm by which a host signs with a certificate of this kind."""
    stem = {
        "rsa": "rsa-sha2-512",
        "ecdsa-p256": "ecdsa-sha2-nistp256",
        "ecdsa-p384": "ecdsa-sha2-nistp384",
        "ecdsa-p521": "ecdsa-sha2-nistp521",
        "ed25519": "ssh-ed25519",
        "sk-ecdsa": "sk-ecdsa-sha2-nistp256",
        "sk-ed25519": "sk-ssh-ed25519",
    }[wish.subject]
    return f"{stem}-cert-v01@openssh.com"


async def ssh_at_asyncssh(stage: Stage, kind: str, succeeds: bool = True) -> str:
    """ssh logs in at asyncssh; a FIDO key is the user's alone."""
    user = user_wish(kind, SIGNER[kind])
    if not succeeds:
        user = replace(user, name="login-bob-at-asyncssh", principals=("bob",))
    host = host_wish(kind if kind in PLAIN else "ed25519", SIGNER[kind])
    authority = AUTHORITIES[SIGNER[kind].replace("-sha512", "").replace("-sha256", "")]()
    rule = f'cert-authority,principals="alice" {line(authority)}\n'
    allowed = asyncssh.import_authorized_keys(rule)
    server = await asyncssh.listen(
        "127.0.0.1", 0, config=None, authorized_client_keys=allowed,
        server_host_keys=[(str(stage.key(host)), str(stage.certificate(host)))],
        process_factory=lambda process: process.exit(0),
    )
    async with server:
        settings = {
            "BatchMode": "yes",
            "CertificateFile": stage.certificate(user),
            "GlobalKnownHostsFile": "none",
            "HostKeyAlias": HOSTNAME.decode(),
            "HostKeyAlgorithms": certificate_algorithm(host),
            "IdentitiesOnly": "yes",
            "SecurityKeyProvider": stage.work.programs["sk-provider"],
            "StrictHostKeyChecking": "yes",
            "UserKnownHostsFile": stage.known_hosts,
        }
        options = [word for key, value in settings.items() for word in ("-o", f"{key}={value}")]
        status, text = await finished(
            stage, "ssh", "-F", "none", *options, "-i", stage.key(user), "-l", "alice",
            "-p", server.sockets[0].getsockname()[1], "127.0.0.1", "true",
        )
    return "" if (status == 0) == succeeds else f"ssh at asyncssh, {kind}: status {status}; {text}"


async def finished(stage: Stage, program: str, *arguments: object) -> tuple[int | None, str]:
    """The status and the output of a program; it is ended where it hangs."""
    process = await asyncio.create_subprocess_exec(
        str(stage.work.programs[program]), *map(str, arguments), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=stage.work.environment,
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    except asyncio.TimeoutError:
        process.kill()
        output, _ = await process.communicate()
    return process.returncode, output.decode(errors="replace")


async def plink_at_sshd(stage: Stage, kind: str) -> str:
    """plink logs in at sshd, and checks the host by the host CAs of its configuration."""
    user, host = user_wish(kind, SIGNER[kind]), host_wish(kind, SIGNER[kind])
    key = stage.work.directory / f"logins/{kind}.ppk"
    stage.work.must("puttygen", stage.key(user), "-O", "private", "-o", key)
    log = stage.work.directory / f"logins/plink-{kind}.log"
    command = [stage.work.programs["sshd"], "-i", "-E", log, "-f",
               stage.server(f"plink-{kind}", host)]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(PATIENCE)
        client = asyncio.create_task(
            finished(
                stage, "plink", "-ssh", "-batch", "-noagent", "-no-antispoof", "-v",
                "-loghost", HOSTNAME.decode(), "-P", listener.getsockname()[1],
                "-l", stage.work.account, "-i", key, "-cert", stage.certificate(user),
                "127.0.0.1", "true",
            ))
        other, _ = await asyncio.to_thread(listener.accept)
        with other:
            server = subprocess.Popen(
                list(map(str, command)), stdin=other, stdout=other, stderr=subprocess.DEVNULL,
                env=stage.work.environment,
            )
        _, text = await client
        await asyncio.to_thread(end, server)
    said = log.read_text(errors="replace")
    return "" if "Accepted publickey for" in said else f"plink at sshd, {kind}: {text}; {said}"


async def run(stage: Stage) -> tuple[int, list[str]]:
    """Tries all; answers with how many, and what is wrong."""
    tries = [
        *(asyncssh_at_sshd(stage, kind) for kind in SUBJECTS),
        *(ssh_at_asyncssh(stage, kind) for kind in SUBJECTS),
        ssh_at_asyncssh(stage, "ed25519", succeeds=False),
        *(plink_at_sshd(stage, kind) for kind in PLAIN),
    ]
    return len(tries), [fault for attempt in tries if (fault := await attempt)]
