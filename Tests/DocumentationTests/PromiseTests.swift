// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("The promises of the threat model")
struct PromiseTests {
    private static let path = "Docs/Security/ThreatModel.md"

    @Test("every test that is said to hold a promise is there, under that name")
    func testsAreThere() throws {
        var count = 0
        for line in try Page(Self.path).prose where line.text.hasPrefix("- `Tests/") {
            let claim = try #require(Claim(line.text), "\(Self.path):\(line.line)")
            let source = String(
                decoding: try contents(ofFile: Page.root + claim.file), as: UTF8.self)
            #expect(source.contains("\"\(claim.test)\""), "\(Self.path):\(line.line)")
            count += 1
        }
        #expect(count > 30)
    }

    @Test("the twelve promises stand in their order, and the overview names the same ones")
    func promisesAreTwelve() throws {
        let headings = try Page(Self.path).prose.map(\.text).filter { $0.hasPrefix("### ") }
            .map { String($0.dropFirst(4)) }
        #expect(headings.count == 12)
        let overview = try Page("Docs/Design/Overview.md").text
        for (place, heading) in headings.enumerated() {
            #expect(heading.hasPrefix("\(place + 1). "))
            #expect(overview.contains("\n\(heading).\n"), "\(heading)")
        }
    }

    @Test("a claim is a file and the name of a test in it")
    func claimsAreRead() throws {
        let claim = try #require(Claim("- `Tests/A/B.swift`: \"it's so\""))
        #expect(claim.file == "Tests/A/B.swift")
        #expect(claim.test == "it's so")
        #expect(Claim("- `Tests/A/B.swift`: it's so") == nil)
        #expect(Claim("- Tests/A/B.swift: \"it's so\"") == nil)
    }

    /// A line such as: - `Tests/A/B.swift`: "what holds".
    private struct Claim {
        let file: String
        let test: String

        init?(_ line: String) {
            let parts = line.split(separator: "`", omittingEmptySubsequences: false)
            guard parts.count == 3, parts[0] == "- ", parts[2].hasPrefix(": \""),
                parts[2].hasSuffix("\""), parts[2].count > 4
            else { return nil }
            file = String(parts[1])
            test = String(parts[2].dropFirst(3).dropLast())
        }
    }
}
