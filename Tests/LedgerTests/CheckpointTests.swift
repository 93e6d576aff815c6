// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import SSHCrypto
import Testing

@Suite("a checkpoint")
struct CheckpointTests {
    private static let genesis = SHA256Digest(hashing: Array("genesis".utf8))
    private static let root = SHA256Digest(hashing: Array("root".utf8))
    private static let origin =
        "conclave/ledger/aeebad4a796fcc2e15dc4c6061b45ed9b373f26adfc798ca7d2d8cc58182718e"
    private static let rootText = "SBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I="

    private func faults(_ text: String) -> [String] {
        do {
            _ = try Checkpoint(parsing: Array(text.utf8))
            return []
        } catch {
            return error.all.map(\.description)
        }
    }

    @Test("it is written as three lines, and read again as what it was")
    func text() throws {
        let checkpoint = Checkpoint(genesis: Self.genesis, size: 12, root: Self.root)
        #expect(checkpoint.text == "\(Self.origin)\n12\n\(Self.rootText)\n")
        #expect(checkpoint.origin == Self.origin)
        #expect(try Checkpoint(parsing: checkpoint.bytes) == checkpoint)
    }

    @Test("the longest checkpoint is read")
    func longest() throws {
        let checkpoint = Checkpoint(genesis: Self.genesis, size: .max, root: Self.root)
        #expect(try Checkpoint(parsing: checkpoint.bytes) == checkpoint)
        #expect(checkpoint.bytes.count < Checkpoint.maximumBytes)
    }

    @Test("a ledger without entries has the empty root in its checkpoint and no other")
    func emptyLedger() throws {
        let empty = Checkpoint(genesis: Self.genesis, size: 0, root: MerkleTree.emptyRoot)
        #expect(try Checkpoint(parsing: empty.bytes) == empty)
        #expect(
            faults("\(Self.origin)\n0\n\(Self.rootText)\n") == [
                "line 3: the root is not that of a ledger without entries (CHECKPOINT-ROOT)"
            ])
    }

    @Test("every prefix of a checkpoint is refused")
    func prefixes() {
        let bytes = Checkpoint(genesis: Self.genesis, size: 12, root: Self.root).bytes
        for length in bytes.indices {
            #expect(throws: Violations.self) { try Checkpoint(parsing: Array(bytes[..<length])) }
        }
    }

    @Test(
        "a text of another form is refused",
        arguments: [
            "", "\n\n\n", "\(origin)\n12\n\(rootText)", "\(origin)\n12\n\(rootText)\n\n",
            "\(origin)\n12\n\(rootText)\nextension\n", "\n\(origin)\n12\n\(rootText)\n",
            "\(origin)\r\n12\r\n\(rootText)\r\n", "\(origin) \n12\n\(rootText)\n",
            "\(origin)\n 12\n\(rootText)\n", "\(origin)\n+12\n\(rootText)\n",
            "\(origin)\n\n\(rootText)\n", "\(origin)\n12\n\(rootText.dropLast())\n",
            "\(origin)\n12\n\(rootText.dropLast(2))p=\n", "\(origin)\n12\nAAAA\n",
        ])
    func forms(text: String) {
        #expect(throws: Violations.self) { try Checkpoint(parsing: Array(text.utf8)) }
    }

    @Test("all faults are told, with their lines")
    func allFaults() {
        #expect(
            faults("conclave/ledger/\(Self.genesis.hex.uppercased())\n012\nAA==\n") == [
                "line 1: origin \"conclave/ledger/"
                    + "AEEBAD4A796FCC2E15DC4C6061B45ED9B373F26ADFC798CA7D2D8CC58182718E\""
                    + " is not \"conclave/ledger/\" and a SHA-256 in lower-case hexadecimal digits"
                    + " (CHECKPOINT-ORIGIN)",
                "line 2: size \"012\" is not a decimal number below 2^64 (CHECKPOINT-FORM)",
                "line 3: root \"AA==\" is not a SHA-256 in padded Base64 (CHECKPOINT-FORM)",
            ])
        #expect(
            faults("one\ntwo\n") == [
                "a checkpoint is three lines ended by LF: origin, size, root in Base64"
                    + " (CHECKPOINT-FORM)"
            ])
        #expect(
            faults(String(repeating: "x", count: 257)) == [
                "257 bytes exceed the limit of 256 (DOC-SIZE)"
            ])
    }
}
