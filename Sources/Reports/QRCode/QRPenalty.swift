// SPDX-License-Identifier: Apache-2.0

/// How hard a masked QR code is to read, ISO/IEC 18004:2015, section 7.8.3.
struct QRPenalty {
    /// The sum of all penalties; the mask with the lowest is taken.
    let sum: Int

    init(_ modules: [Bool], size: Int) {
        var sum = 0
        for place in 0..<size {
            let row = Array(modules[place * size..<(place + 1) * size])
            let column = (0..<size).map { modules[$0 * size + place] }
            sum += Self.line(row) + Self.line(column)
        }
        for row in 0..<size - 1 {
            for column in 0..<size - 1 {
                let place = row * size + column
                let isDark = modules[place]
                if modules[place + 1] == isDark, modules[place + size] == isDark,
                    modules[place + size + 1] == isDark
                {
                    sum += 3
                }
            }
        }
        // Ten for every five percent of dark modules more or fewer than half.
        let dark = modules.count { $0 }
        let total = modules.count
        sum += 10 * (abs(dark * 20 - total * 10) / max(1, total))
        self.sum = sum
    }

    /// The penalties of one row or column: runs of five and more, and what looks like a finder.
    private static func line(_ line: [Bool]) -> Int {
        var sum = 0
        var run = 0
        for (place, isDark) in line.enumerated() {
            run = place > 0 && line[place - 1] == isDark ? run + 1 : 1
            if run == 5 { sum += 3 } else if run > 5 { sum += 1 }
        }
        for (pattern, length) in [(0b0000_1011101, 11), (0b1011101_0000, 11)] {
            var window = 0
            for (place, isDark) in line.enumerated() {
                window = (window << 1 | (isDark ? 1 : 0)) & ((1 << length) - 1)
                if place >= length - 1, window == pattern { sum += 40 }
            }
        }
        return sum
    }
}
