// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats

/// What a home in memory knows of its past, found by looking at every entry.
extension MemoryLedger {
    /// What the ledger has before an entry.
    public func past(before base: UInt64) -> HomePast {
        HomePast(
            admission: { (id) throws(Violations) in
                for entry in entries.prefix(Int(base)) where entry.kind == .request {
                    if try RequestRecord(entry).request == id { return entry.index }
                }
                return nil
            },
            request: { (index) throws(Violations) in
                let record = try RequestRecord(entries[Int(index)])
                return try HomeState.AdmittedEntry(
                    record, file: contents[record.file] ?? [], entry: index)
            })
    }

    /// The certificates, in the order of the ledger.
    public var issued: [IssuedEntry] {
        entries.compactMap { entry in
            guard entry.kind == .issued, let record = try? IssuedRecord(entry) else { return nil }
            return IssuedEntry(entry: entry.index, record: record)
        }
    }

    /// The past as radar and rotation ask for it.
    public var radarPast: RadarPast {
        let issued = issued
        let state = state
        return RadarPast(
            ending: { kind, times, body in
                let ending = issued.filter { $0.fields.kind == kind && times.contains($0.end) }
                for entry in ending.sorted(by: { $0.end < $1.end }) { try body(entry) }
            },
            certificatesOfKey: { key in issued.filter { $0.fields.publicKey == key } },
            certificatesForPrincipals: { names in
                issued.filter { Set($0.fields.validPrincipals) == Set(names) }
            },
            prove: { _ in },
            requests: { ids, body in for id in ids { try body(state.requests[id]?.request) } },
            lastCeremony: { key in
                for batch in state.batches.reversed() {
                    guard let opened = batch.opened else { continue }
                    if batch.devices.contains(where: { $0.device.publicKey == key }) {
                        return (batch.number, opened.time)
                    }
                }
                return nil
            },
            lastApproval: { key in
                state.batches.last { $0.approvals.contains { $0.approval.key == key } }
                    .map { ($0.number, $0.manifest.header.created) }
            },
            release: { version in
                guard version > 0, let batch = state.batches.last(where: { $0.releasedList })
                else { return nil }
                return (batch.closed?.time ?? batch.opened?.time).map { (batch.number, $0) }
            })
    }
}
