// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@testable import Reports

@Suite struct QRCodeTests {
    /// ISO/IEC 18004:2015, table 7: the bytes that versions 1 to 40 hold at levels M and Q.
    private static let capacities: [(correction: QRVersion.Correction, bytes: [Int])] = [
        (
            .medium,
            [
                14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504,
                560, 624, 666, 711, 779, 857, 911, 997, 1059, 1125, 1190, 1264, 1370, 1452, 1538,
                1628, 1722, 1809, 1911, 1989, 2099, 2213, 2331,
            ]
        ),
        (
            .quartile,
            [
                11, 20, 32, 46, 60, 74, 86, 108, 130, 151, 177, 203, 241, 258, 292, 322, 364, 394,
                442, 482, 509, 565, 611, 661, 715, 751, 805, 868, 908, 982, 1030, 1112, 1168, 1228,
                1283, 1351, 1423, 1499, 1579, 1663,
            ]
        ),
    ]

    @Test(
        "each version holds as many bytes as the standard's table says, and one more takes the next"
    )
    func capacity() throws {
        for (correction, capacities) in Self.capacities {
            #expect(
                QRVersion.range.compactMap { QRVersion($0)?.capacity(correction) } == capacities)
            for (place, capacity) in capacities.enumerated() {
                #expect(QRVersion(holding: capacity, correction)?.number == place + 1)
                let more = QRVersion(holding: capacity + 1, correction)
                #expect(more?.number == (place < 39 ? place + 2 : nil))
            }
        }
        let tooMuch = Array(repeating: UInt8(0), count: 2332)
        #expect(QRCode(tooMuch, correction: .medium)?.version == nil)
        #expect(QRVersion(0) == nil && QRVersion(41) == nil)
    }

    @Test("patterns and codewords fill the square to the bits that remain")
    func wholeSquare() throws {
        // Table 1: modules for data, in bits, at versions where the remainder changes.
        let bits = [1: 208, 2: 359, 7: 1568, 14: 4651, 21: 9252, 28: 15371, 32: 19723, 40: 29648]
        for (number, modules) in bits {
            let version = try #require(QRVersion(number))
            #expect(version.codewords == modules / 8, "version \(number)")
        }
    }

    @Test("alignment patterns stand where annex E puts them")
    func alignments() {
        let known = [
            1: [], 2: [6, 18], 6: [6, 34], 7: [6, 22, 38], 14: [6, 26, 46, 66],
            22: [6, 26, 50, 74, 98], 32: [6, 34, 60, 86, 112, 138],
            36: [6, 24, 50, 76, 102, 128, 154], 39: [6, 26, 54, 82, 110, 138, 166],
            40: [6, 30, 58, 86, 114, 142, 170],
        ]
        for (number, places) in known { #expect(QRVersion(number)?.alignments == places) }
        // Annex D: the version information of versions 7 and 40.
        #expect(QRVersion(6)?.information == nil)
        #expect(QRVersion(7)?.information == 0x07C94)
        #expect(QRVersion(40)?.information == 0x28C69)
    }

    @Test("the standard's own example has the correction codewords that it prints")
    func publishedCodewords() {
        // ISO/IEC 18004:2015, annex I: "01234567" at version 1, level M.
        let data: [UInt8] = [
            0x10, 0x20, 0x0C, 0x56, 0x61, 0x80, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11,
            0xEC, 0x11,
        ]
        #expect(
            ReedSolomon(count: 10).codewords(for: data) == [
                0xA5, 0x24, 0xD4, 0xC1, 0xED, 0x36, 0xC7, 0x87, 0x2C, 0x55,
            ])
    }

    @Test("a block with its codewords is zero at every root of the generator")
    func syndromes() {
        // Powers and logarithms of 2, apart from the product in the code.
        var powers: [Int] = [1]
        for _ in 0..<254 {
            let double = powers[powers.count - 1] << 1
            powers.append(double > 255 ? double ^ 0x11D : double)
        }
        #expect(Set(powers).count == 255)
        for count in [10, 13, 16, 17, 18, 20, 22, 24, 26, 28, 30] {
            let data = (0..<123).map { UInt8(truncatingIfNeeded: $0 * $0 + count) }
            let block = data + ReedSolomon(count: count).codewords(for: data)
            for root in 0..<count {
                var value = 0
                for byte in block {
                    let place = powers.firstIndex(of: value).map { ($0 + root) % 255 }
                    value = (place.map { powers[$0] } ?? 0) ^ Int(byte)
                }
                #expect(value == 0, "root \(root) of \(count)")
            }
        }
    }

    @Test("an SVG of a code draws each dark module once, within a margin of four")
    func drawing() throws {
        let code = try #require(QRCode(Array("a".utf8), correction: .medium))
        let svg = code.svg(title: "<a> & \"b\"", identifier: "qr")
        #expect(svg.contains("viewBox=\"0 0 29 29\""))
        #expect(svg.contains("<title id=\"qr-title\">&lt;a&gt; &amp; &quot;b&quot;</title>"))
        var dark: Set<[Int]> = []
        for run in svg.matches(of: #/M(\d+) (\d+)h(\d+)v1h-(\d+)z/#) {
            let numbers = [run.1, run.2, run.3, run.4].compactMap { Int($0) }
            #expect(numbers[2] == numbers[3])
            for step in 0..<numbers[2] {
                #expect(dark.insert([numbers[1] - 4, numbers[0] - 4 + step]).inserted)
            }
        }
        let expected = (0..<21).flatMap { row in (0..<21).map { [row, $0] } }
            .filter { code.isDark(row: $0[0], column: $0[1]) }
        #expect(dark == Set(expected))
        #expect(!code.isDark(row: -1, column: 0) && !code.isDark(row: 0, column: 21))
    }
}
