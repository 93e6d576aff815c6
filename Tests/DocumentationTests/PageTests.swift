// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("Pages")
struct PageTests {
    @Test("the format pages are those of the folder, and each is in the index")
    func formatPagesAreListed() throws {
        let names = try Subprocess.run("/bin/ls", [Page.root + "Docs/Formats"]).output
            .split(separator: "\n").map { "Docs/Formats/\($0)" }
        #expect(names.sorted() == Page.formats.sorted())
        let index = try Page("Docs/README.md").text
        for path in Page.formats {
            #expect(index.contains("(\(path.dropFirst(5)))"), "\(path)")
        }
    }

    @Test("a format page has an example on top and the parts that a reader looks for")
    func formatPagesHaveTheirParts() throws {
        for path in Page.formats where path != "Docs/Formats/Conventions.md" {
            let page = try Page(path)
            let parts = page.prose.filter { $0.text.hasPrefix("## ") }.map(\.text)
            let first = page.prose.first { $0.text.hasPrefix("## ") }?.line ?? 0
            #expect(page.blocks.first.map { $0.line < first } == true, "\(path): no example on top")
            for part in ["Conventions", "Format", "Signatures", "Limits"] {
                #expect(parts.contains("## \(part)"), "\(path): no part \(part)")
            }
            #expect(parts.contains("## Check it without Conclave"), "\(path)")
        }
    }

    @Test("a name shows one text wherever it is shown")
    func examplesAgree() throws {
        var seen: [String: [UInt8]] = [:]
        for path in Page.formats {
            for block in try Page(path).blocks {
                guard let name = block.fileName else { continue }
                if let other = seen.updateValue(block.bytes, forKey: name) {
                    #expect(other == block.bytes, "\(path): \(name)")
                }
            }
        }
        #expect(!seen.isEmpty)
    }

    @Test("every package that is installed stands on the page of dependencies")
    func packagesAreExplained() throws {
        let script = Page.root + "Ceremony/Setup/install-packages.sh"
        let listing = try Subprocess.run("/bin/sh", [script, "--list"]).output
        let names = listing.split(separator: "\n").compactMap { $0.split(separator: " ").first }
        #expect(names.count > 5)
        let page = try Page("Docs/Design/Dependencies.md").text
        for name in names { #expect(page.contains("`\(name)`"), "\(name)") }
    }

    @Test("every link of the documentation leads to a file, and to a heading where it names one")
    func linksLead() throws {
        let listing = try Subprocess.run(
            "/usr/bin/find",
            [Page.root + "Docs", Page.root + "README.md", "-name", "*.md", "-type", "f"])
        let paths = listing.output.split(separator: "\n").map {
            String($0.dropFirst(Page.root.count))
        }
        #expect(paths.count > Page.formats.count)
        for path in paths {
            let page = try Page(path)
            for (line, text) in page.prose {
                for target in Links.targets(in: text) {
                    let fault = Links.fault(of: target, on: path)
                    #expect(fault == nil, "\(path):\(line): \(target): \(fault ?? "")")
                }
            }
        }
    }

    @Test(
        "what a link leads to is found",
        arguments: [
            ("see [a](B.md) and [c](../D.md#e-f)", ["B.md", "../D.md#e-f"]),
            ("[x](https://example.org) `[y](z)`", ["https://example.org"]),
            ("nothing (here) [at] all", []),
        ])
    func linksAreFound(text: String, targets: [String]) {
        #expect(Links.targets(in: text) == targets)
    }
}

/// Finds links of Markdown, and where they lead.
private enum Links {
    static func targets(in line: String) -> [String] {
        var targets: [String] = []
        var rest = withoutCode(line)[...]
        while let found = rest.firstRange(of: "](") {
            rest = rest[found.upperBound...]
            targets.append(String(rest.prefix { $0 != ")" }))
        }
        return targets
    }

    static func fault(of target: String, on path: String) -> String? {
        if target.hasPrefix("https://") { return nil }
        let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let file = parts.first.map(String.init) ?? ""
        let place = file.isEmpty ? path : resolve(file, from: path)
        do {
            guard parts.count == 2 else {
                if place.hasSuffix("/") || !place.hasSuffix(".md") { return nil }
                _ = try Page(place)
                return nil
            }
            let anchors = try Page(place).prose.filter { $0.text.hasPrefix("#") }
                .map { anchor(of: $0.text) }
            return anchors.contains(String(parts[1])) ? nil : "no such heading"
        } catch {
            return "\(error)"
        }
    }

    private static func withoutCode(_ line: String) -> String {
        line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset.isMultiple(of: 2) }.map { String($0.element) }.joined()
    }

    private static func resolve(_ file: String, from path: String) -> String {
        var folders = path.split(separator: "/").dropLast().map(String.init)
        for part in file.split(separator: "/", omittingEmptySubsequences: false) {
            if part == ".." {
                folders.removeLast()
            } else {
                folders.append(String(part))
            }
        }
        return folders.joined(separator: "/")
    }

    /// The name of a heading in a link: lower case, spaces as hyphens, letters, digits and hyphens.
    private static func anchor(of heading: String) -> String {
        heading.drop { $0 == "#" }.drop { $0 == " " }.lowercased()
            .filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }
            .map { $0 == " " ? "-" : String($0) }.joined()
    }
}
