// SPDX-License-Identifier: Apache-2.0
import Glibc
import Spool
import TestSupport
import Testing

@Suite("names in the spool")
struct SpoolNameTests {
    private func item(named name: [UInt8]) throws -> SpoolItem {
        let directory = try TemporaryDirectory()
        let path = (Array(directory.path.utf8) + [0x2F] + name).map { CChar(bitPattern: $0) } + [0]
        let descriptor = try checked("open", open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600))
        close(descriptor)
        let items = try SpoolDirectory(path: directory.path).scan(limit: 10)
        return try #require(items.first)
    }

    private func refusal(named name: [UInt8]) throws -> String? {
        guard case .refused(let refusal) = try item(named: name).result else { return nil }
        return refusal.description
    }

    @Test(
        "plain names are taken",
        arguments: [
            "a", "alice@example.org.req", "a request of mine.txt", "a'b$c;d&e(f)", "x.tmpl",
            "x.SIG",
            "tmp", "#1", "a-", "sig", String(repeating: "n", count: 255),
        ])
    func plain(name: String) throws {
        #expect(try item(named: Array(name.utf8)).name == name)
        #expect(try refusal(named: Array(name.utf8)) == nil)
    }

    @Test(
        "names that are hidden or that programs give to unfinished files are refused",
        arguments: [
            ".a", ".a.sig", "a~", "a.part", "a.partial", "a.filepart", "a.tmp", "A.TMP",
            "a.crdownload", ".sig", "a.tmp.sig",
        ])
    func temporary(name: String) throws {
        #expect(
            try refusal(named: Array(name.utf8))
                == "\"\(name)\" is hidden or temporary, so it may be half-written (SPOOL-PARTIAL)")
    }

    @Test(
        "names that are not plain are refused and shown escaped",
        arguments: [
            ("a\nb", #"a\x0ab"#), ("\u{1B}[2J", #"\x1b[2J"#), ("a\u{7F}", #"a\x7f"#),
            ("\u{E4}", #"\xc3\xa4"#), ("a\u{202E}b", #"a\xe2\x80\xaeb"#), (#"a"b"#, #"a\"b"#),
            (#"a\b"#, #"a\\b"#), ("-rf", "-rf"), (" a", " a"), ("a ", "a "), (".\t", #".\x09"#),
        ])
    func escapedNames(name: String, shown: String) throws {
        #expect(try item(named: Array(name.utf8)).name == shown)
        #expect(
            try refusal(named: Array(name.utf8))
                == "\"\(shown)\" is not a plain name of printable ASCII (SPOOL-NAME)")
    }

    @Test(
        "names that are no UTF-8 at all are refused and shown escaped",
        arguments: [
            ([0xFF, 0xFE], #"\xff\xfe"#), ([0x61, 0xC3], #"a\xc3"#),
            ([0xED, 0xA0, 0x80], #"\xed\xa0\x80"#),
            ([0xC0, 0xAF], #"\xc0\xaf"#),
        ] as [([UInt8], String)])
    func invalidUTF8(name: [UInt8], shown: String) throws {
        #expect(try item(named: name).name == shown)
        #expect(
            try refusal(named: name)
                == "\"\(shown)\" is not a plain name of printable ASCII (SPOOL-NAME)")
    }

    @Test("every single byte is a name that a scan survives", arguments: UInt8.min...UInt8.max)
    func everyByte(byte: UInt8) throws {
        guard byte != 0, byte != 0x2F, byte != 0x2E else { return }
        let plain = (0x21...0x7D).contains(byte) && !Array("\"\\-".utf8).contains(byte)
        #expect(try (refusal(named: [byte]) == nil) == plain)
    }
}
