// SPDX-License-Identifier: Apache-2.0

/// A key revocation list (KRL), OpenSSH PROTOCOL.krl: what `RevokedKeys` of sshd reads.
///
/// A value holds what is revoked, not how the file says it: each thing once, in ascending order.
/// Two lists that revoke the same things under the same heading are equal and are written as the
/// same bytes.
public struct RevocationList: Sendable {
    /// The number by which a newer list is told from an older one.
    public let version: UInt64
    /// When the list was made, in seconds since 1970.
    public let generated: UInt64
    /// A remark for people.
    public let comment: String
    /// What is revoked of each authority's certificates: one element for each key, by key blob.
    public let authorities: [Authority]
    /// The keys that are revoked, with all certificates for them and by them.
    public let keys: [PublicKey]
    /// The SHA-256 hashes of key blobs that are revoked, 32 bytes each; they work as `keys` do.
    public let keyHashes: [[UInt8]]
    /// The SHA-1 hashes of key blobs that are revoked, 20 bytes each: found in old lists only.
    public let sha1KeyHashes: [[UInt8]]

    /// Makes the list that revokes all this, given in any order; repetitions are dropped.
    public init(
        version: UInt64, generated: UInt64, comment: String = "", authorities: [Authority] = [],
        keys: [PublicKey] = [], keyHashes: [[UInt8]] = [], sha1KeyHashes: [[UInt8]] = []
    ) {
        self.version = version
        self.generated = generated
        self.comment = comment
        self.authorities = Authority.merged(authorities)
        self.keys = keys.sortedUnique { $0.blob.lexicographicallyPrecedes($1.blob) }
        self.keyHashes = keyHashes.sortedUnique { $0.lexicographicallyPrecedes($1) }
        self.sha1KeyHashes = sha1KeyHashes.sortedUnique { $0.lexicographicallyPrecedes($1) }
    }

    /// Whether nothing is revoked.
    public var isEmpty: Bool {
        authorities.isEmpty && keys.isEmpty && keyHashes.isEmpty && sha1KeyHashes.isEmpty
    }
}

extension RevocationList {
    /// What is revoked of the certificates of one authority key.
    public struct Authority: Sendable {
        /// The key that signed the certificates; nil stands for any.
        public let key: PublicKey?
        /// The revoked serial numbers.
        public let serials: SerialSet
        /// The revoked key IDs, by their UTF-8 bytes.
        public let keyIDs: [String]

        /// Makes the part of a list that is about one authority key; the key IDs may come in any
        /// order.
        public init(key: PublicKey?, serials: SerialSet = [], keyIDs: [String] = []) {
            self.key = key
            self.serials = serials
            self.keyIDs = keyIDs.sortedUnique { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        }

        /// Makes the part of a list that is about one authority key; the ranges may overlap, and
        /// all may come in any order.
        public init(
            key: PublicKey?, serials: some Sequence<ClosedRange<UInt64>>, keyIDs: [String] = []
        ) {
            self.init(key: key, serials: SerialSet(serials), keyIDs: keyIDs)
        }

        /// The key's bytes as a list names it: none for any key.
        var keyBlob: [UInt8] { key?.blob ?? [] }

        /// The parts with one element for each key, and without those that revoke nothing.
        fileprivate static func merged(_ parts: [Self]) -> [Self] {
            var groups: [PublicKey?: [Self]] = [:]
            for part in parts where !part.serials.isEmpty || !part.keyIDs.isEmpty {
                groups[part.key, default: []].append(part)
            }
            let whole = groups.map { key, parts in
                if parts.count == 1, let only = parts.first { return only }
                return Self(
                    key: key, serials: parts.lazy.flatMap(\.serials.ranges),
                    keyIDs: parts.flatMap(\.keyIDs))
            }
            return whole.sorted { $0.keyBlob.lexicographicallyPrecedes($1.keyBlob) }
        }
    }
}

// Swift takes strings for equal that differ in bytes but are canonically equivalent; for OpenSSH,
// bytes decide.

extension RevocationList: Hashable {
    /// Two lists are equal where all of their bytes are.
    public static func == (left: Self, right: Self) -> Bool {
        left.version == right.version && left.generated == right.generated
            && left.comment.utf8.elementsEqual(right.comment.utf8)
            && left.authorities == right.authorities && left.keys == right.keys
            && left.keyHashes == right.keyHashes && left.sha1KeyHashes == right.sha1KeyHashes
    }

    /// Hashes the list.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(version)
        hasher.combine(generated)
        hasher.combine(authorities)
        hasher.combine(keys)
        hasher.combine(keyHashes)
        hasher.combine(sha1KeyHashes)
    }
}

extension RevocationList.Authority: Hashable {
    /// Two parts are equal where all of their bytes are.
    public static func == (left: Self, right: Self) -> Bool {
        left.key == right.key && left.serials == right.serials
            && left.keyIDs.elementsEqual(right.keyIDs) { $0.utf8.elementsEqual($1.utf8) }
    }

    /// Hashes the part.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(key)
        hasher.combine(serials)
        hasher.combine(keyIDs.count)
    }
}
