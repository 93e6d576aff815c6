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
        value(required(name), expected: "a public key") { text -> PublicKey? in
            do throws(FormatError) {
                return try PublicKey(line: text)
            } catch {
                return nil
            }
        }
    }
}
