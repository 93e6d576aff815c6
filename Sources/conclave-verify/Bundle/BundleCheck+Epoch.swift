// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats

/// The rules that governed a batch: those of the genesis, or of the epoch that began last before it was
/// drafted.
extension BundleCheck {
    /// Where the entry is with which the epoch of the batch began, where that is not the first.
    static let governingEntryPath = "audit/governing-entry.txt"

    /// Checks that the manifest names the last entry that set rules, and that its serials are of the epoch
    /// that this entry began.
    mutating func checkGoverning(_ trail: AuditTrail, _ manifest: BatchManifest?) {
        let isThere = files.files[Self.governingEntryPath] != nil
        guard let manifest, let genesis = files.files[Self.genesisEntryPath] else {
            if isThere { examined.insert(Self.governingEntryPath) }
            return
        }
        var head = genesis.digest
        var epochs: [String: UInt64] = [:]
        if isThere {
            guard let begun = readGoverning(trail, manifest) else { return }
            head = begun.digest
            epochs = begun.epochs
        }
        if head != manifest.header.governingHead {
            findings.fail(
                Self.manifestPath, .manifest,
                "its governing head is \(manifest.header.governingHead.hex), the last entry that sets "
                    + "rules is \(isThere ? "that of an epoch" : "the genesis"), \(head.hex)")
        }
        checkSerials(manifest, epochs)
    }

    /// The head that governs the ledger at an entry of this bundle: a later epoch, or what governed the
    /// batch when it was drafted.
    func governingHead(at index: UInt64, _ trail: AuditTrail) -> SHA256Digest? {
        let begun = trail.entries.last { $0.index < index && $0.entry.kind == .epoch }
        return begun?.entry.digest
            ?? (files.files[Self.governingEntryPath] ?? files.files[Self.genesisEntryPath])?.digest
    }

    /// The epoch of an authority's serials at the end of this bundle.
    func epoch(of authority: String, _ trail: AuditTrail) -> UInt64 {
        let begun = trail.entries.last { $0.entry.kind == .epoch }?.entry
        let governing = files.files[Self.governingEntryPath].flatMap {
            try? LedgerEntry(parsing: $0.bytes)
        }
        guard let entry = begun ?? governing,
            case .epoch(_, let epochs)? = try? AuditRecord(entry)
        else { return 0 }
        return epochs.first { $0.authority == authority }?.epoch ?? 0
    }

    private mutating func readGoverning(
        _ trail: AuditTrail, _ manifest: BatchManifest
    ) -> (digest: SHA256Digest, epochs: [String: UInt64])? {
        let path = Self.governingEntryPath
        let entry = read(path) { bytes throws(Violations) in try LedgerEntry(parsing: bytes) }
        guard let entry else { return nil }
        guard case .epoch(_, let begun)? = record(of: entry, path),
            entry.index < manifest.header.ledgerSize
        else {
            findings.fail(path, .entry, "it does not begin an epoch before the batch was drafted")
            return nil
        }
        if let held = trail.entries.first(where: { $0.index == entry.index }), held.entry != entry {
            findings.fail(path, .entry, "it is not entry \(entry.index), \(held.path)")
        }
        if trail.isWhole, !trail.entries.contains(where: { $0.index == entry.index }) {
            findings.fail(path, .entry, "it is not in the ledger")
        }
        return (
            entry.digest,
            Dictionary(
                begun.map { ($0.authority, $0.epoch) }, uniquingKeysWith: { first, _ in first })
        )
    }

    private mutating func checkSerials(_ manifest: BatchManifest, _ epochs: [String: UInt64]) {
        for (index, item) in manifest.items.enumerated() {
            switch item {
            case .issue(let issue):
                let epoch = epochs[issue.authority] ?? 0
                if issue.fields.serial >> 48 != epoch {
                    findings.fail(
                        Self.manifestPath, .item,
                        "item \(index + 1): serial \(issue.fields.serial) is not of epoch \(epoch)")
                }
            case .newEpoch(let begun):
                let epoch = epochs[begun.authority] ?? 0
                let step = UInt64(begun.epoch) &- epoch
                if step == 0 || step > LedgerReplay.maximumStep {
                    findings.fail(
                        Self.manifestPath, .item,
                        "item \(index + 1): epoch \(begun.epoch) does not follow epoch \(epoch)")
                }
            case .revoke, .revocationList, .abandon: continue
            }
        }
    }
}
