// SPDX-License-Identifier: Apache-2.0
import Documents

/// What texts are packed with: words of our formats, and zstd's tables of how often each byte stands
/// where no word does.
///
/// The ledger keeps it in a table of its own, so that any zstd can unpack its texts. It is never
/// changed; a later one would have another number.
enum PackingDictionary {
    /// The number by which frames name it, in two bytes of each (RFC 8878, section 3.1.1.1.3).
    static let identifier: Int64 = 0xCA01

    /// The dictionary (RFC 8878, section 5).
    static let bytes: [UInt8] = (Hex.decode(tables) ?? []) + Array(words.utf8)
}
