// SPDX-License-Identifier: Apache-2.0

/// The square of a QR code on its way: its fixed patterns, and the data where they leave room.
struct QRGrid {
    private let version: QRVersion
    private var modules: [Bool]
    /// The modules that no data may take.
    private var isFixed: [Bool]

    private var size: Int { version.size }

    /// Draws finders, timing, alignment and version, ISO/IEC 18004:2015, section 6.3.
    init(_ version: QRVersion) {
        self.version = version
        modules = Array(repeating: false, count: version.size * version.size)
        isFixed = modules
        for place in 0..<size {
            fix(6, place, place.isMultiple(of: 2))
            fix(place, 6, place.isMultiple(of: 2))
        }
        for (row, column) in [(3, 3), (3, size - 4), (size - 4, 3)] { drawFinder(row, column) }
        let centres = version.alignments
        let last = centres.last ?? 0
        for row in centres {
            for column in centres
            where (row, column) != (6, 6) && (row, column) != (6, last)
                && (row, column) != (last, 6)
            {
                drawAlignment(row, column)
            }
        }
        drawFormat(0)
        if let information = version.information {
            for bit in 0..<18 {
                let isDark = information >> bit & 1 == 1
                fix(bit / 3, size - 11 + bit % 3, isDark)
                fix(size - 11 + bit % 3, bit / 3, isDark)
            }
        }
    }

    private mutating func fix(_ row: Int, _ column: Int, _ isDark: Bool) {
        guard (0..<size).contains(row), (0..<size).contains(column) else { return }
        modules[row * size + column] = isDark
        isFixed[row * size + column] = true
    }

    private mutating func drawFinder(_ row: Int, _ column: Int) {
        for down in -4...4 {
            for right in -4...4 {
                let ring = max(abs(down), abs(right))
                fix(row + down, column + right, ring != 2 && ring != 4)
            }
        }
    }

    private mutating func drawAlignment(_ row: Int, _ column: Int) {
        for down in -2...2 {
            for right in -2...2 {
                fix(row + down, column + right, max(abs(down), abs(right)) != 1)
            }
        }
    }

    /// The fifteen bits of format information, twice, and the module that is always dark, section 7.9.
    private mutating func drawFormat(_ bits: Int) {
        for bit in 0..<15 {
            let isDark = bits >> bit & 1 == 1
            switch bit {
            case 0...5: fix(bit, 8, isDark)
            case 6, 7: fix(bit + 1, 8, isDark)
            case 8: fix(8, 7, isDark)
            default: fix(8, 14 - bit, isDark)
            }
            if bit < 8 {
                fix(8, size - 1 - bit, isDark)
            } else {
                fix(size - 15 + bit, 8, isDark)
            }
        }
        fix(size - 8, 8, true)
    }

    /// Lays codewords into what is free: two columns at a time from the right, up and down in turn.
    mutating func place(_ codewords: [UInt8]) {
        var bits = codewords.lazy.flatMap { byte in
            (0..<8).reversed().map { byte >> $0 & 1 == 1 }
        }.makeIterator()
        for pair in 0..<(size - 1) / 2 {
            // The column of the timing pattern belongs to no pair.
            let right = size - 1 - 2 * pair - (size - 1 - 2 * pair <= 6 ? 1 : 0)
            for step in 0..<size {
                let row = pair.isMultiple(of: 2) ? size - 1 - step : step
                for column in [right, right - 1] where !isFixed[row * size + column] {
                    modules[row * size + column] = bits.next() ?? false
                }
            }
        }
    }

    /// The modules under a mask, with the format information that names it, section 7.8.
    func masked(_ mask: Int, _ correction: QRVersion.Correction) -> [Bool] {
        var result = self
        for row in 0..<size {
            for column in 0..<size where !isFixed[row * size + column] {
                if Self.inverts(mask, row, column) { result.modules[row * size + column].toggle() }
            }
        }
        let data = correction.bits << 3 | mask
        var rest = data
        for _ in 0..<10 { rest = rest << 1 ^ (rest >> 9) * 0x537 }
        result.drawFormat((data << 10 | rest) ^ 0x5412)
        return result.modules
    }

    /// Whether a mask inverts a module, table 10.
    private static func inverts(_ mask: Int, _ row: Int, _ column: Int) -> Bool {
        switch mask {
        case 0: (row + column) % 2 == 0
        case 1: row % 2 == 0
        case 2: column % 3 == 0
        case 3: (row + column) % 3 == 0
        case 4: (row / 2 + column / 3) % 2 == 0
        case 5: row * column % 2 + row * column % 3 == 0
        case 6: (row * column % 2 + row * column % 3) % 2 == 0
        default: ((row + column) % 2 + row * column % 3) % 2 == 0
        }
    }
}
