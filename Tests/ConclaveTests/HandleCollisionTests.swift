// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

/// A look-up table in which each handle leads to every entry, as though all shared their 64 bits.
@Suite("A look-up table that leads to too much")
struct HandleCollisionTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench.founded()
        try bench.ask("alice")
        try bench.askForHost("web1")
        try bench.holdCeremony(1)
        try bench.ask("bob")
        try bench.holdCeremony(2)
        try bench.ask("carol")
        try bench.run("sed s/carol/mallory/ spool/carol.req >spool/mallory.req")
        try bench.refuse(3, "conclave intake --home ca --spool spool")
        // What is left in the spool is refused once more, under its own name, and then never again.
        try bench.refuse(3, "conclave intake --home ca --spool spool")
    }

    private func collide() throws {
        try bench.run(
            """
            python3 -c '
            import sqlite3
            db = sqlite3.connect("ca/ledger.sqlite")
            db.execute("INSERT OR IGNORE INTO handle_0 SELECT DISTINCT h.name, h.value, e.idx FROM handle h, entry e")
            db.commit()
            '
            """)
    }

    @Test("every command compares what it finds with what it was asked for")
    func sameAnswers() throws {
        func id(_ kind: String) throws -> String {
            let line =
                "conclave ledger show --home ca | grep ' \(kind) ' | sed 's/.* //' | tail -n 1"
            return try #require(try bench.run(line).lines.first)
        }
        let commands = [
            "trace --home ca 1", "trace --home ca 'users@example.org 2'",
            "trace --home ca alice@example.org/staff/1", "trace --home ca people/bob.pub",
            "trace --home ca \(try id("request"))", "trace --home ca --log logins",
            "ledger prove --home ca --serial 2 --authority users@example.org",
            "batch list --home ca", "batch show \(try id("batch").prefix(9)) --home ca",
            "batch show 1 --home ca", "report 1 --home ca", "radar --home ca",
            "intake --home ca --spool spool",
        ]
        let log =
            try "Accepted publickey for bob from ::1 port 2 ssh2: ED25519-CERT "
            + "\(bench.fingerprint("people/bob.pub")) ID bob@example.org/staff/2 (serial 2) "
            + "CA ECDSA \(bench.fingerprint("users.pub"))"
        try bench.run("echo '\(log)' >logins")
        func answers() throws -> [String] {
            try commands.map { command in
                let answer = try bench.attempt("conclave \(command)")
                return "\(command)\n\(answer.status)\n\(answer.all.withoutTimes)"
                    .replacing(#/in \d+d/#, with: "in DAYS")
            }
        }
        let before = try answers()
        try collide()
        for (before, after) in zip(before, try answers()) { #expect(before == after) }
        let faults = try bench.refuse(2, "conclave ledger verify --home ca").errors
        #expect(faults.contains("which does not have it"))
        #expect(before.filter { $0.contains("\n  revoked      no ") }.count >= 4)
    }
}
