// SPDX-License-Identifier: Apache-2.0

/// What a list revokes, byte for byte as OpenSSH compares it; any list that it reads fits in.
///
/// A ``RevocationList`` holds what may be published, as typed values. This holds what a tool finds in
/// lists of others, and hundreds of thousands of serials and key IDs in little memory: key IDs need not
/// be UTF-8, and keys may be of kinds that are not known here.
public struct RevocationSet: Sendable {
    /// The number by which a newer list is told from an older one.
    public var version: UInt64
    /// When the list was made, in seconds since 1970.
    public var generated: UInt64
    /// A remark for people.
    public var comment: [UInt8]
    /// What is revoked of each authority's certificates, by key blob.
    public internal(set) var authorities: [Authority] = []
    /// The blobs of keys that are revoked, with all certificates for them and by them.
    public internal(set) var keys = ByteStringSet()
    /// The SHA-1 hashes of key blobs that are revoked, 20 bytes each.
    public internal(set) var sha1Hashes = ByteStringSet()
    /// The SHA-256 hashes of key blobs that are revoked, 32 bytes each.
    public internal(set) var sha256Hashes = ByteStringSet()

    /// Makes a set that revokes nothing.
    public init(version: UInt64, generated: UInt64, comment: [UInt8] = []) {
        self.version = version
        self.generated = generated
        self.comment = comment
    }

    /// Whether nothing is revoked.
    public var isEmpty: Bool {
        authorities.isEmpty && keys.isEmpty && sha1Hashes.isEmpty && sha256Hashes.isEmpty
    }

    /// What is revoked of one authority's certificates.
    public struct Authority: Hashable, Sendable {
        /// The blob of the key that signed the certificates; empty where it stands for any.
        public let keyBlob: [UInt8]
        /// The revoked serial numbers.
        public let serials: SerialSet
        /// The revoked key IDs.
        public let keyIDs: ByteStringSet

        /// Whether nothing is revoked.
        var isEmpty: Bool { serials.isEmpty && keyIDs.isEmpty }
    }

    /// What is revoked of the certificates of the authority with this key blob; empty for any.
    public func authority(_ keyBlob: [UInt8]) -> Authority? {
        let part = authorities.first(notBefore: { $0.keyBlob.lexicographicallyPrecedes(keyBlob) })
        return part?.keyBlob == keyBlob ? part : nil
    }

    /// Whether both revoke the same, whatever their headings say.
    public func revokesTheSame(as other: RevocationSet) -> Bool {
        authorities == other.authorities && keys == other.keys && sha1Hashes == other.sha1Hashes
            && sha256Hashes == other.sha256Hashes
    }
}

extension RevocationSet {
    /// Collects what is to be revoked, in any order and with repetitions.
    public struct Builder: Sendable {
        private var parts: [Part] = []
        private var partOfKey: [[UInt8]: Int] = [:]
        private var keys = ByteStringSet.Builder()
        private var sha1Hashes = ByteStringSet.Builder()
        private var sha256Hashes = ByteStringSet.Builder()

        private struct Part: Sendable {
            let keyBlob: [UInt8]
            var serials = SerialSet.Builder()
            var keyIDs = ByteStringSet.Builder()
        }

        /// Starts with nothing.
        public init() {}

        /// The number by which ``insert(serials:of:)`` and ``insert(keyID:of:)`` know an authority.
        ///
        /// The blob is that of its key, or empty for any authority.
        public mutating func authority(_ keyBlob: [UInt8]) -> Int {
            if let part = partOfKey[keyBlob] { return part }
            partOfKey[keyBlob] = parts.count
            parts.append(Part(keyBlob: keyBlob))
            return parts.count - 1
        }

        /// Revokes serials of an authority's certificates.
        public mutating func insert(serials range: ClosedRange<UInt64>, of authority: Int) {
            parts[authority].serials.insert(range)
        }

        /// Revokes the serials `start + N` for each bit N of `mask`; none exceeds 64 bits.
        mutating func insert(serials mask: UInt64, from start: UInt64, of authority: Int) {
            parts[authority].serials.insert(mask, from: start)
        }

        /// Revokes a key ID of an authority's certificates.
        public mutating func insert(
            keyID: some Collection<UInt8>, of authority: Int
        ) throws(FormatError) {
            try parts[authority].keyIDs.insert(keyID)
        }

        /// Revokes a key, by its blob.
        public mutating func insert(key blob: some Collection<UInt8>) throws(FormatError) {
            try keys.insert(blob)
        }

        /// Revokes the key whose blob has this SHA-1 hash.
        public mutating func insert(sha1 hash: some Collection<UInt8>) throws(FormatError) {
            try sha1Hashes.insert(hash)
        }

        /// Revokes the key whose blob has this SHA-256 hash.
        public mutating func insert(sha256 hash: some Collection<UInt8>) throws(FormatError) {
            try sha256Hashes.insert(hash)
        }

        /// The set of all that was added; the builder is empty then.
        ///
        /// The set takes over the builder's memory.
        public mutating func finish(
            version: UInt64, generated: UInt64, comment: [UInt8]
        ) -> RevocationSet {
            defer { self = Builder() }
            var set = RevocationSet(version: version, generated: generated, comment: comment)
            for index in parts.indices {
                let whole = Authority(
                    keyBlob: parts[index].keyBlob, serials: parts[index].serials.finish(),
                    keyIDs: parts[index].keyIDs.finish())
                if !whole.isEmpty { set.authorities.append(whole) }
            }
            set.authorities.sort { $0.keyBlob.lexicographicallyPrecedes($1.keyBlob) }
            set.keys = keys.finish()
            set.sha1Hashes = sha1Hashes.finish()
            set.sha256Hashes = sha256Hashes.finish()
            return set
        }
    }
}
