// SPDX-License-Identifier: Apache-2.0

/// What `ssh-keygen -Y verify -r` and sshd's `RevokedKeys` read: a revocation list, or public keys,
/// one a line.
public enum RevokedKeys: Sendable {
    /// A key revocation list.
    case list(RevocationList)
    /// Keys, each with all certificates for it and by it.
    case keys(Set<PublicKey>)

    /// Reads a file: a revocation list where it begins as one, else public keys or certificates, one
    /// a line, of which each stands for its key; empty lines and those that begin with `#` are
    /// skipped.
    ///
    /// A list that revokes nothing would be a file cut off, or an empty one, that lets all keys pass.
    ///
    /// - Throws: ``FormatError``: where any part cannot be read, nothing is known of what is revoked.
    public init(parsing bytes: [UInt8]) throws(FormatError) {
        if bytes.starts(with: Self.magic) {
            self = .list(try RevocationList(parsing: bytes))
            return
        }
        var keys: Set<PublicKey> = []
        for line in TextLines(bytes) {
            // To sshd a CR begins a key that cannot be read, and then nobody gets in.
            guard line.bytes.first(where: { $0 != 0x20 && $0 != 0x09 }) != 0x0D else {
                throw FormatError(
                    "revoked keys, line \(line.number)", at: 0,
                    .invalid("it is empty but for a CR; save the file with LF"))
            }
            let file = KeyFile(line.bytes)
            if let fault = file.faults.first {
                throw FormatError(
                    "revoked keys, line \(line.number)", at: 0, .invalid("\(fault.error)"))
            }
            keys.formUnion(file.entries.map(\.publicKey))
        }
        guard !keys.isEmpty else {
            throw FormatError(
                "revoked keys", at: 0, .invalid("it is no revocation list and holds no key"))
        }
        self = .keys(keys)
    }

    private static let magic = Array("SSHKRL\n\0".utf8)

    /// The longest file that is read, in bytes.
    public static let maximumLength = 67_108_864
}
