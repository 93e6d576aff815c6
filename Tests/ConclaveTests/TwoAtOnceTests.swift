// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("Two processes with one home")
struct TwoAtOnceTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench.founded()
        for name in ["alice", "bob"] { try bench.ask(name) }
        try bench.draft()
        try bench.approve(1, .olivia, .pierre)
        try bench.ask("carol")
    }

    /// The commands that read, each to a file of its name.
    private static let readers = """
        conclave trace --home ca 1 >trace-read || [ $? = 3 ]
        conclave radar --home ca >radar-read || [ $? = 2 ]
        conclave ledger show --home ca >show-read
        conclave ledger checkpoint --home ca >checkpoint-read
        conclave batch list --home ca >list-read
        conclave batch show --home ca 1 >batch-read
        conclave ledger verify --home ca >verify-read
        rm -rf export-read && conclave ledger export --home ca export-read >/dev/null
        """

    @Test("while a ceremony waits, all who would write are told by whom, and all who read can")
    func besideOneThatWaits() throws {
        let told = try bench.run(
            """
            mkfifo pins
            conclave sign --home ca 1 --module $MODULE --outbox outbox --seal-with officers/quinn \\
                --pin-fd 3 3<>pins >waiting 2>&1 &
            holder=$!
            while ! grep -qs '^token' waiting; do kill -0 $holder; sleep 0.05; done
            # Stopped, it holds whatever it holds.
            kill -STOP $holder
            refuse() { "$@" 2>>refusals >/dev/null && exit 9; [ $? = 1 ]; }
            refuse conclave intake --home ca --spool spool
            refuse conclave batch new --home ca
            refuse conclave approve --home ca 1 --key officers/quinn
            refuse conclave reject --home ca 1 --key officers/quinn --reason no
            refuse conclave batch abandon --home ca 1 --reason no
            refuse conclave revoke --home ca --authority users@example.org --serial 1 --reason no
            refuse conclave sign --home ca 1 --module $MODULE --outbox outbox \\
                --seal-with officers/quinn --pin-fd 3 3<pin
            \(Self.readers)
            kill -CONT $holder
            cat pin >pins
            wait $holder
            echo $holder
            """)
        let holder = try #require(told.lines.last)
        let refusals = try bench.text("refusals").split(separator: "\n")
        let lock = "conclave: the home is in use by pid \(holder), program conclave sign, started "
        #expect(refusals.filter { $0.hasPrefix(lock) }.count == 7, "\(refusals)")
        #expect(refusals.count == 14)
        #expect(try bench.text("list-read").hasPrefix("1  "))
        #expect(try bench.text("verify-read").hasPrefix("the ledger is sound: "))
        #expect(try bench.run("cat waiting").output.contains("outbox/conclave-0001"))
        try bench.run("conclave ledger verify --home ca")
    }

    @Test("while a ceremony writes, those who read find the ledger sound, and do not disturb it")
    func besideOneThatWrites() throws {
        for name in ["dave", "erin", "frank", "grace"] { try bench.ask(name) }
        try bench.run("conclave intake --home ca --spool spool; conclave batch new --home ca")
        try bench.sign(1)
        try bench.approve(2, .olivia, .pierre)
        let rounds = try bench.run(
            """
            \(Workbench.sign) 2 --seal-with officers/quinn >signed 2>&1 &
            ceremony=$!
            rounds=0
            while [ $rounds -lt 6 ]; do
            \(Self.readers)
            rounds=$((rounds + 1))
            kill -0 $ceremony 2>/dev/null || break
            done
            wait $ceremony
            echo $rounds
            """)
        #expect((Int(rounds.lines.last ?? "") ?? 0) >= 1)
        try bench.run("conclave ledger verify --home ca && [ ! -e ca/ledger.sqlite-wal ]")
    }

    @Test(
        "a lock file that nobody holds means nothing, whomever it names",
        arguments: [
            "pid 1\nprogram conclave sign\nstarted 2026-01-01T00:00:00Z\n",
            "pid 4000000\nprogram conclave sign\nstarted 2099-01-01T00:00:00Z\n",
            "", "another machine's\n\u{1B}[2J\n",
        ])
    func staleLock(text: String) throws {
        let octal = text.utf8.map { "\\0\(String($0, radix: 8))" }.joined()
        try bench.run("printf '%b' '\(octal)' >ca/lock")
        try bench.run("conclave intake --home ca --spool spool")
        // The test's own shell is alive, and has its number; it does not hold the lock.
        try bench.run("printf 'pid %s\\nprogram conclave sign\\n' $$ >ca/lock")
        try bench.refuse(3, "conclave intake --home ca --spool spool")
    }
}
