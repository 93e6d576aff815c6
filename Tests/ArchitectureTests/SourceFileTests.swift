// SPDX-License-Identifier: Apache-2.0
import Testing

@Suite("Source files")
struct SourceFileTests {
    private static let licence = "SPDX-License-Identifier: Apache-2.0"
    private static let maximumLines = 500
    private static let endings = [
        ".c", ".h", ".modulemap", ".ps1", ".py", ".sh", ".swift", ".yaml",
    ]

    private static func files() throws -> [SourceTree.File] {
        try ["Sources", "Tests", "Ceremony"]
            .flatMap { try SourceTree.files(in: $0, endingIn: endings) }
    }

    @Test("every source file begins with its licence")
    func licenceComesFirst() throws {
        for file in try Self.files() {
            #expect(Self.beginsWithLicence(file.lines), "\(file.path)")
        }
    }

    @Test("no source file is above 500 lines")
    func filesAreShort() throws {
        for file in try Self.files() {
            #expect(file.lines.count <= Self.maximumLines, "\(file.path)")
        }
    }

    @Test("the licence may follow a line that must come first, and nothing else")
    func licenceLineIsFound() {
        #expect(Self.beginsWithLicence(["// \(Self.licence)", "import Testing"]))
        #expect(Self.beginsWithLicence(["#!/bin/sh", "# \(Self.licence)"]))
        #expect(Self.beginsWithLicence(["// swift-tools-version: 6.2", "// \(Self.licence)"]))
        #expect(!Self.beginsWithLicence(["", "// \(Self.licence)"]))
        #expect(!Self.beginsWithLicence(["import Testing", "// \(Self.licence)"]))
        #expect(!Self.beginsWithLicence(["#!/bin/sh"]))
        #expect(!Self.beginsWithLicence([]))
    }

    private static func beginsWithLicence(_ lines: [Substring]) -> Bool {
        let mustComeFirst = ["#!", "// swift-tools-version"]
        guard let first = lines.first else { return false }
        let isFree = !mustComeFirst.contains { first.hasPrefix($0) }
        return (isFree ? first : lines.dropFirst().first)?.contains(licence) == true
    }

    @Test("the offline programs open no internet socket")
    func programsOpenNoSocket() throws {
        let sources = try SourceTree.files(in: "Sources", endingIn: [".c", ".h", ".swift"])
        for (module, files) in Dictionary(grouping: sources, by: \.module) {
            let declared = NetworkCalls.declared(in: files.map(\.text))
            for file in files {
                #expect(
                    NetworkCalls.faults(in: file.text, declared: declared) == [],
                    "\(file.path) of \(module)")
            }
        }
    }

    @Test(
        "a call that reaches for the network is found",
        arguments: ["socket", "connect", "bind", "getaddrinfo"])
    func networkCallIsFound(call: String) {
        let ours: Set = [call]
        #expect(
            NetworkCalls.faults(in: "let x = 1\nlet f = \(call)(AF_INET, 1, 0)\n")
                == ["line 2 calls \(call)"])
        #expect(NetworkCalls.faults(in: "let f = Glibc.\(call)(1)") == ["line 1 calls \(call)"])
        #expect(
            NetworkCalls.faults(in: "Glibc.\(call)(1)", declared: ours)
                == ["line 1 calls \(call)"])
        #expect(NetworkCalls.faults(in: "try \(call)(uri)", declared: ours) == [])
        #expect(NetworkCalls.faults(in: "try statement.\(call)(1)") == [])
        #expect(NetworkCalls.faults(in: "let f = my_\(call)(1)") == [])
        #expect(NetworkCalls.faults(in: "// never \(call)(…)") == [])
        #expect(NetworkCalls.declared(in: ["  func \(call)(_ x: Int) {}"]) == ours)
        #expect(NetworkCalls.declared(in: ["\(call)(1)"]) == [])
    }
}
