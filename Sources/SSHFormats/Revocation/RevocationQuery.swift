// SPDX-License-Identifier: Apache-2.0

/// Asks a revocation list about keys and certificates while it is read, and keeps nothing of it.
///
/// The answers are those of `ssh-keygen -Q` and of sshd, and hold once the scan has ended without an
/// error. The list is read whole in any case: one that cannot be read refuses everybody.
public struct RevocationQuery: RevocationListVisitor {
    /// What the list says of itself.
    public private(set) var heading = RevocationListHeading(version: 0, generated: 0, comment: [])
    /// For each subject, why it is revoked.
    private var found: [Set<RevocationReason>]
    private var keys = Table<[UInt8]>()
    private var sha1Hashes = Table<[UInt8]>()
    private var sha256Hashes = Table<[UInt8]>()
    private var tables: [[UInt8]: (serials: Table<UInt64>, keyIDs: Table<[UInt8]>)] = [:]
    private var serials = Table<UInt64>()
    private var keyIDs = Table<[UInt8]>()

    /// Asks about these subjects; the hash functions make the digest of a key's blob.
    public init(
        _ subjects: [RevocationSubject], sha1: RevocationList.KeyHash,
        sha256: RevocationList.KeyHash
    ) {
        found = Array(repeating: [], count: subjects.count)
        for (index, subject) in subjects.enumerated() {
            add(subject.keyBlob, index, .key, .keyHash, sha1, sha256)
            guard let certificate = subject.certificate else { continue }
            add(certificate.authorityBlob, index, .authorityKey, .authorityKeyHash, sha1, sha256)
            for authority in [certificate.authorityBlob, []] {
                // Serial 0 stands for none, and no list can hold it.
                tables[authority, default: (Table(), Table())].serials.add(
                    certificate.serial, index, .serial)
                tables[authority, default: (Table(), Table())].keyIDs.add(
                    certificate.keyID, index, .keyID)
            }
        }
        keys.sort { $0.lexicographicallyPrecedes($1) }
        sha1Hashes.sort { $0.lexicographicallyPrecedes($1) }
        sha256Hashes.sort { $0.lexicographicallyPrecedes($1) }
        for authority in Array(tables.keys) {
            tables[authority]?.serials.sort { $0 < $1 }
            tables[authority]?.keyIDs.sort { $0.lexicographicallyPrecedes($1) }
        }
    }

    private mutating func add(
        _ blob: [UInt8], _ index: Int, _ reason: RevocationReason, _ hashReason: RevocationReason,
        _ sha1: RevocationList.KeyHash, _ sha256: RevocationList.KeyHash
    ) {
        keys.add(blob, index, reason)
        sha1Hashes.add(sha1(blob), index, hashReason)
        sha256Hashes.add(sha256(blob), index, hashReason)
    }

    /// Why each subject is revoked, in their order; nil where one isn't.
    public var answers: [RevocationReason?] {
        found.map { reasons in
            RevocationReason.allCases.first(where: reasons.contains)
        }
    }

    /// Takes in the heading.
    public mutating func read(heading: RevocationListHeading) { self.heading = heading }

    /// Takes in whose certificates what follows is about.
    public mutating func read(authority keyBlob: [UInt8]) {
        (serials, keyIDs) = tables[keyBlob] ?? (Table(), Table())
    }

    /// Takes in revoked serials.
    public mutating func read(serials range: ClosedRange<UInt64>) {
        let entries = serials.entries(
            from: { $0 < range.lowerBound }, while: { $0 <= range.upperBound })
        for entry in entries { found[entry.subject].insert(entry.reason) }
    }

    /// Takes in revoked serials.
    public mutating func read(serials mask: UInt64, from start: UInt64) {
        let (end, overflow) = start.addingReportingOverflow(63)
        let last = overflow ? .max : end
        for entry in serials.entries(from: { $0 < start }, while: { $0 <= last })
        where mask >> (entry.value - start) & 1 == 1 {
            found[entry.subject].insert(entry.reason)
        }
    }

    /// Takes in a revoked key ID.
    public mutating func read(keyID: ArraySlice<UInt8>) { match(keyID, in: keyIDs) }

    /// Takes in a revoked key.
    public mutating func read(key blob: ArraySlice<UInt8>) { match(blob, in: keys) }

    /// Takes in the hash of a revoked key.
    public mutating func read(sha1 hash: ArraySlice<UInt8>) { match(hash, in: sha1Hashes) }

    /// Takes in the hash of a revoked key.
    public mutating func read(sha256 hash: ArraySlice<UInt8>) { match(hash, in: sha256Hashes) }

    private mutating func match(_ bytes: ArraySlice<UInt8>, in table: Table<[UInt8]>) {
        let entries = table.entries(
            from: { $0.lexicographicallyPrecedes(bytes) }, while: { $0.elementsEqual(bytes) })
        for entry in entries { found[entry.subject].insert(entry.reason) }
    }

    /// What is looked for, in order, and whom it is about.
    private struct Table<Value> {
        typealias Entry = (value: Value, subject: Int, reason: RevocationReason)
        private var all: [Entry] = []

        mutating func add(_ value: Value, _ subject: Int, _ reason: RevocationReason) {
            all.append((value, subject, reason))
        }

        mutating func sort(by precedes: (Value, Value) -> Bool) {
            all.sort { precedes($0.value, $1.value) }
        }

        func entries(
            from isBefore: (Value) -> Bool, while isWithin: (Value) -> Bool
        ) -> ArraySlice<Entry> {
            var low = 0
            var high = all.count
            while low < high {
                let middle = low + (high - low) / 2
                if isBefore(all[middle].value) { low = middle + 1 } else { high = middle }
            }
            guard low < all.count, isWithin(all[low].value) else { return [] }
            return all[low...].prefix { isWithin($0.value) }
        }
    }
}
