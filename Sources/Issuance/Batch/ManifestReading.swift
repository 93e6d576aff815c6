// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHFormats

/// What is known while a manifest is read, from one block to the next.
struct ManifestReading {
    /// Whether all that was read is written so.
    ///
    /// It is false where that was not looked at: what the one form of other items than certificates
    /// is, takes writing them, and they are few.
    var isCanonical = true
    /// The CA key that was read last: most items have the same.
    private var last: (line: String, key: PublicKey, hasComment: Bool)?

    /// The CA key of an item, and whether a comment stands behind it.
    mutating func signatureKey(
        _ reader: inout BlockReader
    ) -> (key: PublicKey, hasComment: Bool)? {
        let field = reader.required("ca-key")
        if let last, let field, last.line == field.value { return (last.key, last.hasComment) }
        guard let found = reader.keyLine(field), let field else { return nil }
        last = (field.value, found.key, found.hasComment)
        return found
    }
}
