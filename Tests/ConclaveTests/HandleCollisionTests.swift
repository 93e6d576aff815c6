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
            db.execute("INSERT OR IGNORE INTO handle SELECT DISTINCT h.name, h.value, e.idx FROM handle h, entry e")
            db.commit()
            '
            """)
    }

    @Test("every command compares what it finds with what it was asked for")
    func sameAnswers() throws {
        let ids = try bench.run(
            "conclave ledger show --home ca | grep ' request \\| batch ' | sed 's/.* //'"
        )
        .lines
        #expect(ids.count >= 6)
        var commands = [
            "trace --home ca 1", "trace --home ca 'users@example.org 2'",
            "trace --home ca alice@example.org/staff/1", "trace --home ca people/bob.pub",
            "ledger prove --home ca --serial 2 --authority users@example.org",
            "ledger prove --home ca --serial 1 --authority hosts@example.org",
            "batch list --home ca", "batch show 1 --home ca", "batch show 2 --home ca",
            "report 1 --home ca", "radar --home ca",
            "trace --home ca --log logins", "intake --home ca --spool spool",
        ]
        commands += ids.flatMap { id in
            ["trace --home ca \(id)", "batch show \(id.prefix(9)) --home ca"]
        }
        let log =
            try "Accepted publickey for bob from ::1 port 2 ssh2: ED25519-CERT "
            + "\(bench.fingerprint("people/bob.pub")) ID bob@example.org/staff/2 (serial 2) "
            + "CA ECDSA \(bench.fingerprint("users.pub"))"
        try bench.run("echo '\(log)' >logins")
        func answers() throws -> [String] {
            try commands.map { command in
                let answer = try bench.attempt("conclave \(command)")
                return "\(command)\n\(answer.status)\n\(answer.all.withoutTimes)"
            }
        }
        let before = try answers()
        try collide()
        for (before, after) in zip(before, try answers()) { #expect(before == after) }
        let faults = try bench.refuse(2, "conclave ledger verify --home ca").errors
        #expect(faults.contains("which does not have it"))
        #expect(before.filter { $0.contains("\n  revoked      no ") }.count >= 5)
    }
}
