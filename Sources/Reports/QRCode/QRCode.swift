// SPDX-License-Identifier: Apache-2.0

/// Bytes as a square of dark and light modules that a camera reads, ISO/IEC 18004:2015.
struct QRCode: Sendable {
    /// The version, from 1 to 40: the size.
    let version: QRVersion
    /// How much may be damaged.
    let correction: QRVersion.Correction
    /// Which of the eight masks lies over the data.
    let mask: Int
    /// Whether each module is dark, row by row.
    private(set) var modules: [Bool]

    /// Modules a side.
    var size: Int { version.size }

    /// Lays out bytes in the smallest version that holds them; nil where none does.
    ///
    /// - Parameters:
    ///   - bytes: What a reader is to get.
    ///   - correction: How much may be damaged.
    ///   - mask: The mask, from 0 to 7; nil takes the one that is the easiest to read.
    init?(_ bytes: [UInt8], correction: QRVersion.Correction, mask: Int? = nil) {
        guard let version = QRVersion(holding: bytes.count, correction) else { return nil }
        self.version = version
        self.correction = correction
        var grid = QRGrid(version)
        grid.place(Self.codewords(bytes, version, correction))
        let masks = mask.map { [$0 & 7] } ?? Array(0..<8)
        var best: (penalty: Int, mask: Int, modules: [Bool])?
        for mask in masks {
            let modules = grid.masked(mask, correction)
            let penalty = masks.count == 1 ? 0 : QRPenalty(modules, size: version.size).sum
            if best.map({ penalty < $0.penalty }) ?? true { best = (penalty, mask, modules) }
        }
        self.mask = best?.mask ?? 0
        modules = best?.modules ?? []
    }

    /// Whether the module in this row and column is dark; light outside the code.
    func isDark(row: Int, column: Int) -> Bool {
        guard (0..<size).contains(row), (0..<size).contains(column) else { return false }
        return modules[row * size + column]
    }

    /// The codewords of data and correction in the order in which they are laid out, section 7.6.
    static func codewords(
        _ bytes: [UInt8], _ version: QRVersion, _ correction: QRVersion.Correction
    ) -> [UInt8] {
        let data = payload(bytes, version, correction)
        let count = version.blocks(correction)
        let reedSolomon = ReedSolomon(count: version.correctionCodewords(correction))
        var blocks: [[UInt8]] = []
        var corrections: [[UInt8]] = []
        var rest = data[...]
        for place in 0..<count {
            // The last blocks are one longer where the data cannot be divided evenly.
            let isLonger = place >= count - data.count % count
            let block = Array(rest.prefix(data.count / count + (isLonger ? 1 : 0)))
            rest = rest.dropFirst(block.count)
            blocks.append(block)
            corrections.append(reedSolomon.codewords(for: block))
        }
        return interleaved(blocks) + interleaved(corrections)
    }

    private static func interleaved(_ blocks: [[UInt8]]) -> [UInt8] {
        let longest = blocks.map(\.count).max() ?? 0
        return (0..<longest).flatMap { place in
            blocks.compactMap { $0.indices.contains(place) ? $0[place] : nil }
        }
    }

    /// Mode, count, bytes, and what fills the version up, section 7.4.
    private static func payload(
        _ bytes: [UInt8], _ version: QRVersion, _ correction: QRVersion.Correction
    ) -> [UInt8] {
        // All of it stands four bits off: the mode is half a byte, and the end is as much.
        var halves: [UInt8] = [0b0100]
        for shift in stride(from: version.countBits - 4, through: 0, by: -4) {
            halves.append(UInt8(truncatingIfNeeded: bytes.count >> shift & 15))
        }
        for byte in bytes { halves += [byte >> 4, byte & 15] }
        halves.append(0)
        var data = stride(from: 0, to: halves.count - 1, by: 2).map { place in
            halves[place] << 4 | halves[place + 1]
        }
        var filling: UInt8 = 0xEC
        while data.count < version.dataCodewords(correction) {
            data.append(filling)
            filling ^= 0xEC ^ 0x11
        }
        return data
    }
}
