// SPDX-License-Identifier: Apache-2.0
public import Ceremony
import Documents
import Ledger
import LedgerStore
import SSHCrypto
import SSHFormats

/// What radar and rotation find in the ledger, by its look-up table and entry by entry.
extension Home {
    /// The past as they ask for it.
    ///
    /// A table that lacks a row hides what the row led to; `conclave ledger verify` finds that.
    public var radarPast: RadarPast {
        RadarPast(
            ending: { kind, times, body in
                let name: LedgerHandle.Name = kind == .host ? .hostEnd : .userEnd
                // The latest time stands for all that are later, and for never.
                let upper = times.upperBound < .latest ? times.upperBound.seconds : .max
                try self.store.forEach(name, in: times.lowerBound.seconds...upper) { _, index in
                    if let found = try self.issued(at: index), found.fields.kind == kind,
                        times.contains(found.end)
                    {
                        try body(found)
                    }
                    return true
                }
            },
            certificatesOfKey: { key in
                try self.certificates(.fingerprint(key.fingerprint))
                    .filter { $0.fields.publicKey == key }
            },
            certificatesForPrincipals: { principals in
                // One of many shares its group's name with all others, and no name of its own.
                let rarest = try principals.map {
                    (count: try self.count(.principal($0)), name: $0)
                }
                .min { $0.count < $1.count }
                return try rarest.map { try self.certificates(.principal($0.name)) } ?? []
            },
            prove: { _ = try self.store.provenEntry(at: $0.entry) },
            requests: { ids, body in try self.requests(ids, body) },
            lastCeremony: { try self.lastCeremony($0) },
            lastApproval: { try self.lastApproval($0) },
            release: { try self.release($0) })
    }

    private func issued(at index: UInt64) throws -> IssuedEntry? {
        let entry = try store.entry(at: index)
        guard entry.kind == .issued else { return nil }
        return IssuedEntry(entry: index, record: try IssuedRecord(entry))
    }

    private func certificates(_ handle: LedgerHandle) throws -> [IssuedEntry] {
        try store.find(handle).compactMap { try issued(at: $0) }.filter { $0.record.has(handle) }
    }

    /// How many entries may have a handle, where they are not more than a few.
    private func count(_ handle: LedgerHandle) throws -> Int {
        try store.count(handle, atMost: 1_000)
    }

    private func lastCeremony(_ key: PublicKey) throws -> RadarPast.Use? {
        for index in try store.find(.authorityKey(key.fingerprint)).reversed() {
            let entry = try store.provenEntry(at: index)
            guard [.ceremonyOpened, .token].contains(entry.kind) else { continue }
            let record = try CeremonyOpenedRecord(entry)
            guard record.devices.contains(where: { $0.publicKey == key }) else { continue }
            let outline = try outline(of: record.batch)
            return (outline.number, outline.opened?.time ?? entry.time)
        }
        return nil
    }

    private func lastApproval(_ key: PublicKey) throws -> RadarPast.Use? {
        for index in try store.find(.approver(key.fingerprint)).reversed() {
            let entry = try store.provenEntry(at: index)
            guard entry.kind == .approval else { continue }
            let record = try ApprovalRecord(entry)
            guard record.key == key.fingerprint else { continue }
            // An approval is no older than its batch.
            let outline = try outline(of: record.batch)
            return (outline.number, outline.drafted)
        }
        return nil
    }

    private func release(_ version: UInt64) throws -> RadarPast.Use? {
        for index in try store.find(.listVersion(version)) {
            let entry = try store.provenEntry(at: index)
            guard entry.kind == .krl else { continue }
            let record = try RevocationListRecord(entry)
            guard record.version == version else { continue }
            let outline = try outline(of: record.batch)
            return (outline.number, outline.closed?.time ?? outline.opened?.time ?? entry.time)
        }
        return nil
    }
}
