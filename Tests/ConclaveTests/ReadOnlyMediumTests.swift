// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("A home on a medium that cannot be written")
struct ReadOnlyMediumTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench.founded()
        try bench.ask("alice")
    }

    /// What to put before a command to which the home stands on such a medium.
    private static let onMedium = "\"$SOURCES\"/Tests/Support/read-only.sh ca"
    private let seal = Officer.quinn.seal

    @Test("it is read as any other")
    func read() throws {
        try bench.holdCeremony(1)
        for command in [
            "trace --home ca alice", "trace --home ca 1", "ledger show --home ca 2",
            "ledger verify --home ca", "ledger checkpoint --home ca", "batch list --home ca",
            "batch show --home ca 1", "report --home ca 1", "ledger prove --home ca --entry 3",
        ] {
            let plain = try bench.run("conclave \(command)")
            let there = try bench.run("\(Self.onMedium) conclave \(command)")
            #expect(there.output == plain.output, "\(command)")
            #expect(there.errors == plain.errors, "\(command)")
        }
        let radar = try bench.run("\(Self.onMedium) conclave radar --home ca")
        #expect(radar.output.contains("alice"), "\(radar.output)")
        let export = "conclave ledger export --home ca"
        try bench.run("\(export) plain --sign-with officers/quinn")
        try bench.run("\(Self.onMedium) \(export) there --sign-with officers/quinn")
        try bench.run("diff -r plain there")
        #expect(try bench.files(in: "ca").filter { $0.hasPrefix("ledger.sqlite-") } == [])
    }

    @Test("what a killed command left in the log is read with the index of the log, or not at all")
    func log() throws {
        try bench.draft()
        try bench.approve(1, .olivia, .pierre)
        _ = try bench.attempt(
            "CONCLAVE_FAULT=fdatasync:4:kill LD_PRELOAD=$FAULTS \(Workbench.sign) 1 \(seal)")
        #expect(try bench.run("stat -c %s ca/ledger.sqlite-wal").lines != ["0"])
        let plain = try bench.run("cp -a ca copy && conclave ledger checkpoint --home copy")
        let checkpoint = "\(Self.onMedium) conclave ledger checkpoint --home ca"
        #expect(try bench.run(checkpoint).output == plain.output)

        let refused = try bench.refuse(1, "mv ca/ledger.sqlite-shm index && \(checkpoint)")
        #expect(
            refused.errors == """
                conclave: ledger "ca/ledger.sqlite": what was recorded last is in its log, -wal, which \
                cannot be read in a directory that cannot be written
                  hint: copy the ledger with its -wal to a folder that can be written, and read it there

                """)
        try bench.sign(1)
        try bench.run("conclave ledger verify --home ca")
    }

    @Test("every command that writes is refused, and says why")
    func write() throws {
        try bench.draft()
        try bench.approve(1, .olivia)
        try bench.run("cp -a ca before")
        for command in [
            "conclave intake --home ca --spool spool", "conclave batch new --home ca",
            "conclave approve --home ca 1 --key officers/pierre",
            "conclave reject --home ca 1 --key officers/pierre --reason x",
            "conclave revoke --home ca --authority users@example.org --serial 1 --reason x",
            "conclave recover --home ca outbox", "\(Workbench.sign) 1 \(seal)",
            "conclave batch new-epoch --home ca --reason x",
        ] {
            let refused = try bench.refuse(1, "\(Self.onMedium) \(command)")
            #expect(
                refused.errors == """
                    conclave: open "ca/lock": Read-only file system
                      hint: it is mounted read-only, perhaps after an error (see dmesg); mount it for \
                    writing, then give the same command again

                    """, "\(command)")
        }
        #expect(try bench.files(in: "outbox") == [])
        try bench.run("diff -r before ca")
        try bench.approve(1, .pierre)
        try bench.sign(1)
    }

    @Test("an outbox on such a medium is refused before anything is signed")
    func outbox() throws {
        try bench.draft()
        try bench.approve(1, .olivia, .pierre)
        let sign = "\(Workbench.sign) 1 \(seal)"
        let listed = "conclave ledger checkpoint --home ca"
        let before = try bench.run(listed).output
        let refused = try bench.refuse(1, "\"$SOURCES\"/Tests/Support/read-only.sh outbox \(sign)")
        #expect(
            refused.errors == """
                conclave: write to "outbox": Read-only file system
                  hint: it is mounted read-only, perhaps after an error (see dmesg); mount it for \
                writing, then give the same command again

                """)
        let forbidden = try bench.refuse(1, "chmod 0500 outbox; $HUMBLY \(sign)")
        #expect(forbidden.errors == "conclave: write to \"outbox\": Permission denied\n")
        #expect(try bench.run(listed).output == before)
        try bench.run("chmod 0700 outbox")
        try bench.sign(1)
    }
}
