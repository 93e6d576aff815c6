# SPDX-License-Identifier: Apache-2.0
"""Judges that read a certificate; those that let somebody in are in `loopback`.

Each takes all certificates at once and answers with a verdict for each: "ok", "no", "crash", or
"raises" for an error that the library's pages do not announce.
"""

from pathlib import Path

import asyncssh
from asyncssh.public_key import CERT_TYPE_HOST, CERT_TYPE_USER
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import ssh

from craft.draft import ACCOUNT, HOSTNAME, USER, Certificate

from .workplace import Workplace, each

Detail = tuple[str, str]


class Bench:
    """The certificates as files, and the judges in front of them."""

    def __init__(
        self, work: Workplace, certificates: list[Certificate], authorities: list[str]
    ) -> None:
        self.work = work
        self.certificates = certificates
        self.files = [
            work.file(f"certificates/{c.name}-cert.pub", c.line) for c in certificates
        ]
        self.authorities = work.file("authorities.pub", "".join(authorities))
        keys = map(asyncssh.import_public_key, authorities)
        self.authority_blobs = {key.public_data for key in keys}

    def conclave(self) -> list[Detail]:
        """conclave-verify certificate: reads, checks signature, key, validity, and lints."""

        def judge(path: Path) -> Detail:
            outcome = self.work.run(
                "conclave-verify", "certificate", "--ca", self.authorities, path
            )
            # 2 says that it is not sound; any other status is about something else.
            verdict = {0: "ok", 2: "no"}.get(outcome.status, f"status-{outcome.status}")
            return verdict, outcome.output + outcome.errors

        return each(self.files, judge)

    def keygen(self) -> list[Detail]:
        """ssh-keygen -L: reads and checks the signature."""

        def judge(path: Path) -> Detail:
            outcome = self.work.run("ssh-keygen", "-L", "-f", path)
            return outcome.verdict, outcome.errors

        return each(self.files, judge)

    def puttygen(self) -> list[Detail]:
        """puttygen --cert-info: reads."""

        def judge(path: Path) -> Detail:
            outcome = self.work.run("puttygen", "--cert-info", path)
            return outcome.verdict, outcome.errors

        return each(self.files, judge)

    def go(self) -> list[Detail]:
        """x/crypto/ssh: a server's and a client's CertChecker."""
        lines = [
            f"{'user' if c.use == USER else 'host'}\t{path}\n"
            for c, path in zip(self.certificates, self.files)
        ]
        output = self.work.must(
            "go-judge", self.authorities, ACCOUNT.decode(), HOSTNAME.decode(), input="".join(lines)
        )
        answers = [line.split("\t") for line in output.splitlines()]
        return [(verdict, detail) for verdict, detail in answers]

    def cryptography(self) -> list[Detail]:
        """cryptography: reads and checks the signature; all else is left to its caller."""

        def judge(certificate: Certificate) -> Detail:
            try:
                read = ssh.load_ssh_public_identity(certificate.line.encode())
                if not isinstance(read, ssh.SSHCertificate):
                    return "no", "it is a plain key"
                read.verify_cert_signature()
            except (ValueError, TypeError, UnsupportedAlgorithm, InvalidSignature) as error:
                return "no", f"{type(error).__name__}: {error}"
            except Exception as error:  # noqa: BLE001 - no error that its pages announce
                return "raises", f"{type(error).__name__}: {error}"
            return "ok", ""

        return [judge(certificate) for certificate in self.certificates]

    def asyncssh(self) -> list[Detail]:
        """asyncssh: reads, checks the signature, and validates kind, time and principal."""

        def judge(certificate: Certificate) -> Detail:
            kind, principal = (
                (CERT_TYPE_USER, ACCOUNT) if certificate.use == USER else (CERT_TYPE_HOST, HOSTNAME)
            )
            try:
                read = asyncssh.import_certificate(certificate.line)
                if read.signing_key.public_data not in self.authority_blobs:
                    return "no", "the authority is not trusted"
                read.validate(kind, principal.decode())
            except (asyncssh.Error, asyncssh.KeyImportError, ValueError) as error:
                return "no", f"{type(error).__name__}: {error}"
            except Exception as error:  # noqa: BLE001 - no error that its pages announce
                return "raises", f"{type(error).__name__}: {error}"
            return "ok", ""

        return [judge(certificate) for certificate in self.certificates]
