// SPDX-License-Identifier: Apache-2.0

extension RevocationList {
    /// The longest file that OpenSSH takes into memory, in bytes (`SSHBUF_SIZE_MAX`).
    public static let maximumLength = 0x800_0000

    /// The list as the bytes of a KRL file; a list has one such form only.
    ///
    /// Nothing is written that OpenSSH since 7.9 can't read: no extensions, no signatures, no bitmap
    /// beyond its limit. Serials are divided so that they take the fewest bytes.
    ///
    /// - Throws: ``FormatError`` where the list names serial 0, a comment or a key ID with a NUL
    ///   byte, a hash of the wrong length or an RSA authority key below 1,024 bits, and where the
    ///   file would be longer than OpenSSH loads.
    public func encoded() throws(FormatError) -> [UInt8] {
        try encoded(limit: Self.maximumLength)
    }

    /// The list as the bytes of a file of at most `limit` bytes.
    func encoded(limit: Int) throws(FormatError) -> [UInt8] {
        try contents().encoded(limit: limit)
    }

    /// What the list revokes, as bytes.
    public func contents() throws(FormatError) -> RevocationSet {
        var set = RevocationSet(
            version: version, generated: generated, comment: Array(comment.utf8))
        for part in authorities {
            let keyIDs = try ByteStringSet(part.keyIDs.map { Array($0.utf8) })
            set.authorities.append(
                RevocationSet.Authority(
                    keyBlob: part.keyBlob, serials: part.serials, keyIDs: keyIDs))
        }
        set.keys = try ByteStringSet(keys.map(\.blob))
        set.sha1Hashes = try ByteStringSet(sha1KeyHashes)
        set.sha256Hashes = try ByteStringSet(keyHashes)
        return set
    }
}
