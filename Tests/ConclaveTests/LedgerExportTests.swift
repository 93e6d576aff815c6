// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("The export of a ledger")
struct LedgerExportTests {
    private let bench: Workbench
    private let genesis: String

    init() throws {
        bench = try ExportedHome.bench()
        genesis = try String(bench.text("export/checkpoint").dropFirst(16).prefix(64))
    }

    private static let export = "conclave ledger export --home ca"

    @Test("it holds checkpoint, signatures, tiles, entries, texts and proofs, and nothing else")
    func files() throws {
        let files = try bench.files(in: "export")
        let size = try bench.text("export/checkpoint").split(separator: "\n")[1]
        let issued = try bench.run(
            "conclave ledger show --home ca | grep -c '  issued  '"
        ).lines[0]
        #expect(
            files.filter { !$0.hasPrefix("contents/") && !$0.hasPrefix("proofs/") } == [
                "COMPLETE", "checkpoint", "checkpoint.sig", "entries/000.p/\(size)",
                "tile/0/000.p/\(size)",
            ])
        #expect(files.count { $0.hasPrefix("proofs/") } == Int(issued))
        #expect(try bench.text("export/COMPLETE") == "conclave-export: v1\n")
        try bench.run(
            "cd export/contents && for f in */*; do [ ${f#*/} = $(sha256sum <$f | cut -c1-64) ]; done"
        )
    }

    @Test(
        "the auditor's program finds it sound, by itself, pinned, and grown out of old checkpoints")
    func sound() throws {
        let alone = try bench.run("conclave-verify ledger export")
        #expect(
            alone.lines.last?.hasPrefix(
                "sound in itself, of a home that was not pinned: ledger of home")
                == true)
        let pinned = try bench.run(
            """
            conclave-verify ledger export --genesis \(genesis) \\
                --checkpoint outbox/conclave-0001/audit/checkpoint.txt --checkpoint export/checkpoint
            """)
        #expect(pinned.lines.last?.hasPrefix("sound: ledger of home \(genesis), ") == true)
        #expect(
            pinned.output.contains("ok    outbox/conclave-0001/audit/checkpoint.txt is of the same")
        )
        let json = try bench.run("conclave-verify ledger export --json --genesis \(genesis)").output
        #expect(json.contains("\"sound\": true"), "\(json)")
        let other = try bench.refuse(
            2, "conclave-verify ledger export --genesis \(String(genesis.reversed()))")
        #expect(other.output.contains("(VERIFY-HOME)"))
    }

    @Test(
        "nobody signs a tree that the entries do not give, nor one that another checkpoint denies")
    func contradicted() throws {
        let commands = [
            "\(Self.export) other --sign-with officers/quinn",
            "conclave ledger prove --home ca --entry 1", "conclave ledger checkpoint --home ca",
        ]
        try bench.run(
            """
            cp -a ca whole
            cat >node.py <<'END'
            import sys
            sys.path.insert(0, sys.argv[1])
            import ledger_texts
            db, triggers = ledger_texts.opened("ca/ledger.sqlite")
            db.execute("UPDATE node SET hash = zeroblob(32) WHERE level = 1 AND position = 0")
            ledger_texts.done(db, triggers)
            END
            python3 node.py $SOURCES/Tests/Support
            """)
        let node = try bench.refuse(2, commands[0])
        #expect(node.errors.contains("conclave: node "), "\(node.errors)")
        // The newest checkpoint is another than its sums, which officers signed, say it is.
        let newest = "ca/checkpoints/$(ls ca/checkpoints | grep 'txt$' | tail -n 1)"
        try bench.run(
            "rm -r ca && cp -a whole ca && sums=\(newest) && sums=${sums%.txt}.sums && "
                + "sed -i '/checkpoint.txt$/s/^.\\{8\\}/00000000/' $sums")
        for command in commands {
            let refused = try bench.refuse(2, command)
            #expect(
                refused.errors.contains(
                    "is not the checkpoint that stands in the sums beside it, which officers signed"
                ),
                "\(command): \(refused.errors)")
        }
        let verified = try bench.refuse(2, "conclave ledger verify --home ca")
        #expect(verified.errors.contains("the sums beside it"), "\(verified.errors)")
        let written = try bench.refuse(2, "conclave intake --home ca --spool spool")
        #expect(written.errors.contains("the sums beside it"), "\(written.errors)")
        // It is of another history.
        try bench.run("rm -r ca && cp -a whole ca && sed -i '3s/^..../AAAA/' \(newest)")
        for command in commands { try bench.refuse(2, command) }
        #expect(try !bench.files(in: ".").contains { $0.hasPrefix("other/") })
        try bench.run("rm -r ca && mv whole ca && \(commands[0])")
    }

    @Test("the verifier in Python finds the same, and takes old checkpoints as well")
    func soundForBoth() throws {
        let alone = try bench.run("\(ExportedHome.python) export")
        #expect(alone.output.hasPrefix("sound: "))
        #expect(alone.output.hasSuffix("home \(genesis), not pinned\n"))
        let all = try bench.run(
            """
            \(ExportedHome.python) export --genesis \(genesis) \\
                --checkpoint outbox/conclave-0001/audit/checkpoint.txt --checkpoint export/checkpoint
            """)
        #expect(all.output.hasSuffix(" 2 certificates, home \(genesis)\n"))
        let other = try bench.refuse(
            2, "\(ExportedHome.python) export --genesis \(String(genesis.reversed()))")
        #expect(other.output.hasPrefix("FAIL  entry 0: genesis is '\(genesis)', not '"))
        #expect(other.output.hasSuffix("\nNOT SOUND: 1 faults\n"))
        _ = try bench.refuse(2, "\(ExportedHome.python) nowhere")
    }

    @Test("both verifiers take armor whose lines end with CRLF, or whose last line does not end")
    func armorForms() throws {
        for command in ["sed -i 's/$/\\r/'", "truncate -s -1"] {
            try bench.run(
                """
                rm -rf other && cp -r export other && \(command) other/checkpoint.sig
                ! cmp -s export/checkpoint.sig other/checkpoint.sig
                conclave-verify ledger other --genesis \(genesis)
                \(ExportedHome.python) other --genesis \(genesis)
                """)
        }
    }

    @Test("it is exported byte for byte the same again, and nothing is ever overwritten")
    func deterministic() throws {
        try bench.run(
            "\(Self.export) again --sign-with officers/quinn && diff -r export again")
        let taken = try bench.refuse(1, "\(Self.export) export --sign-with officers/quinn")
        #expect(taken.errors == "conclave: mkdir \"./export\": File exists\n")
        try bench.run("mkdir note && echo mine >note/mine")
        _ = try bench.refuse(1, "\(Self.export) note --sign-with officers/quinn")
        #expect(try bench.files(in: "note") == ["mine"])
    }

    @Test("without enough signatures it is refused, and a later one completes it")
    func signatures() throws {
        let unsigned = try bench.run("\(Self.export) unsigned")
        #expect(unsigned.output.contains("signatures  0 of 1: verifiers refuse it"))
        let refused = try bench.refuse(2, "conclave-verify ledger unsigned")
        #expect(
            refused.output.contains("0 of 1 persons of the roster have signed it (VERIFY-SEAL)"))
        try bench.run(
            """
            ssh-keygen -q -Y sign -f officers/wim -n conclave-checkpoint-v1 unsigned/checkpoint
            conclave-verify ledger unsigned
            """)
        let stranger = try bench.refuse(3, "\(Self.export) other --sign-with people/alice")
        #expect(stranger.errors.contains("belongs to nobody on the roster"))
        #expect(try !bench.directory.names(in: ".").contains("other"))
    }

    @Test("what a crash left of one is removed by the next, and a strange directory is not")
    func leftover() throws {
        try bench.run(
            """
            mkdir -p .cut.partial/tile/0 && echo 'conclave-export: v1' >.cut.partial/INCOMPLETE
            echo x >.cut.partial/tile/0/000
            \(Self.export) cut --sign-with officers/quinn
            diff -r export cut
            """)
        try bench.run("mkdir .odd.partial && echo x >.odd.partial/mine")
        let odd = try bench.refuse(1, "\(Self.export) odd")
        #expect(odd.errors.contains("it stands in the way, and is no unfinished bundle"))
        #expect(try bench.text(".odd.partial/mine") == "x\n")
    }

    @Test(
        "killed at any step, the same command ends with the same export, and nothing else is left")
    func killed() throws {
        let told = try bench.run(
            """
            export LD_PRELOAD=$FAULTS
            CONCLAVE_FAULT_LOG=$PWD/calls CONCLAVE_FAULT=any:100000:kill \(Self.export) counted >out
            total=$(sed -n 's/^any //p' calls)
            unset CONCLAVE_FAULT_LOG
            rm -r counted
            point=1
            tried=0
            while [ $point -le $total ]; do
                status=0
                CONCLAVE_FAULT=any:$point:kill \(Self.export) killed >out 2>err || status=$?
                [ $status = 137 ]
                if [ ! -e killed/COMPLETE ]; then \(Self.export) killed >out; fi
                diff -r -x 'checkpoint*.sig' export killed >differs || { cat differs >&2; exit 9; }
                [ ! -e .killed.partial ]
                rm -r killed
                tried=$((tried + 1))
                point=$((point + (point < 8 || point > total - 8 ? 1 : 11)))
            done
            echo $tried of $total
            """)
        #expect(told.lines.last?.contains(" of ") == true)
    }

    @Test("a full disk, and one that gives back other bytes, leave no export")
    func faults() throws {
        for fault in ["write:3:ENOSPC", "mkdir:2:ENOSPC", "syncfs:1:EIO", "fsync:4:EIO"] {
            let failed = try bench.refuse(
                1, "LD_PRELOAD=$FAULTS CONCLAVE_FAULT=\(fault) \(Self.export) failed")
            #expect(failed.errors.contains("conclave: "), "\(failed.errors)")
            #expect(try !bench.directory.names(in: ".").contains("failed"), "\(fault)")
        }
        let other = try bench.refuse(
            1,
            """
            LD_PRELOAD=$FAULTS CONCLAVE_FAULT=write:20:short CONCLAVE_FAULT_PROGRAM=conclave \\
                \(Self.export) short --sign-with officers/quinn && diff -r export short && exit 1
            """)
        #expect(other.errors == "")
    }

    @Test("the commands on the page of the format check it without Conclave")
    func commandsOfThePage() throws {
        let page = String(
            decoding: try contents(ofFile: Programs.sources + "/Docs/Formats/LedgerExport.md"),
            as: UTF8.self)
        let scripts = page.split(separator: "```sh\n").dropFirst()
            .compactMap { $0.split(separator: "```").first }
        #expect(scripts.count == 2)
        let script = try #require(scripts.first)
        try bench.directory.write("check.sh", String(script))
        let told = try bench.run("cd export && sh -eu ../check.sh")
        #expect(told.output.contains("Good \"conclave-checkpoint-v1\" signature for quinn"))
        try bench.run(
            "sed -i 's/laptop lost/laptop gone/' export/contents/*/*; cp -r export altered")
        _ = try bench.refuse(1, "cd altered && sh -eu ../check.sh")
    }
}

