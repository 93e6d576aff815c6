// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import SSHCrypto
import TestSupport
import Testing

@testable import Reports

@Suite struct CeremonyReportTests {
    /// Texts that mean something to a browser, a terminal or a reader of JSON.
    static let hostile = [
        "<script>alert(1)</script>", "</style><img src=x onerror=alert(1)>", "\"'><svg onload=x>",
        "&lt;b&gt;&amp;", "a\"b\\c'd", "line\nbreak\r\ttab", "\u{1B}[31mred\u{7}",
        "\u{202E}rtl\u{2066}",
        "nul\u{0}", "\u{FEFF}\u{200B}", "<!-- -->]]>", "\u{E0041}\u{10FFFD}", "\u{2028}\u{2029}",
        "",
        String(repeating: "<'\"é&\u{202E}", count: 7_282),
    ]

    /// A report with this text wherever others' texts may stand.
    private func report(_ text: String) throws -> CeremonyReport {
        try SampleReport(text: text, certificates: 1, isAbandoned: true).report
    }

    @Test("whatever stands in a text of others, the page holds no markup but our own")
    func page() throws {
        /// Everything from `<` to `>`; where text runs from left to right alone, it is not set apart.
        func tags(_ page: String) -> [[UInt8]] {
            page.utf8.split(separator: UInt8(ascii: "<")).dropFirst().map { part in
                Array(part.prefix { $0 != UInt8(ascii: ">") })
            }.filter { $0 != Array("bdi".utf8) && $0 != Array("/bdi".utf8) }
        }
        let known = try tags(report("plain").html)
        for (place, text) in Self.hostile.enumerated() {
            let html = try report(text).html
            #expect(tags(html) == known, "text \(place)")
            #expect(Self.isShown(html), "text \(place)")
        }
    }

    @Test("whatever stands in a text of others, the text keeps its lines")
    func lines() throws {
        let known = try report("plain").text.utf8.count { $0 == 0x0A }
        for (place, text) in Self.hostile.enumerated() {
            let page = try report(text).text
            #expect(page.utf8.count { $0 == 0x0A } == known, "text \(place)")
            #expect(Self.isShown(page), "text \(place)")
        }
    }

    @Test("whatever stands in a text of others, a reader of JSON gets it back")
    func value() throws {
        let directory = try TemporaryDirectory()
        for (place, text) in Self.hostile.enumerated() {
            let json = try report(text).json
            #expect(Self.isShown(json), "text \(place)")
            try directory.write("\(place).json", json)
            try directory.write("\(place).txt", text)
        }
        let judge = try Subprocess.run(
            "/usr/bin/env",
            [
                "python3", "-c",
                """
                import json, sys
                for place in range(int(sys.argv[2])):
                    name = f'{sys.argv[1]}/{place}'
                    wanted = open(name + '.txt', 'rb').read().decode()
                    found = json.load(open(name + '.json', encoding='utf-8'))
                    item, token = found['items'][0], found['tokens'][0]
                    texts = [found['approvals'][0]['officer'], found['abandonment']['reason'],
                        item['summary'], item['certificate']['requester'], token['claims'],
                        found['exceptions'][0]['message'], found['persons'][1]['name'],
                        found['items'][1]['reason'], token['attestation']['faults'][0],
                        found['ceremony']['program'], item['excluded'][0]['reason']]
                    for text in texts:
                        assert text == wanted, (place, text[:80])
                    assert item['certificate']['serial'] == '281474976710656'
                    assert item['done'] is None
                """, directory.path, String(Self.hostile.count),
            ])
        #expect(judge.status == .exited(0), "\(judge.errors.suffix(400))")
    }

    /// Whether nothing in a rendering steers a terminal or hides.
    private static func isShown(_ rendering: String) -> Bool {
        rendering.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F || $0 == 0x0A }
            || rendering.unicodeScalars.allSatisfy { $0 == "\n" || SafeText.allows($0) }
    }

    @Test("the page may use its own style and nothing else, and refers to nothing")
    func selfContained() throws {
        let html = try SampleReport().report.html
        let policy = try #require(
            html.firstMatch(of: #/http-equiv="Content-Security-Policy" content="([^"]*)"/#)?.1)
        let sheet = try #require(html.firstMatch(of: #/(?s)<style>(.*)</style>/#)?.1)
        let sum = SHA256Digest(hashing: Array(sheet.utf8)).base64
        #expect(
            policy
                == "default-src 'none'; style-src 'sha256-\(sum)'; base-uri 'none'; form-action 'none'"
        )
        for word in ["<script", "src=", "href", "url(", "@import", "http:", "https:", " style="] {
            #expect(!html.contains(word), "\(word)")
        }
        #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">\n"))
        #expect(html.matches(of: #/<h1>/#).count == 1)
        // Each cell that names others says whether a row or a column, for those who hear the page.
        #expect(
            html.matches(of: #/<th scope="(row|col)">/#).count
                == html.matches(of: #/<th[ >]/#).count)
    }

    @Test(
        "genesis, batch, checkpoint and keys have 32 words, items 16, each of the digest above them"
    )
    func words() throws {
        let report = try SampleReport().report
        let home = PGPWords.encode(report.home.bytes)
        let item = PGPWords.encode(SHA256Digest.sample(11).bytes.prefix(16))
        #expect(home.count == 32 && item.count == 16 && report.items[0].words == item)
        for rendering in [report.json, report.html] {
            #expect(rendering.contains(home.joined(separator: " ")))
            #expect(rendering.contains(item.joined(separator: " ")))
        }
        let key = PGPWords.encode(report.tokens[0].key.digest.bytes)
        #expect(report.text.contains("    words     \(key.prefix(8).joined(separator: " "))\n"))
        #expect(report.text.contains("               \(item.suffix(8).joined(separator: " "))\n"))
        #expect(
            report.tokens[0].key.fingerprint
                == "SHA256:\(report.tokens[0].key.digest.base64.dropLast())")
    }

    @Test("the page's QR code is read as the checkpoint's text, byte for byte")
    func code() throws {
        let report = try SampleReport().report
        let code = try #require(QRCode(report.checkpoint.bytes, correction: .quartile))
        #expect(
            report.html.contains(
                code.svg(title: "QR code of the checkpoint text beside it", identifier: "qr")))
    }

    @Test("an abandoned ceremony tells who decided, and marks what was given up")
    func abandoned() throws {
        let report = try SampleReport(certificates: 3, isAbandoned: true).report
        #expect(report.certificates == 2 && report.plannedCertificates == 3)
        #expect(report.text.contains("\nissued          2 of 3 certificates\n"))
        #expect(report.text.contains("\nabandoned       2027-01-15T08:01:00Z, ledger entry 60\n"))
        #expect(report.text.contains("\n     NOT ISSUED; its serial is revoked and never signed\n"))
        #expect(
            report.html.contains(
                "<td><strong>NOT ISSUED; its serial is revoked and never signed</strong></td>"))
        #expect(try !SampleReport().report.text.contains("NOT ISSUED"))
    }

    @Test("each item takes the same room, however many there are")
    func size() throws {
        let few = try SampleReport(certificates: 100).report
        let many = try SampleReport(certificates: 1_000).report
        func growth(_ rendering: (CeremonyReport) -> String) -> Int {
            (rendering(many).utf8.count - rendering(few).utf8.count) / 900
        }
        #expect(growth(\.text) < 1_500 && growth(\.json) < 2_500 && growth(\.html) < 2_500)
    }
}
