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

    /// What came of a login: what sshd wrote down, and what ssh said.
    private struct Login {
        let isAccepted: Bool
        let log: [String]
        let errors: String

        /// The last line in which sshd says that it let the person in.
        var acceptance: String? { log.last { $0.hasPrefix("Accepted publickey for ") } }
    }

    init() throws {
        account = try #require(getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) })
        var plan = HomePlan()
        plan.account = account
        bench = try Workbench.foundedWithSpare(plan, ["users", "hosts"])
        if geteuid() == 0 { try bench.run("mkdir -p /run/sshd") }
    }

    /// A host `web1` with what a bundle holds for it, and a client that knows the authority alone.
    private func install(_ bundle: String = "outbox/conclave-0001") throws {
        let path = bench.directory.path
        try bench.run(
            "cp outbox/conclave-0001/certificates/host/*-web1.example.org-cert.pub hosts/web1-cert.pub"
        )
        let password = try bench.run("getent shadow \(account) | cut -d : -f 2 || :").output
        try bench.directory.write(
            "sshd_config",
            """
            HostKey \(path)/hosts/web1
            HostCertificate \(path)/hosts/web1-cert.pub
            TrustedUserCAKeys \(path)/\(bundle)/trust/user_ca_keys.pub
            RevokedKeys \(path)/\(bundle)/trust/revoked_keys.krl
            AuthorizedPrincipalsFile \(path)/\(bundle)/sshd/auth_principals/%u
            AuthorizedKeysFile none
            AuthenticationMethods publickey
            PidFile none
            StrictModes no
            LogLevel VERBOSE
            UsePAM \(password.hasPrefix("!") ? "yes" : "no")

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

    /// A login with a person's certificate.
    ///
    /// Whether sshd accepts it is what counts: the account's shell may be one that ends at once.
    private func logIn(_ name: String, by bundle: String = "conclave-0001") throws -> Login {
        let certificate = "outbox/\(bundle)/certificates/user/*-\(name)-cert.pub"
        let login = try bench.attempt(
            """
            : >sshd.log
            timeout 20 ssh -F ssh_config -o SecurityKeyProvider=$SK -i people/\(name) \\
                -o CertificateFile="$(ls \(certificate))" web1.example.org true </dev/null
            """)
        let log = try bench.text("sshd.log").split(whereSeparator: \.isNewline).map(String.init)
        return Login(
            isAccepted: login.status != .exited(255), log: log, errors: login.errors)
    }

    @Test(
        "a certificate of every kind of key lets its owner in, and sshd's line leads to the request"
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
            #expect(login.isAccepted, "\(name): \(login.errors)")
            let line = try #require(login.acceptance, "\(name): \(login.log)")
            let traced = try bench.run("conclave trace --home ca '\(line)'").lines
            #expect(traced.first == "user certificate \(place + 1) of users@example.org")
            #expect(traced.contains("    asked by   \(name)@example.org"))
        }
    }

    @Test(
        "the revoked and the unlisted stay out, and a host without its certificate is not trusted")
    func refused() throws {
        for name in ["alice", "bob"] { try bench.ask(name) }
        try bench.askForHost("web1")
        try bench.holdCeremony(1)
        try bench.run(
            "conclave revoke --home ca --authority users@example.org --serial 1 --reason 'laptop lost'"
        )
        try bench.approve(2, .olivia, .pierre)
        try bench.sign(2)
        try install("outbox/conclave-0002")
        #expect(try logIn("bob").isAccepted)
        let revoked = try logIn("alice")
        #expect(!revoked.isAccepted && revoked.acceptance == nil)
        #expect(revoked.log.contains { $0.contains("revoked by file") }, "\(revoked.log)")

        let principals = "outbox/conclave-0002/sshd/auth_principals/\(account)"
        try bench.run("grep -v bob \(principals) >listed && cp listed \(principals)")
        let unlisted = try logIn("bob")
        #expect(!unlisted.isAccepted && unlisted.acceptance == nil)

        try bench.run("sed -i '/^HostCertificate/d' sshd_config")
        let unknown = try logIn("bob")
        #expect(!unknown.isAccepted)
        #expect(unknown.errors.contains("Host key verification failed"), "\(unknown.errors)")
    }

    @Test("what the spare keys sign is trusted by hosts and clients that got nothing new")
    func spareKeys() throws {
        try bench.ask("alice")
        try bench.askForHost("web1")
        try bench.holdCeremony(1)
        try install()
        try bench.takeAway("demo")
        try bench.ask("bob")
        try bench.run(
            "conclave intake --home ca --spool spool && "
                + "conclave batch new --home ca --key users-spare.pub && conclave batch new "
                + "--home ca --rotate --within 60d --key hosts-spare.pub")
        for batch in [2, 3] {
            try bench.approve(batch, .olivia, .pierre)
            try bench.sign(batch)
        }
        let bob = try logIn("bob", by: "conclave-0002")
        #expect(bob.isAccepted, "\(bob.errors)")
        let line = try #require(bob.acceptance)
        #expect(line.contains(try bench.fingerprint("users-spare.pub")), "\(line)")
        #expect(
            try bench.run("conclave trace --home ca '\(line)'").lines.contains {
                $0.hasPrefix("    token      pkcs11:token=spare;")
            })

        try bench.run("cp outbox/conclave-0003/certificates/host/*-cert.pub hosts/web1-cert.pub")
        let host = try bench.certificate("hosts/web1-cert.pub")
        #expect(
            host["Signing CA"]?.contains(try bench.fingerprint("hosts-spare.pub")) == true)
        #expect(try logIn("alice").isAccepted)
    }

    @Test("options in a certificate hold: a forced command, and a source that this one is not")
    func options() throws {
        try bench.ask("alice", "-t ed25519", "--option 'force-command=echo forced'")
        try bench.ask("bob", "-t ed25519", "--option source-address=192.0.2.0/24")
        try bench.askForHost("web1")
        try bench.holdCeremony(1)
        try install()
        let forced = try logIn("alice")
        #expect(
            forced.log.contains {
                $0.hasPrefix("Starting session: forced-command (key-option) 'echo forced'")
            }, "\(forced.log)")
        // A connection over standard streams has no address: no source is the one that is allowed.
        #expect(try !logIn("bob").isAccepted)
    }

    /// Makes a certificate with the CA key on the token, past every rule, and leaves it for a person.
    private func forge(_ name: String, _ options: String) throws {
        let people = bench.directory.path + "/people"
        try bench.run(
            """
            cp $(ls outbox/conclave-0001/certificates/user/*-\(name)-cert.pub) kept.pub
            ssh-keygen -q -P "$(cat pin)" -s users.pub -D $MODULE \(options) \(people)/\(name).pub
            cp \(people)/\(name)-cert.pub $(ls outbox/conclave-0001/certificates/user/*-\(name)-cert.pub)
            """)
    }

    @Test("a log of sshd's is judged: what the CA key signed outside a ceremony is found")
    func judgedLog() throws {
        for name in ["alice", "bob"] { try bench.ask(name) }
        try bench.askForHost("web1")
        try bench.holdCeremony(1)
        try install()
        var log: [String] = []
        for name in ["alice", "bob"] { log += try logIn(name).log }
        let sound = log
        try bench.directory.write("sound.log", sound.joined(separator: "\n") + "\n")
        let quiet = try bench.run("conclave trace --home ca --log sound.log").lines
        #expect(quiet.count == 1)
        let count = sound.count { $0.contains("(serial ") }
        #expect(count >= 4)
        #expect(
            quiet.first
                == "\(sound.count) lines, \(count) of them about certificates: \(count) as the ledger "
                + "has it, 0 not")
        let every = try bench.run("conclave trace --home ca --log - --all <sound.log").lines
        #expect(every.count { $0.hasPrefix("line ") } == count)

        // A serial that nobody gave, and bob's own serial for another certificate of his key.
        try forge("alice", "-I alice@example.org/staff/9 -n alice -z 9 -V always:forever")
        log += try logIn("alice").log
        try forge("bob", "-I root -n bob,alice -z 2 -V always:forever")
        let forged = try logIn("bob")
        #expect(forged.isAccepted, "\(forged.errors)")
        log += forged.log
        try bench.directory.write("sshd.log", log.joined(separator: "\n") + "\n")
        let found = try bench.refuse(2, "conclave trace --home ca --log sshd.log").lines
        #expect(
            found.contains("  serial 9 of users@example.org, key ID \"alice@example.org/staff/9\""))
        #expect(
            found.contains(
                "  ! the ledger has no certificate with serial 9 of users@example.org: no batch ever "
                    + "had it (LOG-SERIAL)"))
        #expect(
            found.contains(
                "  ! it is not the certificate that the ledger has under serial 2 of "
                    + "users@example.org: key ID \"root\", not \"bob@example.org/staff/2\" "
                    + "(LOG-CERTIFICATE)"))
        #expect(found.contains { $0.contains(": accepted \"\(account)\"") })
        let json = try bench.refuse(2, "conclave trace --home ca --log sshd.log --json").lines
        #expect(json.last?.contains("\"sound\":\(count),") == true)
        #expect(json.contains { $0.contains("\"rule\":\"LOG-CERTIFICATE\"") })
        #expect(
            try bench.refuse(3, "conclave trace --home ca people/alice-cert.pub").lines.last
                == "  a certificate that is not in the ledger was not issued by this home")
        #expect(
            try bench.run("conclave trace --home ca kept.pub").lines.first
                == "user certificate 2 of users@example.org")
    }

    @Test(
        "a log's certificates are judged by its own times: after their end, after their revocation")
    func judgedTimes() throws {
        try bench.ask("alice")
        try bench.askForHost("web1")
        try bench.holdCeremony(1)
        try install()
        let line = try #require(try logIn("alice").acceptance)
        let header = "2099-01-01T00:00:00Z web1 sshd-session[7]: "
        try bench.directory.write("late.log", header + line + "\n")
        let late = try bench.refuse(2, "conclave trace --home ca --log late.log").lines
        #expect(late.first?.hasPrefix("line 1, 2099-01-01T00:00:00Z, \"web1\": accepted ") == true)
        #expect(late.contains { $0.hasSuffix("(LOG-VALIDITY)") })
        try bench.run(
            "conclave revoke --home ca --authority users@example.org --serial 1 --reason 'laptop lost'"
        )
        try bench.approve(2, .olivia, .pierre)
        try bench.sign(2)
        try bench.directory.write("bare.log", line + "\n")
        let revoked = try bench.refuse(2, "conclave trace --home ca --log bare.log").lines
        #expect(
            revoked.map(\.withoutTimes).contains(
                "  ! serial 1 is revoked in revocation list version 1 of TIME (LOG-REVOKED)"))
        let stamp = try bench.run("date -u -d '1 hour ago' '+%b %e %H:%M:%S'").lines[0]
        try bench.directory.write("before.log", "\(stamp) web1 sshd[7]: \(line)\n")
        let before = try bench.attempt("conclave trace --home ca --log before.log --all").lines
        #expect(
            before.map(\.withoutTimes).contains(
                "  serial 1 is revoked in revocation list version 1 of TIME, after this line"))
    }
}