/// A table with a home of two ceremonies, a refusal and a rejection, and the export of its ledger.
enum ExportedHome {
    /// The beginning of a line that runs the verifier in Python.
    static let python = "python3 $SOURCES/Ceremony/Verify/verify-ledger.py"

    /// A table of its own for each test; the home is made but once.
    static func bench() throws -> Workbench {
        try Workbench(unpacking: archive.get())
    }

    private static let archive: Result<[UInt8], any Error> = Result {
        let bench = try Workbench.founded()
        try bench.run(
            """
            echo junk >spool/eve.req
            conclave intake --home ca --spool spool || [ $? = 3 ]
            rm spool/eve.req
            """)
        try bench.ask("alice")
        try bench.askForHost("web1")
        try bench.holdCeremony(1)
        try bench.ask("bob")
        try bench.draft()
        try bench.run(
            "conclave reject --home ca 2 --reason 'bob is on leave' --key officers/pierre")
        try bench.run(
            "conclave revoke --home ca --authority users@example.org --serial 1 --reason 'laptop lost'"
        )
        try bench.approve(3, .olivia, .pierre)
        try bench.sign(3)
        try bench.run("conclave batch new --home ca")
        try bench.run("conclave ledger export --home ca export --sign-with officers/quinn")
        return try bench.packed()
    }
}
