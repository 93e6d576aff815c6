// SPDX-License-Identifier: Apache-2.0
public import Documents
public import SSHCrypto
public import SSHFormats

/// The values that stand in more than one kind of text; what is not one is reported.
extension BlockReader {
    /// The SHA-256 of a required field.
    public mutating func digest(_ name: String) -> SHA256Digest? {
        value(required(name), expected: "a SHA-256 of 64 lower-case hex digits") {
            SHA256Digest(hex: $0)
        }
    }

    /// The number of a required field.
    public mutating func number(_ name: String) -> UInt64? {
        value(required(name), expected: "a decimal number") { parseDecimal($0) }
    }

    /// The time of a required field.
    public mutating func time(_ name: String) -> UnixTime? {
        value(required(name), expected: timeForm) { UnixTime(text: $0) }
    }

    /// The public key of a required field.
    public mutating func key(_ name: String) -> PublicKey? {
        keyLine(required(name))?.key
    }

    /// The public key of a field, and whether a comment stands behind it.
    mutating func keyLine(_ field: Field?) -> (key: PublicKey, hasComment: Bool)? {
        value(field, expected: "a public key") {
            text -> (key: PublicKey, hasComment: Bool)? in
            do throws(FormatError) {
                return try PublicKey.read(line: text)
            } catch {
                return nil
            }
        }
    }
}
