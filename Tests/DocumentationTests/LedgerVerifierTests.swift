// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("The verifier that shares no line with Conclave")
struct LedgerVerifierTests {
    private static let path = "Ceremony/Verify/verify-ledger.py"

    /// The rows of a part's tables: a field, and how often it stands there.
    private static func rows(below heading: String, on page: Page) -> [String] {
        var isInside = false
        var rows: [String] = []
        for (_, text) in page.prose {
            if text.hasPrefix("#") { isInside = text == heading }
            let cells = text.split(separator: "|").map { $0.drop { $0 == " " } }
            guard isInside, text.hasPrefix("| `"), cells.count >= 2 else { continue }
            let name = cells[0].split(separator: "`").first.map(String.init) ?? ""
            // The extensions of a certificate, `.3` and so on, are no fields.
            guard name.first?.isLetter == true else { continue }
            let times = cells[1].reversed().drop { $0 == " " }.reversed()
            switch String(times) {
            case "1": rows.append(name)
            case "0 or 1": rows.append(name + "?")
            case "any": rows.append(name + "*")
            default: rows.append(name + "+")
            }
        }
        return rows
    }

    @Test("it knows the fields that the page of the ledger's entries lists, for every kind")
    func fields() throws {
        let page = try Page("Docs/Formats/LedgerEntry.md")
        let kinds = page.prose.map(\.text).filter { $0.hasPrefix("### `") }
            .map { String($0.dropFirst(5).dropLast()) }
        let told = try Subprocess.run(
            "/usr/bin/env",
            [
                "python3", "-c",
                """
                import runpy, sys
                for kind, fields in runpy.run_path(sys.argv[1])["KINDS"].items():
                    print(f"{kind}: {fields}")
                """,
                Page.root + Self.path,
            ])
        #expect(told.status == .exited(0), "\(told.errors)")
        var known: [String: [String]] = [:]
        for line in told.output.split(separator: "\n") {
            let parts = line.split(separator: ": ", maxSplits: 1).map(String.init)
            known[parts[0]] = parts[1].split(separator: " ").map(String.init)
                .filter { $0 != ";" && $0 != "!" }
        }
        #expect(Set(known.keys) == Set(kinds))
        // What tokens attest has a page of its own, and another token is told like the first.
        let opened =
            Self.rows(below: "### `ceremony-opened`", on: page)
            + Self.rows(below: "## Format", on: try Page("Docs/Formats/Attestation.md"))
        #expect(opened.count > 7)
        for kind in kinds {
            let rows =
                ["ceremony-opened", "token"].contains(kind)
                ? opened : Self.rows(below: "### `\(kind)`", on: page)
            #expect(known[kind] == rows, "\(kind)")
        }
    }

    /// What Python tells of the verifier, loaded as `verifier` before these lines.
    private static func told(_ lines: String) throws -> String {
        let done = try Subprocess.run(
            "/usr/bin/env",
            [
                "python3", "-c",
                "import pathlib, runpy, sys, tempfile\nverifier = runpy.run_path(sys.argv[1])\n"
                    + lines,
                Page.root + path,
            ])
        #expect(done.status == .exited(0), "\(done.errors)")
        return done.output
    }

    @Test("from the second of its end on, a key neither approves nor rejects")
    func ends() throws {
        let told = try Self.told(
            """
            person = verifier["Ledger"].person
            ledger = verifier["argparse"].Namespace(persons={
                "ending": ("officer", "o", "2026-11-02T00:00:00Z ssh-ed25519 AAAA".split()),
                "endless": ("officer", "p", "ssh-ed25519 AAAA".split())})
            person.__globals__["signer"] = lambda armored, text, use: armored
            for ledger.last in "2026-11-01T23:59:59Z", "2026-11-02T00:00:00Z":
                for key in "ending", "endless", "stranger":
                    try: print(person(ledger, key, b"", "batch"))
                    except ValueError as fault: print("refused", str(fault).split(" with ")[0])
            """)
        #expect(
            told.split(separator: "\n") == [
                "o", "p", "refused it is signed by  nobody", "refused it is signed by officer o",
                "p", "refused it is signed by  nobody",
            ])
    }

    @Test("a file of entries holds as many as its tile, no fewer and no more")
    func fileEdges() throws {
        let told = try Self.told(
            """
            Ledger = verifier["Ledger"]
            Ledger.entry = lambda self, text: None
            for first, second in (256, 44), (255, 45), (257, 43), (256, 43), (256, 45):
                with tempfile.TemporaryDirectory() as name:
                    folder = pathlib.Path(name).resolve()
                    (folder / "entries" / "001.p").mkdir(parents=True)
                    (folder / "tile" / "0").mkdir(parents=True)
                    (folder / "COMPLETE").write_text("conclave-export: v1\\n")
                    (folder / "checkpoint").write_text("x\\n300\\n")
                    text, leaf = "conclave-entry: v1\\n", verifier["digest"](b"\\0conclave-entry: v1\\n")
                    (folder / "entries/000").write_text(text * first)
                    (folder / "entries/001.p/44").write_text(text * second)
                    (folder / "tile/0/000").write_bytes(leaf * 256)
                    ledger = Ledger(folder, None, [])
                    try: ledger.check()
                    except (ValueError, TypeError) as fault: print(str(fault).splitlines()[0])
            """)
        let others = ["000", "000", "001.p/44", "001.p/44"]
        #expect(
            told.split(separator: "\n").map(String.init)
                // As many as there must be are taken, and what comes next is looked for.
                == ["there is no tile/0/001.p/44"]
                + others.map { "entries/\($0) holds fewer or more entries" })
    }

    @Test(
        "it has 300 lines of 110 columns at most, one statement on each, and needs nothing but Python's standard library"
    )
    func size() throws {
        let text = String(decoding: try contents(ofFile: Page.root + Self.path), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 301 && lines.last == "")
        for line in lines {
            #expect(line.unicodeScalars.count <= 110, "\(line)")
        }
        let semicolons = try Subprocess.run(
            "/usr/bin/env",
            [
                "python3", "-c",
                """
                import sys, tokenize
                with open(sys.argv[1], "rb") as file:
                    print(sum(token.string == ";" for token in tokenize.tokenize(file.readline)))
                """,
                Page.root + Self.path,
            ])
        #expect(semicolons.output == "0\n", "\(semicolons.errors)")
        let imports = text.split(separator: "\n").filter {
            $0.hasPrefix("import ") || $0.hasPrefix("from ")
        }
        #expect(
            imports == [
                "import argparse, base64, concurrent.futures, datetime, functools, hashlib, re, struct, subprocess, tempfile",
                "from pathlib import Path",
            ])
    }
}
