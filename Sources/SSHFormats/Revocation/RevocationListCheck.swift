// SPDX-License-Identifier: Apache-2.0

/// Compares a list that is read with the set that it was written from, without both in memory.
///
/// Of serials only the mark is kept (``SerialSet/Mark``), so that the set itself may be forgotten
/// before the list is read back.
public struct RevocationListCheck: RevocationListVisitor {
    private let heading: RevocationListHeading
    private var expected: [Part]
    private let keys: ByteStringSet
    private let sha1Hashes: ByteStringSet
    private let sha256Hashes: ByteStringSet
    private var foundHeading: RevocationListHeading?
    private var found: [Part] = []
    private var foundKeys = ByteStringSet.Builder()
    private var foundSHA1Hashes = ByteStringSet.Builder()
    private var foundSHA256Hashes = ByteStringSet.Builder()

    /// What is said about one authority.
    private struct Part {
        let keyBlob: [UInt8]
        var serials = SerialSet.Mark()
        var keyIDs = ByteStringSet.Builder()
    }

    /// Remembers what a list of this set must say.
    public init(_ set: RevocationSet) {
        heading = RevocationListHeading(
            version: set.version, generated: set.generated, comment: set.comment)
        expected = set.authorities.map {
            Part(
                keyBlob: $0.keyBlob, serials: SerialSet.Mark($0.serials),
                keyIDs: ByteStringSet.Builder($0.keyIDs))
        }
        keys = set.keys
        sha1Hashes = set.sha1Hashes
        sha256Hashes = set.sha256Hashes
    }

    /// Takes in the heading.
    public mutating func read(heading: RevocationListHeading) { foundHeading = heading }

    /// Takes in whose certificates what follows is about.
    public mutating func read(authority keyBlob: [UInt8]) { found.append(Part(keyBlob: keyBlob)) }

    /// Takes in revoked serials.
    public mutating func read(serials: ClosedRange<UInt64>) {
        guard let last = found.indices.last else { return }
        found[last].serials.add(serials)
    }

    /// Takes in a revoked key ID.
    public mutating func read(keyID: ArraySlice<UInt8>) throws(FormatError) {
        guard let last = found.indices.last else { return }
        try found[last].keyIDs.insert(keyID)
    }

    /// Takes in a revoked key.
    public mutating func read(key blob: ArraySlice<UInt8>) throws(FormatError) {
        try foundKeys.insert(blob)
    }

    /// Takes in the hash of a revoked key.
    public mutating func read(sha1 hash: ArraySlice<UInt8>) throws(FormatError) {
        try foundSHA1Hashes.insert(hash)
    }

    /// Takes in the hash of a revoked key.
    public mutating func read(sha256 hash: ArraySlice<UInt8>) throws(FormatError) {
        try foundSHA256Hashes.insert(hash)
    }

    /// What the list says otherwise than the set, or nil where it says the same, each thing once.
    public mutating func difference() -> String? {
        guard foundHeading == heading else { return "the heading" }
        guard found.map(\.keyBlob) == expected.map(\.keyBlob) else { return "the authorities" }
        guard found.map(\.serials) == expected.map(\.serials) else { return "the serials" }
        for index in found.indices
        where found[index].keyIDs.finish() != expected[index].keyIDs.finish() {
            return "the key IDs"
        }
        guard foundKeys.finish() == keys else { return "the keys" }
        guard foundSHA1Hashes.finish() == sha1Hashes, foundSHA256Hashes.finish() == sha256Hashes
        else { return "the hashes" }
        return nil
    }
}
