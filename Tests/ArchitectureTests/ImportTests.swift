// SPDX-License-Identifier: Apache-2.0
import Testing

@Suite("Imports")
struct ImportTests {
    @Test("every module imports what the table allows and nothing else")
    func importsAreAllowed() throws {
        for file in try SourceTree.files(in: "Sources", endingIn: [".swift"]) {
            #expect(
                ImportTable.faults(in: file.text, module: file.module) == [],
                "\(file.path)")
        }
    }

    @Test("every folder under Sources is a module of the table")
    func foldersAreListed() throws {
        for name in try SourceTree.names(in: "Sources") {
            let isListed =
                ImportTable.allowed[name] != nil || ImportTable.declarations.contains(name)
            #expect(isListed, "Sources/\(name)")
        }
    }

    @Test("a folder that declares C holds no Swift")
    func declarationsHoldNoSwift() throws {
        for name in ImportTable.declarations.sorted()
        where try SourceTree.names(in: "Sources").contains(name) {
            let files = try SourceTree.files(in: "Sources/\(name)", endingIn: [".swift"])
            #expect(files.map(\.path) == [])
        }
    }

    @Test("the tests import nothing that is forbidden everywhere")
    func testsImportNothingForbidden() throws {
        for file in try SourceTree.files(in: "Tests", endingIn: [".swift"]) {
            let found = ImportScanner.imports(in: file.text).filter {
                ImportTable.forbidden.contains($0.module)
            }
            #expect(found == [], "\(file.path)")
        }
    }

    @Test("a pure module may import neither the C library nor what reads files or the clock")
    func pureModulesArePure() {
        for module in ImportTable.pure {
            let impure = ["CLinux", "CSQLite", "CZstd", "Glibc", "LedgerStore", "Spool", "Token"]
            #expect(ImportTable.allowed[module]?.isDisjoint(with: impure) == true, "\(module)")
        }
    }

    @Test(
        "an outside module has one door",
        arguments: [
            ("CYAML", ["Configuration"]),
            ("ArgumentParser", ["ConclaveCommands", "conclave-verify"]),
            ("COpenSSL", ["SSHCrypto"]),
            ("CSodium", ["SSHCrypto"]),
            ("CSQLite", ["LedgerStore"]),
            ("CZstd", ["LedgerStore"]),
            ("CPKCS11", ["PKCS11Token"]),
        ])
    func outsideModulesHaveOneDoor(module: String, doors: [String]) {
        let found = ImportTable.allowed.filter { $0.value.contains(module) }.keys.sorted()
        #expect(found == doors)
    }

    @Test("the verifier shares nothing with what it checks but the formats and the rules")
    func verifierStandsApart() {
        let machinery = [
            "Ceremony", "CeremonyRunner", "Configuration", "LedgerStore", "PKCS11Token", "Spool",
            "Token",
        ]
        #expect(ImportTable.allowed["conclave-verify"]?.isDisjoint(with: machinery) == true)
    }

    @Test("the table's arrows go one way")
    func arrowsGoOneWay() {
        var settled: Set<String> = []
        var waiting = ImportTable.allowed
        while case let ready = waiting.filter({ _, imports in
            imports.allSatisfy { settled.contains($0) || waiting[$0] == nil }
        }), !ready.isEmpty {
            for module in ready.keys {
                settled.insert(module)
                waiting[module] = nil
            }
        }
        #expect(waiting.keys.sorted() == [])
    }
}

@Suite("The checker of imports")
struct ImportCheckerTests {
    @Test("a forbidden import is found with its line")
    func forbiddenImportIsFound() {
        let text = ["// a file", "import Documents", "import Foundation"].joined(separator: "\n")
        #expect(
            ImportTable.faults(in: text, module: "Ledger")
                == ["line 3: Ledger imports Foundation, which is not allowed"])
    }

    @Test("an import that is not on the module's list is found")
    func unlistedImportIsFound() {
        #expect(
            ImportTable.faults(in: "import Glibc\n", module: "SSHFormats")
                == ["line 1: SSHFormats imports Glibc, which is not allowed"])
        #expect(ImportTable.faults(in: "import Glibc\n", module: "Spool") == [])
    }

    @Test("a module that is not in the table is found")
    func unlistedModuleIsFound() {
        #expect(
            ImportTable.faults(in: "", module: "Shortcut")
                == ["module Shortcut is not in the table of imports"])
    }

    @Test(
        "every way to write an import is seen",
        arguments: [
            "import Foundation", "  import Foundation  ", "public import Foundation",
            "@preconcurrency import Foundation", "@_exported public import Foundation",
            "import struct Foundation.Date", "import Foundation.NSDate", "import `Foundation`",
            "import Documents; import Foundation", "import Foundation // why not",
            "@testable\timport\tFoundation",
        ])
    func everyImportIsSeen(line: String) {
        #expect(ImportScanner.imports(in: line).map(\.module).contains("Foundation"))
    }

    @Test(
        "what only looks like an import is not one",
        arguments: [
            "// import Foundation", "/// import Foundation", "let x = \"import Foundation\"",
            "important Foundation", "import", "func import Foundation",
        ])
    func lookalikesAreNotImports(line: String) {
        #expect(ImportScanner.imports(in: line) == [])
    }
}
