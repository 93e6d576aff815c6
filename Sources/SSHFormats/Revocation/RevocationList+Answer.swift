// SPDX-License-Identifier: Apache-2.0

extension RevocationList {
    /// Makes the digest of a key blob.
    public typealias KeyHash = (_ keyBlob: [UInt8]) -> [UInt8]

    /// Why the list revokes a plain key, or nil where it doesn't.
    ///
    /// The hash functions are called only where the list has such hashes. A list with SHA-1 hashes
    /// answers ``RevocationReason/undecided`` where `sha1` is not given: never that all is well.
    public func revokes(
        key: PublicKey, sha256: KeyHash, sha1: KeyHash? = nil
    ) -> RevocationReason? {
        if !keyHashes.isEmpty, Self.lists(keyHashes, sha256(key.blob)) { return .keyHash }
        let listed = keys.first(notBefore: { $0.blob.lexicographicallyPrecedes(key.blob) })
        if listed == key { return .key }
        guard !sha1KeyHashes.isEmpty else { return nil }
        guard let sha1 else { return .undecided }
        return Self.lists(sha1KeyHashes, sha1(key.blob)) ? .keyHash : nil
    }

    /// Why the list revokes a certificate, or nil where it doesn't.
    ///
    /// A certificate is revoked by its key, its key ID or its serial (never serial 0, which stands
    /// for none), or with the key of its authority.
    public func revokes(
        serial: UInt64, keyID: String, subjectKey: PublicKey, authority: PublicKey,
        sha256: KeyHash, sha1: KeyHash? = nil
    ) -> RevocationReason? {
        let subject = revokes(key: subjectKey, sha256: sha256, sha1: sha1)
        if let subject, subject != .undecided { return subject }
        for part in [self.authority(authority), self.authority(nil)].compactMap(\.self) {
            if part.lists(keyID: keyID) { return .keyID }
            if serial != 0, part.serials.contains(serial) { return .serial }
        }
        switch revokes(key: authority, sha256: sha256, sha1: sha1) {
        case .key: return .authorityKey
        case .keyHash: return .authorityKeyHash
        case let other: return other ?? subject
        }
    }

    /// The part about one authority key, or about any.
    private func authority(_ key: PublicKey?) -> Authority? {
        let blob = key?.blob ?? []
        let part = authorities.first(notBefore: { $0.keyBlob.lexicographicallyPrecedes(blob) })
        return part?.key == key ? part : nil
    }

    private static func lists(_ hashes: [[UInt8]], _ hash: [UInt8]) -> Bool {
        hashes.first(notBefore: { $0.lexicographicallyPrecedes(hash) }) == hash
    }
}

extension RevocationList.Authority {
    /// Whether the key ID is listed, byte for byte.
    fileprivate func lists(keyID: String) -> Bool {
        let listed = keyIDs.first(notBefore: { $0.utf8.lexicographicallyPrecedes(keyID.utf8) })
        return listed?.utf8.elementsEqual(keyID.utf8) ?? false
    }
}
