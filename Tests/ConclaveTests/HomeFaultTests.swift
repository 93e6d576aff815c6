// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("A home that cannot be worked with")
struct HomeFaultTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench.founded()
        try bench.ask("alice")
        try bench.draft()
    }

    private static let approve = "conclave approve --home ca 1 --key officers/olivia"

    @Test("no home, and a home that is a file")
    func noHome() throws {
        let nowhere = """
            conclave: there is no home at "nowhere"
              hint: make one with: conclave init; one that was lost, of its bundles: conclave recover

            """
        for command in [
            "intake --spool spool", "batch list", "batch new", "ledger verify", "trace 1",
            "approve 1 --key officers/olivia",
        ] {
            #expect(try bench.refuse(1, "conclave \(command) --home nowhere").errors == nowhere)
        }
        let file = try bench.refuse(1, "conclave batch list --home policy.yaml")
        #expect(file.errors.hasPrefix("conclave: there is no home at \"policy.yaml\"\n"))
        // What can't be looked for may be there all the same.
        let long = String(repeating: "x", count: 300)
        for command in ["batch list", "ledger verify", "ledger show", "intake --spool spool"] {
            let unseen = try bench.refuse(1, "conclave \(command) --home \(long)")
            #expect(
                unseen.errors
                    == "conclave: access \"\(long)/ledger.sqlite\": File name too long\n")
        }
    }

    @Test("an outbox that is a file is said to be none, before anybody is asked for a PIN")
    func outbox() throws {
        try bench.approve(1, .olivia, .pierre)
        for (outbox, reason) in [
            ("policy.yaml", "Not a directory"), ("nowhere", "No such file or directory"),
        ] {
            let refused = try bench.refuse(
                1,
                "conclave sign --home ca 1 --module $MODULE --outbox \(outbox) "
                    + "--seal-with officers/quinn </dev/null")
            #expect(refused.errors == "conclave: open \"\(outbox)\": \(reason)\n")
        }
    }

    @Test("a date that there is not is wrong usage", arguments: ["2026-02-30", "", "now"])
    func date(_ date: String) throws {
        let refused = try bench.refuse(
            64, "conclave intake --home ca --spool spool --today '\(date)'")
        #expect(refused.errors.contains("\"\(date)\" is not a date such as 2027-03-01\n"))
    }

    @Test("a path that is not UTF-8 is refused as such, not said to be missing")
    func strangeBytes() throws {
        let strange = try bench.refuse(
            64, #"mv ca "$(printf 'ca\377')"; conclave batch list --home "$(printf 'ca\377')""#)
        #expect(
            strange.errors
                == "conclave: argument 4 is not UTF-8, as every path and name given here must be\n")
    }

    @Test("a home in use is told by whom; looking at it is free, and a killed user leaves no lock")
    func inUse() throws {
        try bench.approve(1, .olivia, .pierre)
        // A ceremony that waits for its PIN, with the home's lock in its hands.
        let told = try bench.run(
            """
            mkfifo pins
            conclave sign --home ca 1 --module $MODULE --outbox outbox --seal-with officers/quinn \\
                --pin-fd 3 3<>pins >waiting 2>&1 &
            holder=$!
            while ! grep -qs '^token' waiting; do kill -0 $holder; sleep 0.05; done
            conclave intake --home ca --spool spool && exit 9
            [ $? = 1 ]
            conclave batch list --home ca >listed
            kill -9 $holder
            wait $holder || :
            echo $holder
            """)
        let holder = try #require(told.lines.last)
        #expect(
            told.refusal.hasPrefix(
                """
                conclave: the home is in use by pid \(holder), program conclave sign, started TIME
                  hint: wait until it has finished, or end it

                """))
        #expect(try bench.text("listed").hasPrefix("1  "))
        try bench.sign(1)
    }

    @Test("a home and a ledger that may not be written")
    func readOnly() throws {
        let listed = try bench.run("chmod 0500 ca; $HUMBLY conclave batch list --home ca")
        #expect(listed.output.hasPrefix("1  "))
        let ledger = try bench.refuse(
            1, "chmod 0700 ca; chmod 0400 ca/ledger.sqlite; $HUMBLY \(Self.approve)")
        #expect(
            ledger.errors.hasSuffix(
                """
                conclave: ledger "ca/ledger.sqlite" cannot be written
                  hint: make file and folder writable for this user; see also whether the disk is

                """))
        let lock = try bench.refuse(1, "chmod 0400 ca/lock; $HUMBLY \(Self.approve)")
        #expect(lock.errors.hasSuffix("conclave: open \"ca/lock\": Permission denied\n"))
        let home = try bench.refuse(
            1, "chmod 0600 ca/lock ca/ledger.sqlite; chmod 0500 ca; $HUMBLY \(Self.approve)")
        #expect(
            home.errors.contains(
                "conclave: ledger \"ca/ledger.sqlite\" is in a directory that cannot be written\n"))
        try bench.run("chmod 0700 ca; chmod -R u+w ca; \(Self.approve)")
    }

    @Test("a ledger of a later program is not touched")
    func newerVersion() throws {
        let refused = try bench.refuse(
            1,
            """
            printf '\\0\\0\\0\\011' | dd of=ca/ledger.sqlite bs=1 seek=60 conv=notrunc status=none
            sha256sum ca/ledger.sqlite >sum
            \(Self.approve)
            """)
        #expect(
            refused.errors
                == """
                conclave: ledger "ca/ledger.sqlite" has format version 9; this program knows 2 (LEDGER-VERSION)
                  hint: use the program that wrote it, or a later one

                """
        )
        try bench.run("sha256sum -c --quiet sum")
    }

    @Test(
        "an entry that was altered is found when the home is opened, and named by the verification")
    func alteredEntry() throws {
        try bench.approve(1, .olivia)
        let alter = """
            python3 $SOURCES/Tests/Support/ledger_texts.py ca/ledger.sqlite entry \
                'officer: olivia' 'officer: pierre'
            """
        let verified = try bench.refuse(2, "\(alter)\nconclave ledger verify --home ca")
        #expect(
            verified.errors.hasPrefix(
                "conclave: entry 3: its text does not have the hash that is stored with it\n"))
        for command in ["batch list", "approve 1 --key officers/pierre", "trace 1"] {
            let opened = try bench.refuse(2, "conclave \(command) --home ca")
            #expect(opened.errors.contains("conclave: entry 3 is damaged: "), "\(opened.errors)")
        }
    }

    @Test("a text that was altered is found by its digest")
    func alteredContent() throws {
        let altered = try bench.refuse(
            2,
            """
            python3 $SOURCES/Tests/Support/ledger_texts.py ca/ledger.sqlite content \
                'principal: alice' 'principal: Alice'
            conclave ledger verify --home ca
            """)
        // And nothing else: what its entry is found by is in the text, and is not held against it.
        let lines = altered.errors.split(separator: "\n").map(String.init)
        #expect(
            lines.first?.wholeMatch(
                of: #/conclave: content [0-9a-f]{64}: its bytes have another digest/#) != nil,
            "\(lines)")
        #expect(
            lines.dropFirst() == [
                "  hint: copy the home as it is, and keep the copy; go on from a backup, and take "
                    + "back what bundles have: conclave recover --home ca BUNDLE…"
            ])
    }

    @Test("a ledger that was cut off, emptied, or replaced by something else")
    func damagedFile() throws {
        for (damage, message) in [
            ("truncate -s -4096 ca/ledger.sqlite", "ledger \"ca/ledger.sqlite\" is cut off: "),
            (
                "truncate -s 0 ca/ledger.sqlite",
                "ledger \"ca/ledger.sqlite\" is empty: its making was interrupted (LEDGER-FILE)\n"
            ),
            ("cp policy.yaml ca/ledger.sqlite", "\"ca/ledger.sqlite\" is not a ledger: "),
            (
                "dd if=/dev/urandom of=ca/ledger.sqlite bs=4096 seek=2 count=3 conv=notrunc status=none",
                "ledger \"ca/ledger.sqlite\""
            ),
        ] {
            let opened = try bench.refuse(
                2,
                """
                [ -e whole ] || cp ca/ledger.sqlite whole
                cp whole ca/ledger.sqlite
                \(damage)
                conclave batch list --home ca
                """)
            #expect(opened.errors.hasPrefix("conclave: \(message)"), "\(opened.errors)")
            let verified = try bench.refuse(2, "conclave ledger verify --home ca")
            #expect(!verified.errors.isEmpty)
        }
    }

    @Test("a ledger whose log was taken away, or that was put back, is found by its lock file")
    func missingLog() throws {
        let damaged = """
            conclave: the ledger has 4 entries, and had 5 when it was last written: the last were removed, or its log, or an older copy was put in its place (LEDGER-MARK)
              hint: copy the home as it is; put back what was taken from it, the ledger's log (-wal) first; or take back what bundles have: conclave recover --home ca BUNDLE…; what no bundle has, a quorum gives up: conclave batch new-epoch

            """
        try bench.approve(1, .olivia)
        // It is killed when its approval is on the disk, in the log alone.
        let approve = "conclave approve --home ca 1 --key officers/pierre"
        try bench.run(
            """
            cp ca/ledger.sqlite before
            LD_PRELOAD=$FAULTS CONCLAVE_FAULT_PROGRAM=conclave CONCLAVE_FAULT=fdatasync:4:kill \(approve) || :
            [ -s ca/ledger.sqlite-wal ] && cmp ca/ledger.sqlite before
            rm -rf whole && cp -a ca whole
            conclave batch list --home ca >listed
            cmp ca/ledger.sqlite-wal whole/ledger.sqlite-wal
            """)
        for damage in ["rm ca/ledger.sqlite-*", "truncate -s 0 ca/ledger.sqlite-wal"] {
            let refused = try bench.refuse(
                2,
                """
                rm -rf ca && cp -a whole ca
                \(damage)
                rm -rf damaged && cp -a ca damaged
                \(Self.approve)
                """)
            #expect(refused.errors == damaged)
            try bench.run("cmp ca/ledger.sqlite damaged/ledger.sqlite")
        }
        try bench.run("rm -rf ca && cp -a whole ca && rm -f ca/ledger.sqlite-shm")
        try bench.run("conclave ledger verify --home ca; conclave batch show --home ca 1 >shown")
        #expect(try bench.text("shown").contains("pierre"))
        try bench.refuse(4, "conclave intake --home ca --spool spool")
        try bench.run("[ ! -e ca/ledger.sqlite-wal ]")
        #expect(
            try bench.refuse(2, "cp before ca/ledger.sqlite; \(Self.approve)").errors == damaged)
    }

    @Test("a signal that interrupts the making of a ledger does not stop it")
    func interruptedFounding() throws {
        try bench.run(
            """
            rm -r ca
            CONCLAVE_FAULT_UNDER=$PWD/ca.genesis/home/ledger.sqlite CONCLAVE_FAULT=open:1:EINTR \\
                CONCLAVE_FAULT_FIRED=$PWD/fired LD_PRELOAD=$FAULTS conclave init --home ca --key officers/quinn
            """)
        #expect(try bench.text("fired").hasPrefix("open "))
        #expect(try bench.run("conclave ledger checkpoint --home ca").output.contains("\n1\n"))
    }

    @Test("a full disk loses nothing, and the same command goes on when there is room")
    func fullDisk() throws {
        let before = try bench.run("conclave ledger checkpoint --home ca").output
        let preload = "LD_PRELOAD=$FAULTS CONCLAVE_FAULT"
        let full = try bench.refuse(1, "\(preload)=pwrite:1+:ENOSPC \(Self.approve)")
        #expect(
            full.errors.hasSuffix(
                """
                conclave: ledger "ca/ledger.sqlite": no room is left on its disk
                  hint: make room there, then give the same command again

                """),
            "\(full.errors)")
        #expect(try bench.run("conclave ledger checkpoint --home ca").output == before)
        let beside = try bench.refuse(
            1,
            "CONCLAVE_FAULT_UNDER=$PWD/ca/ledger.sqlite-shm \(preload)=open:1:ENOSPC \(Self.approve)"
        )
        #expect(
            beside.errors.hasSuffix(
                """
                conclave: ledger "ca/ledger.sqlite": its files beside it, -wal and -shm, cannot be opened or made
                  hint: see whether there is room and the disk is mounted for writing, then give the same command again

                """), "\(beside.errors)")
        try bench.approve(1, .olivia, .pierre)
        let outbox = try bench.refuse(
            1, "\(preload)=mkdir:1+:ENOSPC \(Workbench.sign) 1 --seal-with officers/quinn")
        #expect(
            outbox.errors.hasSuffix(
                """
                No space left on device
                  hint: make room there, then give the same command again

                """), "\(outbox.errors)")
        #expect(try bench.files(in: "outbox") == [])
        try bench.sign(1)
        try bench.run("conclave ledger verify --home ca")
    }

    @Test("what a crash left is removed, and what it kept from being written is written")
    func leftovers() throws {
        let approved = try bench.run(
            """
            touch ca/.conclave-1-0.tmp ca/batches/.conclave-23-1.tmp
            rm ca/batches/0001.batch
            \(Self.approve)
            """)
        #expect(
            approved.errors.contains(
                "a manifest was missing and is written again: ca/batches/0001.batch\n"))
        #expect(try bench.files(in: "ca").filter { $0.hasSuffix(".tmp") } == [])
        try bench.run("conclave batch show ca/batches/0001.batch")
    }

    @Test("a clock before the last entry, and one too far ahead of it")
    func clock() throws {
        func at(_ seconds: Int) -> String {
            "LD_PRELOAD=$CLOCK CONCLAVE_CLOCK=\(seconds) conclave intake --home ca --spool spool"
        }
        let day = 86_400
        let behind = try bench.refuse(3, at(-3600))
        #expect(
            behind.refusal == """
                conclave: the clock says TIME, before the last ledger entry, TIME (CLOCK-BEHIND)
                  hint: set the clock of this machine

                """)
        let ahead = try bench.refuse(3, at(90 * day + 60))
        #expect(
            ahead.refusal == """
                conclave: the clock says TIME, more than 90d after the last ledger entry, TIME (CLOCK-AHEAD)
                  hint: set the clock of this machine; or, if it is right, confirm today's date with --today YYYY-MM-DD, which is recorded

                """)
        _ = try bench.refuse(3, at(90 * day + 60) + " --today 2020-01-01")
        try bench.refuse(4, at(90 * day - 60))
    }

    @Test("batches, approvals and the outbox know the time: a batch expires")
    func expiry() throws {
        func at(_ seconds: Int, _ line: String) -> String {
            "export LD_PRELOAD=$CLOCK CONCLAVE_CLOCK=\(seconds); \(line)"
        }
        let lifetime = 7 * 86_400
        try bench.approve(1, .olivia)
        try bench.run(at(lifetime - 60, "conclave approve --home ca 1 --key officers/pierre"))
        let expired = """
            conclave: batch 1 expired TIME; it is TIME (BATCH-EXPIRED)
              hint: draft a new batch; its requests are free again

            """
        for line in [
            "\(Workbench.sign) 1 --seal-with officers/quinn",
            "conclave approve --home ca 1 --key officers/quinn",
        ] {
            #expect(try bench.refuse(3, at(lifetime + 60, line)).refusal == expired)
        }
        let list = try bench.run(at(lifetime + 60, "conclave batch list --home ca"))
        #expect(list.output.contains("  expired, 1 item, 2 approvals, "))
        try bench.run(at(lifetime + 60, "conclave batch new --home ca"))
        let fresh = try bench.run(at(lifetime + 60, "conclave batch list --home ca --json")).lines
        #expect(fresh.count == 2 && fresh[1].contains("\"phase\":\"gathering\",\"items\":1"))
    }

    @Test("a ceremony that began before its batch expired is finished afterwards")
    func outageBeyondExpiry() throws {
        try bench.approve(1, .olivia, .pierre)
        let sign = "\(Workbench.sign) 1 --seal-with officers/quinn"
        // Its first synced write is the opening; what follows does not happen.
        let killed = try bench.attempt(
            "LD_PRELOAD=$FAULTS CONCLAVE_FAULT=mkdir:1:kill \(sign)")
        #expect(killed.status == .exited(137) || killed.status == .signaled(9))
        try bench.run(
            "export LD_PRELOAD=$CLOCK CONCLAVE_CLOCK=\(8 * 86_400); \(sign)")
        let handedOut = try bench.files(in: "outbox/conclave-0001/certificates")
        #expect(handedOut.filter { $0.hasSuffix("-cert.pub") }.count == 1)
    }
}
