// SPDX-License-Identifier: Apache-2.0

/// What one list revokes and another doesn't.
///
/// It is a matter of effect, not of form: a serial that is revoked for any authority is revoked for
/// each, and a key is as revoked by its SHA-256 hash as by itself.
public struct RevocationDifference {
    /// The keys' blobs.
    public let keys: [ArraySlice<UInt8>]
    /// The SHA-256 hashes of keys.
    public let sha256Hashes: [ArraySlice<UInt8>]
    /// The SHA-1 hashes of keys.
    public let sha1Hashes: [ArraySlice<UInt8>]
    /// Of which authorities' certificates more is revoked.
    public let authorities: [Part]

    /// What is revoked of one authority's certificates, and not by the other list.
    public struct Part {
        /// The blob of the authority's key; empty for any.
        public let keyBlob: [UInt8]
        private let own: RevocationSet.Authority
        private let other: SerialSet
        /// The key IDs.
        public let keyIDs: [ArraySlice<UInt8>]

        init?(_ own: RevocationSet.Authority, minus list: RevocationSet) {
            self.own = own
            keyBlob = own.keyBlob
            let same = list.authority(own.keyBlob)
            let any = own.keyBlob.isEmpty ? nil : list.authority([])
            // Seldom are there both: then, and then only, they are joined.
            other =
                switch (same?.serials, any?.serials) {
                case (let same?, let any?) where !any.isEmpty:
                    SerialSet([AnySequence(same.ranges), AnySequence(any.ranges)].joined())
                case (let same?, _): same
                case (nil, let any?): any
                case (nil, nil): []
                }
            keyIDs = own.keyIDs.filter { keyID in
                same?.keyIDs.contains(keyID) != true && any?.keyIDs.contains(keyID) != true
            }
            var serials = own.serials.subtracting(other)
            if keyIDs.isEmpty, serials.next() == nil { return nil }
        }

        /// The serials, as ranges in ascending order.
        public var serials: SerialSet.Difference { own.serials.subtracting(other) }

        /// The number of serials.
        public var serialCount: UInt64 {
            serials.reduce(0) { $0 &+ ($1.upperBound - $1.lowerBound) &+ 1 }
        }
    }

    /// What `list` revokes and `other` doesn't; the tools make digests of key blobs.
    public init(_ list: RevocationSet, minus other: RevocationSet, tools: RevocationTools) {
        let (sha1, sha256) = (tools.sha1, tools.sha256)
        authorities = list.authorities.compactMap { Part($0, minus: other) }
        keys = list.keys.filter { blob in
            !other.keys.contains(blob) && !other.sha256Hashes.contains(sha256(Array(blob)))
                && (other.sha1Hashes.isEmpty || !other.sha1Hashes.contains(sha1(Array(blob))))
        }
        sha256Hashes = Self.hashes(list.sha256Hashes, other.sha256Hashes, other.keys, sha256)
        sha1Hashes = Self.hashes(list.sha1Hashes, other.sha1Hashes, other.keys, sha1)
    }

    /// The hashes that are neither among the others nor made of one of the keys.
    private static func hashes(
        _ own: ByteStringSet, _ others: ByteStringSet, _ keys: ByteStringSet,
        _ hash: RevocationList.KeyHash
    ) -> [ArraySlice<UInt8>] {
        let left = own.subtracting(others)
        guard !left.isEmpty, !keys.isEmpty else { return left }
        let made = Set(keys.map { hash(Array($0)) })
        return left.filter { !made.contains(Array($0)) }
    }

    /// Whether the other list revokes all that this one does.
    public var isEmpty: Bool {
        keys.isEmpty && sha256Hashes.isEmpty && sha1Hashes.isEmpty && authorities.isEmpty
    }

    /// How much it is, for people: `3 serials, 1 key ID`.
    public var summary: String {
        RevocationCount(
            serials: authorities.reduce(0) { $0 &+ $1.serialCount },
            keyIDs: authorities.reduce(0) { $0 + $1.keyIDs.count }, keys: keys.count,
            hashes: sha256Hashes.count + sha1Hashes.count
        ).text
    }
}

extension RevocationSet {
    /// How much is revoked, for people: `3 serials, 1 key ID`.
    public var summary: String {
        RevocationCount(
            serials: authorities.reduce(0) { $0 &+ $1.serials.count },
            keyIDs: authorities.reduce(0) { $0 + $1.keyIDs.count }, keys: keys.count,
            hashes: sha256Hashes.count + sha1Hashes.count
        ).text
    }
}

/// How many things of each sort.
private struct RevocationCount {
    let serials: UInt64
    let keyIDs: Int
    let keys: Int
    let hashes: Int

    var text: String {
        let parts = [
            serials == 0 ? nil : serials == 1 ? "1 serial" : "\(serials) serials",
            keyIDs == 0 ? nil : keyIDs == 1 ? "1 key ID" : "\(keyIDs) key IDs",
            keys == 0 ? nil : keys == 1 ? "1 key" : "\(keys) keys",
            hashes == 0 ? nil : hashes == 1 ? "1 key hash" : "\(hashes) key hashes",
        ].compactMap(\.self)
        return parts.isEmpty ? "nothing revoked" : parts.joined(separator: ", ")
    }
}
