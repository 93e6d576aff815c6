// SPDX-License-Identifier: Apache-2.0
import Documents

/// Bytes from outside, made fit to stand in a message: quoted, escaped, and cut after `limit`.
///
/// What is UTF-8 is shown as text, with what cannot be seen as `\u{1B}`; what is not is shown byte by
/// byte, with all but printable ASCII as `\xff`.
public func shown(_ bytes: some Collection<UInt8>, limit: Int = 80) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return quoted(text, limit: limit) }
    var result = "\""
    for byte in bytes.prefix(limit) {
        if (0x20...0x7E).contains(byte), byte != 0x22, byte != 0x5C {
            result.unicodeScalars.append(Unicode.Scalar(byte))
        } else {
            result += "\\x\(Hex.encode([byte]))"
        }
    }
    return result + (bytes.count > limit ? "\"…" : "\"")
}
