// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("A whole ceremony")
struct CeremonyTests {
    /// A kind of subject key: what makes it, and what `ssh-keygen -L` calls its certificate.
    struct Subject {
        let name: String
        let kind: String
        let type: String
        let publicKey: String
    }

    private static let subjects = [
        Subject(name: "alice", kind: "-t rsa -b 3072", type: "ssh-rsa", publicKey: "RSA"),
        Subject(
            name: "bob", kind: "-t ecdsa -b 256", type: "ecdsa-sha2-nistp256", publicKey: "ECDSA"),
        Subject(
            name: "carol", kind: "-t ecdsa -b 384", type: "ecdsa-sha2-nistp384", publicKey: "ECDSA"),
        Subject(
            name: "dave", kind: "-t ecdsa -b 521", type: "ecdsa-sha2-nistp521", publicKey: "ECDSA"),
        Subject(name: "erin", kind: "-t ed25519", type: "ssh-ed25519", publicKey: "ED25519"),
        Subject(
            name: "frank", kind: "-t ecdsa-sk", type: "sk-ecdsa-sha2-nistp256",
            publicKey: "ECDSA-SK"),
        Subject(
            name: "grace", kind: "-t ed25519-sk", type: "sk-ssh-ed25519", publicKey: "ED25519-SK"),
    ]

