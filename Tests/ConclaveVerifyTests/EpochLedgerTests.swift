// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import SSHCrypto
import Testing

@testable import conclave_verify

@Suite("What entries tell of epochs")
struct EpochLedgerTests {
    private static let last: UInt64 = 281_474_976_710_655

    private func text(_ ledger: EpochLedger) throws -> String {
        var writer = DocumentWriter(kind: "state")
        writer.field("batches", "1")
        ledger.write(to: &writer)
        ledger.write("a", to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test("serials without a certificate are kept in stretches, and end with the epoch's last")
    func stretches() throws {
        var ledger = EpochLedger()
        for serial: UInt64 in 1...6 { ledger.draft(serial, "a") }
        #expect(ledger.givenUp("a", next: 7, before: 1) == ["a 1-\(Self.last)"])
        for serial: UInt64 in [1, 3, 6, 9] { ledger.settle(serial, "a") }
        #expect(ledger.givenUp("a", next: 7, before: 1) == ["a 2", "a 4-5", "a 7-\(Self.last)"])
        #expect(ledger.givenUp("b", next: 1, before: 1) == ["b 1-\(Self.last)"])
        #expect(ledger.givenUp("b", next: Self.last, before: 1) == ["b \(Self.last)"])
        #expect(
            ledger.givenUp("b", next: Self.last + 2, before: 2)
                == ["b 281474976710657-562949953421311"])
        #expect(ledger.givenUp("b", next: 3, before: 3) == ["b 3-844424930131967"])
        #expect(
            try text(ledger)
                == "conclave-state: v1\nbatches: 1\nunissued: 2\nunissued: 4-5\n")
        for serial: UInt64 in [2, 4, 5] { ledger.settle(serial, "a") }
        #expect(ledger.unissued["a"]?.isEmpty == true)
    }

    @Test(
        "an entry that begins an epoch is read whole, or refused",
        arguments: [
            ("", nil), ("epoch: 1\n", "field \"epoch\" is missing (DOC-MISSING)"),
            ("next-serial: 281474976710657\n", "field \"next-serial\" is missing (DOC-MISSING)"),
            ("authority: users@example.org\n", "field \"authority\" is missing (DOC-MISSING)"),
        ] as [(String, String?)])
    func entry(without line: String, fault: String?) throws {
        let batch = SHA256Digest(hashing: [1])
        var draft = EntryDraft(.epoch)
        draft.field("batch", batch.hex)
        draft.block()
        for (name, value) in [
            ("authority", "users@example.org"), ("epoch", "1"),
            ("next-serial", "281474976710657"),
        ] where "\(name): \(value)\n" != line { draft.field(name, value) }
        let entry = try draft.entry(index: 7, time: UnixTime(seconds: 1_795_000_000))
        do throws(Violations) {
            guard case .epoch(let named, let epochs) = try AuditRecord(entry) else {
                Issue.record("it is no epoch")
                return
            }
            #expect(fault == nil && named == batch)
            #expect(
                epochs == [
                    .init(
                        authority: "users@example.org", epoch: 1, nextSerial: 281_474_976_710_657)
                ])
        } catch {
            #expect(fault.map { "\(error)".contains($0) } == true, "\(error)")
        }
    }
}
