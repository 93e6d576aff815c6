// SPDX-License-Identifier: Apache-2.0

/// A card's answer, ISO 7816-4 section 5.1: data, and the status word behind it.
struct ResponseAPDU: Hashable, Sendable {
    let data: [UInt8]
    let status: StatusWord

    /// The longest answer that is taken, put together of all its pieces, in bytes.
    static let maximumLength = 0x10000
    /// The most pieces that it is put together of: twice as many as cards need.
    static let maximumPieces = 512

    init(_ data: [UInt8], _ status: StatusWord) {
        self.data = data
        self.status = status
    }

    /// Reads what a card sent; nil where it is too short for a status word.
    init?(bytes: [UInt8]) {
        guard let low = bytes.last, let high = bytes.dropLast().last else { return nil }
        data = Array(bytes.dropLast(2))
        status = StatusWord(rawValue: UInt16(high) << 8 | UInt16(low))
    }
}
