// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("An authority with two CA keys")
struct SpareKeyTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench.foundedWithSpare()
        try bench.ask("alice")
        try bench.askForHost("web1")
    }

    private func line(_ name: String) throws -> String {
        let words = try bench.text("\(name).pub").split(separator: " ")
        return "\(words[0]) \(words[1])"
    }

    /// The CA key that ssh-keygen finds in a certificate.
    private func signer(_ path: String) throws -> String {
        let listing = try bench.certificate("outbox/\(path)")
        return String(listing["Signing CA"]?.split(separator: " ")[1] ?? "")
    }

    @Test("both are published from the first day, and the first one signs")
    func published() throws {
        try bench.holdCeremony(1)
        let (first, spare) = (try line("users"), try line("users-spare"))
        for file in ["user_ca_keys.pub", "users_example.org.pub"] {
            let keys = try bench.text("outbox/conclave-0001/trust/\(file)").split(separator: "\n")
            #expect(
                keys.map { $0.split(separator: " ").prefix(2).joined(separator: " ") } == [
                    first, spare,
                ])
        }
        #expect(
            try signer("conclave-0001/certificates/user/000001-alice-cert.pub")
                == bench.fingerprint("users.pub"))
        let verified = try bench.run("conclave-verify bundle outbox/conclave-0001")
        #expect(
            verified.lines.contains(
                "ok    the trust files hold the CA keys of the genesis and no others"))
    }

    @Test("the authorities are shown with every key and token, and with the key that signs next")
    func shown() throws {
        let tokens = try ["users", "users-spare", "hosts"].map {
            try #require(try bench.text("\($0).token").value(after: "token: "))
        }
        let keys = try ["users", "users-spare", "hosts"].map { try bench.fingerprint("\($0).pub") }
        let shown = try bench.run("conclave authority show --home ca")
        #expect(
            shown.lines == [
                "users@example.org, for users, next serial 1",
                "  \(keys[0]) (ecdsa-p256), signs next", "    on       \(tokens[0])",
                "  \(keys[1]) (ed25519), spare", "    on       \(tokens[1])",
                "hosts@example.org, for hosts, next serial 1",
                "  \(keys[2]) (ed25519), signs next", "    on       \(tokens[2])",
            ])
        let objects = try bench.run("conclave authority show --home ca --json").lines
        #expect(objects.count == 3)
        #expect(objects[1].contains("\"standing\":\"spare\""), "\(objects)")
    }

    @Test(
        "a batch is drafted for the other key, named by its fingerprint, the beginning of it, or its file",
        arguments: ["fingerprint", "prefix", "file"])
    func chosen(by form: String) throws {
        let fingerprint = try bench.fingerprint("users-spare.pub")
        let names = [
            "fingerprint": fingerprint, "prefix": "\(fingerprint.dropFirst(7).prefix(6))",
            "file": "users-spare.pub",
        ]
        let name = try #require(names[form])
        try bench.takeAway("demo")
        try bench.run("rm spool/web1.req && conclave intake --home ca --spool spool")
        let drafted = try bench.run("conclave batch new --home ca --key '\(name)'")
        #expect(
            drafted.lines.contains {
                $0.hasPrefix("CA key:      users@example.org signs with \(fingerprint), pkcs11:")
            }, "\(drafted.output)")
        try bench.approve(1, .olivia, .pierre)
        try bench.sign(1)
        #expect(
            try signer("conclave-0001/certificates/user/000001-alice-cert.pub") == fingerprint)
        try bench.run("conclave-verify bundle outbox/conclave-0001")
        try bench.run("conclave ledger verify --home ca")
    }

    @Test(
        "a name that fits no key, two keys or two of one authority is refused, with those there are"
    )
    func refused() throws {
        try bench.run("conclave intake --home ca --spool spool")
        let users = try bench.fingerprint("users.pub")
        let spare = try bench.fingerprint("users-spare.pub")
        let hosts = try bench.fingerprint("hosts.pub")
        let hint =
            "  hint: users@example.org has \(users) (ecdsa-p256), \(spare) (ed25519); "
            + "hosts@example.org has \(hosts) (ed25519)\n"
        func told(_ options: String) throws -> String {
            try bench.refuse(3, "conclave batch new --home ca \(options)").errors
        }
        #expect(
            try told("--key SHA256:AAAAAAAA")
                == "conclave: --key: \"SHA256:AAAAAAAA\" is no CA key of this home (KEY-CHOICE)\n"
                + hint)
        #expect(
            try told("--key SHA256:AAAAA")
                == "conclave: --key: \"SHA256:AAAAA\" is too short for the beginning of a "
                + "fingerprint, which takes 6 characters (KEY-CHOICE)\n" + hint)
        let stranger = try bench.fingerprint("people/alice.pub")
        #expect(
            try told("--key people/alice.pub")
                == "conclave: --key: key \(stranger) is no CA key of this home (KEY-CHOICE)\n"
                + hint)
        #expect(
            try told("--key users.pub --key users-spare.pub")
                == "conclave: --key: \(users) and \(spare) are both keys of users@example.org; one "
                + "signs for it in a batch (KEY-CHOICE)\n" + hint)
        #expect(
            try bench.run("conclave batch list --home ca").output == "no batch was drafted yet\n")
    }

    @Test(
        "a batch whose token died before its ceremony is rejected, and drafted anew for the other")
    func rejected() throws {
        try bench.draft()
        try bench.approve(1, .olivia, .pierre)
        try bench.takeAway("demo")
        let missing = try bench.refuse(1, "\(Workbench.sign) 1 \(Officer.quinn.seal)")
        #expect(missing.errors.hasPrefix("conclave: no token matches"), "\(missing.errors)")
        let early = try bench.refuse(3, "conclave batch abandon --home ca 1 --reason dead")
        #expect(
            early.errors == """
                conclave: batch 1: the ceremony of batch 1 has not begun (ABANDON-TARGET)
                  hint: one officer can stop the batch: conclave reject 1 --reason TEXT

                """)
        try bench.run(
            "conclave reject --home ca 1 \(Officer.olivia.key) --reason 'the token is dead'")
        try bench.run("conclave batch new --home ca --limit 1 --key users-spare.pub")
        try bench.approve(2, .olivia, .pierre)
        try bench.sign(2)
        #expect(
            try signer("conclave-0002/certificates/user/000002-alice-cert.pub")
                == bench.fingerprint("users-spare.pub"))
    }
}
