// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("Proofs from a home's ledger")
struct LedgerProofTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench.founded()
        try bench.ask("alice")
        try bench.askForHost("web1")
        try bench.holdCeremony(1)
    }

    /// The Perl program that a format page hands to people who have no Conclave.
    private static func program(_ name: String) throws -> String {
        let page = String(
            decoding: try contents(ofFile: Programs.sources + "/Docs/Formats/Proof.md"),
            as: UTF8.self)
        let start = try #require(page.firstRange(of: "cat > \(name) <<'END'\n"))
        let rest = page[start.upperBound...]
        let end = try #require(rest.firstRange(of: "END\n"))
        return String(rest[..<end.lowerBound])
    }

    @Test("a certificate's proof holds by the program on the page, for its entry and no other")
    func inclusion() throws {
        try bench.directory.write("check.pl", try Self.program("check-inclusion.pl"))
        try bench.run(
            """
            conclave ledger prove --home ca --serial 1 --authority hosts@example.org >host.tlog-proof
            entry=$(sed -n 's/^index //p' host.tlog-proof)
            conclave ledger prove --home ca --entry $entry | cmp - host.tlog-proof
            mkdir entries
            cat outbox/conclave-0001/audit/entries/*.txt |
                csplit -s -z -f entries/ -n 8 - '/^conclave-entry: v1$/' '{*}'
            sed 2d host.tlog-proof >plain.tlog-proof
            for file in entries/*; do
                if [ "$(basename $file)" = "$(printf %08d $entry)" ]; then
                    grep -q '^authority: hosts@example.org$' $file
                    perl check.pl plain.tlog-proof $file
                    perl check.pl host.tlog-proof | cmp - $file
                else
                    ! perl check.pl plain.tlog-proof $file 2>>others
                fi
            done
            cmp host.tlog-proof \
                outbox/conclave-0001/certificates/host/000001-web1.example.org-cert.tlog-proof
            tail -n 3 host.tlog-proof | cmp - outbox/conclave-0001/audit/checkpoint.txt
            """)
        #expect(try bench.text("others").contains("not in this ledger\n"))
    }

    @Test("the ledger after another ceremony is the one before, grown")
    func growth() throws {
        try bench.directory.write("check.pl", try Self.program("check-growth.pl"))
        try bench.ask("bob")
        try bench.holdCeremony(2)
        try bench.run(
            """
            old=outbox/conclave-0001/audit/checkpoint.txt
            conclave ledger prove --home ca --from $(sed -n 2p $old) >growth
            perl check.pl growth $old
            tail -n 3 growth | cmp - outbox/conclave-0002/audit/checkpoint.txt
            conclave ledger prove --home ca --from 1 --size 2 >small
            [ "$(sed -n '/^conclave/{n;p;}' small)" = 2 ]
            """)
    }

    @Test("what the ledger does not have cannot be proven, and half a question is no question")
    func refusals() throws {
        let size = try bench.run("conclave ledger checkpoint --home ca").lines[1]
        let entry = try bench.refuse(3, "conclave ledger prove --home ca --entry \(size)")
        #expect(
            entry.errors
                == "conclave: there is no entry \(size); the ledger has \(size) (LEDGER-UNKNOWN)\n")
        let shown = try bench.refuse(3, "conclave ledger show --home ca \(size)")
        #expect(shown.errors == entry.errors)
        let serial = try bench.refuse(
            3, "conclave ledger prove --home ca --serial 9 --authority hosts@example.org")
        #expect(
            serial.errors == """
                conclave: serial 9 of hosts@example.org: the ledger has no such certificate \
                (LEDGER-UNKNOWN)

                """)
        let from = try bench.refuse(3, "conclave ledger prove --home ca --from 999")
        #expect(
            from.errors
                == "conclave: the ledger has \(size) entries, not 999 (LEDGER-UNKNOWN)\n")
        _ = try bench.refuse(1, "conclave ledger prove --home nowhere --from 1")
        for half in ["", "--serial 1", "--entry 1 --from 1", "--authority hosts@example.org"] {
            _ = try bench.refuse(64, "conclave ledger prove --home ca \(half)")
        }
    }
}