    @Test("ssh-keygen lists a certificate of every kind of subject key as it was asked for")
    func everySubjectKey() throws {
        let bench = try Workbench.founded()
        for subject in Self.subjects { try bench.ask(subject.name, subject.kind) }
        try bench.holdCeremony(1)

        let authority = try bench.fingerprint("users.pub")
        for (place, subject) in Self.subjects.enumerated() {
            let serial = place + 1
            let listing = try bench.certificate(
                "outbox/conclave-0001/certificates/user/00000\(serial)-\(subject.name)-cert.pub")
            let key = try bench.fingerprint("people/\(subject.name).pub")
            #expect(listing["Type"] == "\(subject.type)-cert-v01@openssh.com user certificate")
            #expect(listing["Public key"] == "\(subject.publicKey)-CERT \(key)")
            #expect(listing["Signing CA"] == "ECDSA \(authority) (using ecdsa-sha2-nistp256)")
            #expect(
                listing["Key ID"] == "\"\(subject.name)@example.org/staff/\(serial)\"")
            #expect(listing["Serial"] == "\(serial)")
            #expect(listing.list("Principals") == [subject.name])
            #expect(listing.list("Critical Options") == [])
            #expect(listing.list("Extensions") == ["permit-pty"])
        }
    }

    @Test(
        "a CA key of each kind signs for users and for hosts",
        arguments: [
            ("ecdsa-p256", "ECDSA", "ecdsa-sha2-nistp256"),
            ("ecdsa-p384", "ECDSA", "ecdsa-sha2-nistp384"),
            ("ecdsa-p521", "ECDSA", "ecdsa-sha2-nistp521"),
            ("rsa-3072", "RSA", "rsa-sha2-512"),
            ("ed25519", "ED25519", "ssh-ed25519"),
        ])
    func everyAuthorityKey(kind: String, name: String, algorithm: String) throws {
        let bench = try Workbench.founded(HomePlan(userKey: kind, hostKey: kind))
        try bench.ask("alice", "-t ed25519", "--option source-address=10.0.0.0/8,::1/128")
        try bench.askForHost("web1")
        try bench.holdCeremony(1)

        let user = try bench.certificate(
            "outbox/conclave-0001/certificates/user/000001-alice-cert.pub")
        #expect(
            user["Signing CA"]
                == "\(name) \(try bench.fingerprint("users.pub")) (using \(algorithm))")
        #expect(user["Type"] == "ssh-ed25519-cert-v01@openssh.com user certificate")
        #expect(user.list("Critical Options") == ["source-address 10.0.0.0/8,::1/128"])

        let host = try bench.certificate(
            "outbox/conclave-0001/certificates/host/000001-web1.example.org-cert.pub")
        #expect(
            host["Signing CA"]
                == "\(name) \(try bench.fingerprint("hosts.pub")) (using \(algorithm))")
        #expect(host["Type"] == "ssh-ed25519-cert-v01@openssh.com host certificate")
        #expect(host["Key ID"] == "\"web1.example.org/1\"")
        #expect(host.list("Principals") == ["web1.example.org"])
        #expect(host.list("Extensions") == [])
        try bench.run("conclave ledger verify --home ca")
    }

    @Test("validity and its backdating are those of request and profile")
    func validity() throws {
        let bench = try Workbench.founded()
        try bench.ask("alice", "-t ed25519", "--validity 12h")
        try bench.ask("bob", "-t ed25519", "--validity 30d")
        try bench.askForHost("web1")
        try bench.holdCeremony(1)
        let lengths = try ["user/000001-alice", "user/000002-bob", "host/000001-web1.example.org"]
            .map { name -> Int in
                let path = "outbox/conclave-0001/certificates/\(name)-cert.pub"
                let words = try #require(try bench.certificate(path)["Valid"])
                    .split(separator: " ")
                let script = "echo $(($(date -d \(words[3]) +%s) - $(date -d \(words[1]) +%s)))"
                return try #require(try bench.run(script).lines.first.flatMap { Int($0) })
            }
        let backdate = 300
        #expect(lengths == [43_200 + backdate, 2_592_000 + backdate, 2_419_200 + backdate])
    }

    @Test("officers and witnesses sign the bundle, and as many as the roster says")
    func bundleSignatures() throws {
        let bench = try Workbench.founded(HomePlan(bundleSignatures: 2))
        try bench.ask("alice")
        try bench.draft()
        try bench.approve(1, .olivia, .pierre)

        let alone = try bench.refuse(3, "\(Workbench.sign) 1 --seal-with officers/quinn")
        #expect(
            alone.errors == """
                conclave: bundle signature: 1 of 2 persons are there to sign the bundle (BUNDLE-SIGNATURES)
                  hint: add --seal-with KEY for an officer or witness who is there

                """)
        try bench.makeKey("eve")
        let stranger = try bench.refuse(
            3, "\(Workbench.sign) 1 --seal-with officers/quinn --seal-with eve")
        #expect(
            stranger.errors == """
                conclave: bundle signature: key \(try bench.fingerprint("eve.pub")) belongs to nobody on the roster (APPROVAL-STRANGER)
                  hint: seal with the key of an officer or witness

                """)
        #expect(try bench.files(in: "outbox") == [])

        try bench.run("\(Workbench.sign) 1 --seal-with officers/quinn --seal-with officers/wim")
        for (name, suffix) in [("quinn", ""), ("wim", "-2")] {
            let verified = try bench.run(
                """
                cd outbox/conclave-0001
                sed 's/^/\(name) /' ../../officers/\(name).pub >../../allowed
                ssh-keygen -Y verify -f ../../allowed -I \(name) -n conclave-bundle-v1 \\
                    -s SHA256SUMS\(suffix).sig <SHA256SUMS
                """)
            #expect(verified.output.hasPrefix("Good \"conclave-bundle-v1\" signature for \(name)"))
        }
    }

    @Test("the tier of enforcement stands on every screen and report")
    func tierOfEnforcement() throws {
        let tier = "T1: this program counts the officers, and one PIN opens the token"
        let bench = try Workbench()
        try bench.makeToken("demo")
        try bench.draftHome(HomePlan())
        try bench.run("conclave init --home ca --key officers/olivia")
        try bench.run("conclave init --home ca --key officers/pierre")
        #expect(try bench.run("conclave init --home ca --key officers/quinn").output.contains(tier))
        try bench.ask("alice")
        try bench.draft()
        for line in [
            "conclave approve --home ca 1 --key officers/olivia",
            "conclave approve --home ca 1 --key officers/pierre",
            "conclave batch show --home ca 1",
            "\(Workbench.sign) 1 --seal-with officers/quinn",
            "cat outbox/conclave-0001/report.txt",
        ] {
            #expect(try bench.run(line).output.contains(tier), "\(line)")
        }
    }

    @Test("a ceremony without a terminal writes plain lines, and no escape sequences")
    func plainOutput() throws {
        let bench = try Workbench.founded()
        try bench.ask("alice")
        try bench.draft()
        try bench.approve(1, .olivia, .pierre)
        let ceremony = try bench.sign(1)
        #expect(!ceremony.all.contains("\u{1B}") && !ceremony.all.contains("\r"))
        #expect(
            ceremony.lines.map { $0.prefix { $0 != " " } } == [
                "batch", "enforcement", "approved", "token", "anchor", "signed", "bundle", "ledger",
            ])
    }
}
