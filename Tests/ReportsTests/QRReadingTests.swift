// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@testable import Reports

/// A reader of other people's making judges our codes.
@Suite("QR codes read by zbarimg") struct QRReadingTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test("codes of every version are read back byte for byte, at both levels")
    func everyVersion() throws {
        var wanted: [String] = []
        for correction in QRVersion.Correction.allCases {
            for number in QRVersion.range
            where number < 12 || number.isMultiple(of: 7) || number == 40 {
                let capacity = try #require(QRVersion(number)).capacity(correction)
                let text = Self.text(capacity)
                let code = try #require(
                    QRCode(
                        Array(text.utf8), correction: correction,
                        mask: number > 10 ? number % 8 : nil))
                #expect(code.version.number == number)
                try write(code, "\(correction)-\(100 + number)")
                wanted.append(text)
            }
        }
        #expect(try read() == wanted)
    }

    @Test("each of the eight masks is read")
    func masks() throws {
        let text = Self.text(131)
        for mask in 0..<8 {
            let code = try #require(QRCode(Array(text.utf8), correction: .quartile, mask: mask))
            #expect(code.mask == mask)
            try write(code, "\(mask)")
        }
        #expect(try read() == Array(repeating: text, count: 8))
    }

    @Test("a code with a stain is mended from its correction codewords")
    func damage() throws {
        let text = Self.text(130)
        let code = try #require(QRCode(Array(text.utf8), correction: .quartile))
        // A dark square in the data, away from finders and timing: some seventh of the area.
        try write(code, "stained") { row, column in
            (16..<36).contains(row) && (16..<36).contains(column)
        }
        #expect(try read() == [text])
    }

    /// Text without line ends, which tell codes apart in what the reader writes.
    private static func text(_ length: Int) -> String {
        String(
            String(repeating: "conclave/ledger/5df6e0e2 12 CsUYapGGPo4d= ", count: 60).prefix(
                length))
    }

    /// Writes a code as a picture of four points a module, PBM in bits.
    private func write(
        _ code: QRCode, _ name: String, stain: (Int, Int) -> Bool = { _, _ in false }
    ) throws {
        let points = 4 * (code.size + 8)
        var picture = Array("P4\n\(points) \(points)\n".utf8)
        for row in 0..<points {
            var bits: [Bool] = []
            for column in 0..<points {
                let (down, right) = (row / 4 - 4, column / 4 - 4)
                bits.append(code.isDark(row: down, column: right) || stain(down, right))
            }
            for start in stride(from: 0, to: points, by: 8) {
                picture.append(
                    (0..<8).reduce(0) { byte, place in
                        let bit = start + place < points && bits[start + place]
                        return byte << 1 | (bit ? 1 : 0)
                    })
            }
        }
        try directory.write("\(name).pbm", picture)
    }

    private func read() throws -> [String] {
        let outcome = try Subprocess.run(
            "/bin/sh",
            [
                "-c",
                "cd \"$0\" && exec zbarimg --quiet --raw --nodbus -Sdisable -Sqrcode.enable *.pbm",
                directory.path,
            ])
        #expect(outcome.status == .exited(0), "\(outcome.errors)")
        return outcome.output.split(separator: "\n").map(String.init)
    }
}
