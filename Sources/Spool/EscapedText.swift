// SPDX-License-Identifier: Apache-2.0

/// The bytes of a name as printable ASCII: `\"`, `\\`, and `\xNN` for whatever is not printable.
///
/// Different names give different texts, and no name can move the cursor or hide in a report.
func escaped(_ name: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in name {
        switch byte {
        case 0x22, 0x5C: text += [0x5C, byte]
        case 0x20...0x7E: text.append(byte)
        default: text += [0x5C, 0x78, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return String(decoding: text, as: UTF8.self)
}

/// The text of a path as printable ASCII, as `escaped` shows names.
func escaped(_ path: String) -> String {
    escaped(path.utf8)
}
