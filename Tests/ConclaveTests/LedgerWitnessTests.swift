// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("Officers as witnesses")
struct LedgerWitnessTests {
    private let bench: Workbench
    private let genesis: String
    private let size: Int

    init() throws {
        bench = try ExportedHome.bench()
        let lines = try bench.text("export/checkpoint").split(separator: "\n")
        genesis = String(lines[0].suffix(64))
        size = try #require(Int(lines[1]))
    }

    private static let witness = "conclave ledger witness --memory memory"

    @Test("the first checkpoint is taken of the home that is named, and a later one if it grew")
    func grows() throws {
        let unnamed = try bench.refuse(2, "\(Self.witness) export")
        #expect(
            unnamed.errors == """
                conclave: "memory" is not there: no checkpoint was seen before (WITNESS-HOME)
                  hint: for the first, name the home by its identity: --genesis HEX

                """)
        let first = try bench.run("\(Self.witness) export --genesis \(genesis)")
        #expect(first.lines.last == "seen before nothing; this is the first, and is remembered")
        try bench.run("cmp memory export/checkpoint")
        try bench.approve(4, .olivia, .pierre)
        try bench.sign(4)
        try bench.run("conclave ledger export --home ca later --sign-with officers/quinn")
        let second = try bench.run(
            "\(Self.witness) later --key officers/pierre --output later/checkpoint-2.sig")
        #expect(second.lines.contains("seen before \(size) entries, of the same history"))
        try bench.run("cmp memory later/checkpoint && conclave-verify ledger later >verdict")
        #expect(try bench.text("verdict").contains("signed by quinn and pierre"))
        try bench.run("\(ExportedHome.python) later")
        let again = try bench.refuse(
            1, "\(Self.witness) later --key officers/pierre --output later/checkpoint-2.sig")
        #expect(again.errors == "conclave: open \"later/checkpoint-2.sig\": File exists\n")
        let older = try bench.refuse(
            2, "\(Self.witness) export --key officers/pierre --output old.sig")
        #expect(older.errors.contains("the last were removed, or it is an older one (PROOF-HOLDS)"))
        #expect(try !bench.directory.names(in: ".").contains("old.sig"))
        try bench.run("cmp memory later/checkpoint")
    }

    @Test("a proof from the ledger does as well as an export")
    func proof() throws {
        try bench.run(
            """
            cp outbox/conclave-0001/audit/checkpoint.txt memory
            conclave ledger prove --home ca --from $(sed -n 2p memory) >growth
            \(Self.witness) growth --key officers/olivia --output signature
            cmp memory export/checkpoint
            printf 'olivia %s\\n' "$(cat officers/olivia.pub)" >allowed
            ssh-keygen -Y verify -f allowed -I olivia -n conclave-checkpoint-v1 -s signature <memory
            conclave ledger prove --home ca --from 3 >other
            """)
        let other = try bench.refuse(2, "\(Self.witness) other")
        #expect(other.errors.contains("the proof is from 3 entries on, the older checkpoint is of"))
    }

    @Test("a fork, a rewritten history, another home and forged tiles are not signed")
    func refusals() throws {
        let zero = String(repeating: "A", count: 43) + "="
        let sign = "--key officers/pierre --output signature"
        for (memory, message) in [
            (
                "conclave/ledger/\(genesis)\n\(size)\n\(zero)\n",
                "the ledger was forked (PROOF-HOLDS)"
            ),
            ("conclave/ledger/\(genesis)\n7\n\(zero)\n", "(PROOF-HOLDS)"),
            (
                "conclave/ledger/\(genesis.reversed().map { "\($0)" }.joined())\n7\n\(zero)\n",
                "(CHECKPOINT-ORIGIN)"
            ),
            ("nonsense\n", "(CHECKPOINT-FORM)"),
        ] {
            try bench.directory.write("memory", memory)
            let refused = try bench.refuse(2, "\(Self.witness) export \(sign)")
            #expect(refused.errors.contains(message), "\(refused.errors)")
            #expect(try bench.text("memory") == memory)
        }
        try bench.run(
            """
            cp outbox/conclave-0001/audit/checkpoint.txt memory
            dd if=/dev/zero of=export/tile/0/000.p/\(size) bs=32 count=2 conv=notrunc status=none
            """)
        let forged = try bench.refuse(2, "\(Self.witness) export \(sign)")
        #expect(forged.errors.contains("(PROOF-HOLDS)"))
        try bench.run("truncate -s 32 export/tile/0/000.p/\(size)")
        let cut = try bench.refuse(2, "\(Self.witness) export \(sign)")
        #expect(cut.errors.contains("has 32 bytes, not"))
        #expect(try !bench.directory.names(in: ".").contains("signature"))
        _ = try bench.refuse(64, "\(Self.witness) export --genesis 12")
        _ = try bench.refuse(64, "\(Self.witness) export --key officers/pierre")
    }

    @Test("a signature that is torn, or another key's, is not handed on; the memory stands")
    func wrongSignatures() throws {
        let sign = "\(Self.witness) export --key officers/pierre --output signature"
        try bench.run("cp outbox/conclave-0001/audit/checkpoint.txt memory && mkdir torn other")
        for (folder, script) in [
            ("torn", #"/usr/bin/ssh-keygen "$@" && truncate -s 100 "$text.sig""#),
            (
                "other",
                "/usr/bin/ssh-keygen -q -Y sign -f officers/olivia -n conclave-checkpoint-v1 "
                    + #""$text""#
            ),
        ] {
            try bench.directory.write(
                "\(folder)/ssh-keygen", "#!/bin/sh\nfor text; do :; done\n\(script)\n")
        }
        try bench.run("chmod +x torn/ssh-keygen other/ssh-keygen")
        let torn = try bench.refuse(3, "PATH=$PWD/torn:$PATH; \(sign)")
        #expect(torn.errors.contains("the signature cannot be read:"), "\(torn.errors)")
        let other = try bench.refuse(2, "PATH=$PWD/other:$PATH; \(sign)")
        #expect(
            other.errors.contains("the checkpoint was signed by another key than was named"),
            "\(other.errors)")
        #expect(try !bench.directory.names(in: ".").contains("signature"))
        try bench.run("cmp memory export/checkpoint && test ! -e memory.sig && \(sign)")
        try bench.run("cmp signature memory.sig")
    }

    @Test("a ledger that is not there is told as such")
    func missing() throws {
        let missing = try bench.refuse(1, "\(Self.witness) nowhere --genesis \(genesis)")
        #expect(missing.errors == "conclave: stat \"nowhere\": No such file or directory\n")
    }
}
