// SPDX-License-Identifier: Apache-2.0

/// The size of a QR code and how its codewords are divided, ISO/IEC 18004:2015, section 7.
struct QRVersion: Hashable, Sendable {
    /// How much of a code may be damaged and is read all the same.
    enum Correction: CaseIterable, Sendable {
        /// About 15 percent: level M.
        case medium
        /// About 25 percent: level Q.
        case quartile

        /// The two bits that stand for the level in the format information, table 12.
        var bits: Int {
            switch self {
            case .medium: 0b00
            case .quartile: 0b11
            }
        }
    }

    /// The versions that there are.
    static let range = 1...40

    /// From 1, of 21 modules a side, to 40, of 177.
    let number: Int

    init?(_ number: Int) {
        guard Self.range.contains(number) else { return nil }
        self.number = number
    }

    /// The smallest version that holds so many bytes; nil where none does.
    init?(holding bytes: Int, _ correction: Correction) {
        let versions = Self.range.lazy.compactMap { QRVersion($0) }
        guard let version = versions.first(where: { $0.capacity(correction) >= bytes })
        else { return nil }
        self = version
    }

    /// Modules a side.
    var size: Int { 17 + 4 * number }

    /// The bits that say how many bytes there are, table 3.
    var countBits: Int { number < 10 ? 8 : 16 }

    /// The rows and columns on which alignment patterns are centred, annex E.
    var alignments: [Int] {
        guard number > 1 else { return [] }
        let count = number / 7 + 2
        let step = number == 32 ? 26 : (number * 4 + count * 2 + 1) / (count * 2 - 2) * 2
        return [6] + (0..<count - 1).map { size - 7 - $0 * step }.reversed()
    }

    /// All codewords, of data and of correction, table 1.
    var codewords: Int {
        var modules = (16 * number + 128) * number + 64
        let count = alignments.count
        if count > 0 { modules -= (25 * count - 10) * count - 55 }
        if number >= 7 { modules -= 36 }
        return modules / 8
    }

    /// The blocks into which the codewords are divided, table 9.
    func blocks(_ correction: Correction) -> Int {
        switch correction {
        case .medium: Self.mediumBlocks[number - 1]
        case .quartile: Self.quartileBlocks[number - 1]
        }
    }

    /// The codewords of correction in each block, table 9.
    func correctionCodewords(_ correction: Correction) -> Int {
        switch correction {
        case .medium: Self.mediumCodewords[number - 1]
        case .quartile: Self.quartileCodewords[number - 1]
        }
    }

    /// The codewords of data.
    func dataCodewords(_ correction: Correction) -> Int {
        codewords - blocks(correction) * correctionCodewords(correction)
    }

    /// The most bytes that the version holds, table 7.
    func capacity(_ correction: Correction) -> Int {
        (dataCodewords(correction) * 8 - 4 - countBits) / 8
    }

    /// The eighteen bits of version information, section 7.10; nil below version 7.
    var information: Int? {
        guard number >= 7 else { return nil }
        var rest = number
        for _ in 0..<12 { rest = rest << 1 ^ (rest >> 11) * 0x1F25 }
        return number << 12 | rest
    }

    private static let mediumBlocks = [
        1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16,
        17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
    ]
    private static let quartileBlocks = [
        1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20,
        23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68,
    ]
    private static let mediumCodewords = [
        10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26,
        26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
    ]
    private static let quartileCodewords = [
        13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30,
        28, 30, 30, 30, 30, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ]
}
