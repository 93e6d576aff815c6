// SPDX-License-Identifier: Apache-2.0
import Glibc
import TestSupport
import Testing

/// Logins through a real sshd, which serves one connection over its standard streams: it listens on
/// no port, and ends with the connection.
@Suite("Logging in with what a ceremony handed out")
struct LoginTests {
    private let bench: Workbench
    private let account: String

    init() throws {
        account = try #require(getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) })
        var plan = HomePlan()
        plan.account = account
        bench = try Workbench.founded(plan)
        if geteuid() == 0 { try bench.run("mkdir -p /run/sshd") }
    }

    /// A host `web1` with what the bundle holds for it, and a client that knows the authority alone.
    private func install(_ bundle: String = "outbox/conclave-0001", host: String = "hosts/web1")
        throws
    {
        let path = bench.directory.path
        try bench.run("cp \(bundle)/certificates/host/*-web1.example.org-cert.pub \(host)-cert.pub")
        let locked = try bench.run("getent shadow \(account) | cut -d : -f 2 || :").output
        try bench.directory.write(
            "sshd_config",
            """
            HostKey \(path)/\(host)
            HostCertificate \(path)/\(host)-cert.pub
            TrustedUserCAKeys \(path)/\(bundle)/trust/user_ca_keys.pub
            RevokedKeys \(path)/\(bundle)/trust/revoked_keys.krl
            AuthorizedPrincipalsFile \(path)/\(bundle)/sshd/auth_principals/%u
            AuthorizedKeysFile none
            AuthenticationMethods publickey
            PidFile none
            StrictModes no
            LogLevel VERBOSE
            UsePAM \(locked.hasPrefix("!") ? "yes" : "no")

            """)
        try bench.directory.write(
            "ssh_config",
            """
            Host web1.example.org
                ProxyCommand /usr/sbin/sshd -i -f \(path)/sshd_config -E \(path)/sshd.log
                HostKeyAlias web1.example.org
                User \(account)
                StrictHostKeyChecking yes
                UserKnownHostsFile \(path)/\(bundle)/trust/known_hosts
                GlobalKnownHostsFile none
                IdentitiesOnly yes
                BatchMode yes

            """)
    }

    private func logIn(_ name: String, certificate: String? = nil, bundle: Int = 1) throws
        -> Finished
    {
        let path =
            certificate ?? "outbox/conclave-000\(bundle)/certificates/user/*-\(name)-cert.pub"
        return try bench.attempt(
            """
            timeout 20 ssh -F ssh_config -o SecurityKeyProvider=$SK -i people/\(name) \\
                -o CertificateFile="$(ls \(path))" web1.example.org 'echo "in as $(id -un)"' </dev/null
            """)
    }

    @Test(
        "a certificate of every kind of key lets its owner in, and sshd's log leads back to the request"
    )
    func everyKey() throws {
        let people = [
            ("alice", "-t rsa -b 3072"), ("bob", "-t ecdsa -b 256"), ("carol", "-t ecdsa -b 384"),
            ("dave", "-t ecdsa -b 521"), ("erin", "-t ed25519"), ("frank", "-t ecdsa-sk"),
            ("grace", "-t ed25519-sk"),
        ]
        for (name, kind) in people { try bench.ask(name, kind) }
        try bench.askForHost("web1")
        try bench.holdCeremony(1)
        try install()
        for (place, (name, _)) in people.enumerated() {
            let login = try logIn(name)
            #expect(login.output == "in as \(account)\n", "\(name): \(login.errors)")
            let line = try #require(
                try bench.text("sshd.log").split(whereSeparator: \.isNewline).last {
                    $0.contains("Accepted publickey for \(account)")
                })
            let traced = try bench.run("conclave trace --home ca '\(line)'").lines
            #expect(traced.first == "user certificate \(place + 1) of users@example.org")
            #expect(traced.contains("    asked by   \(name)@example.org"))
        }
    }

    @Test(
        "the revoked, the expired and the unlisted stay out, and a host key without certificate is not taken"
    )
    func refused() throws {
        for name in ["alice", "bob"] { try bench.ask(name) }
        try bench.askForHost("web1")
        try bench.askForHost("web2")
        try bench.holdCeremony(1)
        try bench.run(
            "conclave revoke --home ca --authority users@example.org --serial 1 --reason 'laptop lost'"
        )
        try bench.approve(2, .olivia, .pierre)
        try bench.sign(2)
        try bench.run("cp -r outbox/conclave-0001/certificates outbox/conclave-0002/")
        try install("outbox/conclave-0002")
        #expect(try logIn("bob").output == "in as \(account)\n")
        let revoked = try logIn("alice")
        #expect(revoked.status == .exited(255) && revoked.output == "")
        #expect(try bench.text("sshd.log").contains("revoked by file"))

        try bench.run(
            "grep -v bob outbox/conclave-0002/sshd/auth_principals/\(account) >listed; cp listed outbox/conclave-0002/sshd/auth_principals/\(account)"
        )
        #expect(try logIn("bob").status == .exited(255))

        try bench.run("sed -i '/^HostCertificate/d' sshd_config")
        let unknown = try logIn("bob")
        #expect(unknown.status == .exited(255))
        #expect(unknown.errors.contains("Host key verification failed"), "\(unknown.errors)")
    }

    @Test("options in a certificate hold: a forced command, and an address that is not the source")
    func options() throws {
        try bench.ask("alice", "-t ed25519", "--option 'force-command=echo forced'")
        try bench.ask("bob", "-t ed25519", "--option source-address=192.0.2.0/24")
        try bench.askForHost("web1")
        try bench.holdCeremony(1)
        try install()
        #expect(try logIn("alice").output == "forced\n")
        // A connection over standard streams has no address: no source is the one that is allowed.
        #expect(try logIn("bob").status == .exited(255))
    }
}
