// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("Revoking")
struct RevocationTests {
    private let bench: Workbench
    private static let certificates = "outbox/conclave-0001/certificates/user/00000"

    init() throws {
        bench = try Workbench.founded()
        for name in ["alice", "bob", "carol", "dave"] { try bench.ask(name) }
        try bench.holdCeremony(1)
    }

    /// Revokes in a batch of its own, which is carried out.
    private func revoke(_ batch: Int, _ options: String) throws {
        try bench.run(
            "conclave revoke --home ca --authority users@example.org --reason 'läptop lost' \(options)"
        )
        try bench.approve(batch, .olivia, .pierre)
        try bench.run("\(Workbench.sign) \(batch) --seal-with officers/quinn")
    }

    /// The names of those whose certificates ssh-keygen finds revoked by the list of a batch.
    private func revoked(by batch: Int) throws -> [String] {
        let list = "outbox/conclave-000\(batch)/trust/revoked_keys.krl"
        return try ["1-alice", "2-bob", "3-carol", "4-dave"].compactMap { name in
            let query = try bench.attempt(
                "ssh-keygen -Q -f \(list) \(Self.certificates)\(name)-cert.pub")
            let isRevoked = query.output.contains("REVOKED")
            #expect(query.status == .exited(isRevoked ? 1 : 0), "\(query.all)")
            return isRevoked ? String(name.dropFirst(2)) : nil
        }
    }

    @Test(
        "a serial, serials, a key ID and a key: ssh-keygen finds these certificates revoked, and no others"
    )
    func everyTarget() throws {
        #expect(try revoked(by: 1) == [])
        try revoke(2, "--serial 2")
        #expect(try revoked(by: 2) == ["bob"])
        try revoke(3, "--serials 3-4")
        #expect(try revoked(by: 3) == ["bob", "carol", "dave"])
        try revoke(4, "--key-id alice@example.org/staff/1")
        #expect(try revoked(by: 4) == ["alice", "bob", "carol", "dave"])

        let list = try bench.run("conclave krl show outbox/conclave-0004/trust/revoked_keys.krl")
        let key = try bench.fingerprint("users.pub")
        #expect(list.lines[0] == "version    3")
        #expect(
            list.lines.dropFirst(3) == [
                "of CA key  \(key) (ecdsa-sha2-nistp256)", "  serials  2-4",
                "  key ID   \"alice@example.org/staff/1\"",
            ])
        let trace = try bench.run("conclave trace --home ca 'users@example.org 2'").output
        #expect(trace.contains("revoked      yes, by batch 2: serial 2, \"läptop lost\""))
        try bench.run("conclave ledger verify --home ca")
        for number in 1...4 { try bench.run("conclave-verify bundle outbox/conclave-000\(number)") }
    }

    @Test("a key is revoked with all its certificates, and gets no new one")
    func key() throws {
        try revoke(2, "--key people/carol.pub --key people/alice.pub")
        #expect(try revoked(by: 2) == ["alice", "carol"])
        let plain = try bench.attempt(
            "ssh-keygen -Q -f outbox/conclave-0002/trust/revoked_keys.krl people/carol.pub")
        #expect(plain.output.contains("REVOKED"))
        try bench.run(
            "conclave request new --authority users@example.org --profile staff --principal carol "
                + "--key people/carol --output spool/carol.req")
        let refused = try bench.refuse(3, "conclave intake --home ca --spool spool")
        #expect(
            refused.output == """
                refused   carol.req
                  key \(try bench.fingerprint("people/carol.pub")) was revoked (KEY-REVOKED)
                    hint: make a new key
                0 admitted, 1 refused

                """)
    }

    @Test("a key that is revoked after its batch was drafted stops that batch")
    func overtaken() throws {
        try bench.ask("erin")
        try bench.draft()
        try bench.approve(2, .olivia, .pierre)
        try revoke(3, "--key people/erin.pub")
        let refused = try bench.refuse(3, "\(Workbench.sign) 2 --seal-with officers/quinn")
        #expect(
            refused.errors == """
                conclave: batch 2: item 1: key \(try bench.fingerprint("people/erin.pub")) was revoked by batch 3 since the batch was drafted (BATCH-OVERTAKEN)
                  hint: reject this batch and draft a new one

                """)
    }

    @Test("of two lists drafted beside one another the second is out of date, and says so")
    func twoLists() throws {
        for serial in 1...2 {
            try bench.run(
                "conclave revoke --home ca --authority users@example.org --reason x --serial \(serial)"
            )
            try bench.approve(serial + 1, .olivia, .pierre)
        }
        try bench.sign(2)
        let refused = try bench.refuse(3, "\(Workbench.sign) 3 --seal-with officers/quinn")
        #expect(
            refused.errors == """
                conclave: batch 3: item 2: revocation list version 1 does not follow version 1 (BATCH-OVERTAKEN)
                  hint: another batch released a list since; draft a new batch

                """)
    }

    @Test("what cannot be revoked is refused and changes nothing")
    func refused() throws {
        let never = "serial 5 of users@example.org was never given; the next is 5"
        let before = try bench.run("conclave ledger checkpoint --home ca").output
        for (options, message, rule) in [
            ("--serial 4 --serial 5", never, "REVOCATION-TARGET"),
            ("--serials 2-5", never, "REVOCATION-TARGET"),
            (
                "--key-id nobody", "no certificate of users@example.org has the key ID \"nobody\"",
                "REVOCATION-TARGET"
            ),
            ("--serial 1 --reason ''", "field \"reason\" cannot hold \"\"", "DOC-VALUE"),
            (
                "--serial 1 --reason 'a\nb'", "field \"reason\" cannot hold \"a\\u{A}b\"",
                "DOC-VALUE"
            ),
            (
                "--serial 1 --authority nobody@example.org",
                "authority \"nobody@example.org\" is not one of this home's", "POLICY-AUTHORITY"
            ),
        ] {
            let defaults =
                (options.contains("--reason") ? "" : "--reason lost ")
                + (options.contains("--authority") ? "" : "--authority users@example.org ")
            let refused = try bench.refuse(3, "conclave revoke --home ca \(defaults)\(options)")
            #expect(
                refused.errors.hasPrefix("conclave: \(message) (\(rule))\n"),
                "\(options): \(refused.errors)")
        }
        for options in ["--serial 0", "--serials 2-1", "--serials 0-1", "--serials 1", ""] {
            try bench.refuse(
                64, "conclave revoke --home ca --authority users@example.org --reason x \(options)")
        }
        #expect(try bench.run("conclave ledger checkpoint --home ca").output == before)
    }

    @Test("a CA key is not revoked like any other")
    func authorityKey() throws {
        let refused = try bench.refuse(
            3,
            "conclave revoke --home ca --authority users@example.org --reason x --key users.pub")
        #expect(
            refused.errors == """
                conclave: key \(try bench.fingerprint("users.pub")) is a CA key; retiring one takes more than a revocation (REVOCATION-TARGET)

                """)
    }
}
