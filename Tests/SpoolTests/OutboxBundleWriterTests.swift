// SPDX-License-Identifier: Apache-2.0
import Glibc
import Spool
import TestSupport
import Testing

@Suite("outbox bundle")
struct OutboxBundleWriterTests {
    let outbox: TemporaryDirectory

    init() throws {
        outbox = try TemporaryDirectory()
    }

    private func begin(_ name: String = "b1") throws(FileError) -> OutboxBundleWriter {
        try OutboxBundleWriter(outbox: outbox.path, name: name)
    }

    private func failure(_ body: () throws -> Void) -> String? {
        #expect(throws: FileError.self, performing: body)?.description
    }

    private var partial: String { outbox.file(".b1.partial") }

    @Test("a finished bundle holds its files and COMPLETE, and nothing else is left")
    func finish() throws {
        let large = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 13) }
        var writer = try begin()
        #expect(writer.path == outbox.file("b1"))
        try writer.add(path: "SHA256SUMS", Array("sums".utf8))
        try writer.add(path: "audit/entries/1.txt", large)
        try writer.add(path: "audit/entries/2.txt", [])
        try writer.add(path: "certificates/alice@example.org-cert.pub", [1])
        #expect(try outbox.names() == [".b1.partial"])
        #expect(try !OutboxBundleWriter.isComplete(outbox: outbox.path, name: "b1"))
        try writer.finish()
        #expect(try outbox.names() == ["b1"])
        #expect(
            try outbox.names(in: "b1") == ["COMPLETE", "SHA256SUMS", "audit", "certificates"])
        #expect(try outbox.names(in: "b1/audit/entries") == ["1.txt", "2.txt"])
        #expect(try outbox.read("b1/audit/entries/1.txt") == large)
        #expect(try outbox.read("b1/audit/entries/2.txt") == [])
        #expect(try outbox.read("b1/COMPLETE") == Array("conclave-bundle b1\n".utf8))
        #expect(try OutboxBundleWriter.isComplete(outbox: outbox.path, name: "b1"))
    }

    @Test("a finished bundle is never written again")
    func existing() throws {
        try begin().finish()
        #expect(failure { _ = try begin() } == "mkdir \"\(outbox.path)/b1\": File exists")
        #expect(try outbox.names(in: "b1") == ["COMPLETE"])
        #expect(try outbox.names() == ["b1"])
    }

    @Test(
        "whatever else bears the bundle's name is left alone",
        arguments: ["mkdir", "mkdir-with-file", "file", "link", "mkdir-with-other-mark"])
    func foreign(kind: String) throws {
        let path = outbox.file("b1")
        switch kind {
        case "file": try outbox.write("b1", "mine")
        case "link": try checked("symlink", symlink("/nowhere", path))
        case "mkdir-with-file":
            try checked("mkdir", mkdir(path, 0o700))
            try outbox.write("b1/mine", "mine")
        case "mkdir-with-other-mark":
            try checked("mkdir", mkdir(path, 0o700))
            try outbox.write("b1/INCOMPLETE", "conclave-bundle b2\n")
        default: try checked("mkdir", mkdir(path, 0o700))
        }
        #expect(failure { _ = try begin() } == "mkdir \"\(path)\": File exists")
        #expect(try outbox.names() == ["b1"])
    }

    @Test("a name that appears while the bundle is written is not overwritten")
    func appearing() throws {
        let writer = try begin()
        try checked("mkdir", mkdir(outbox.file("b1"), 0o700))
        do {
            try writer.finish()
            Issue.record("the bundle was published")
        } catch {
            #expect(error.description == "rename \"\(outbox.path)/b1\": File exists")
        }
        #expect(try outbox.names() == [".b1.partial", "b1"])
    }

    @Test("what a crash left of a bundle is removed first")
    func leftover() throws {
        do {
            var writer = try begin()
            try writer.add(path: "old/deep/file", [1, 2, 3])
            try writer.add(path: "old/file", [1, 2, 3])
        }
        #expect(try outbox.names(in: ".b1.partial") == ["INCOMPLETE", "old"])
        var writer = try begin()
        try writer.add(path: "new", [4])
        try writer.finish()
        #expect(try outbox.names() == ["b1"])
        #expect(try outbox.names(in: "b1") == ["COMPLETE", "new"])
    }

    @Test("a crash between the name and COMPLETE leaves a bundle that is made anew")
    func leftoverNamed() throws {
        do {
            var writer = try begin()
            try writer.add(path: "old", [1])
        }
        try checked("rename", rename(partial, outbox.file("b1")))
        #expect(try !OutboxBundleWriter.isComplete(outbox: outbox.path, name: "b1"))
        try begin().finish()
        #expect(try outbox.names(in: "b1") == ["COMPLETE"])
        #expect(try outbox.names() == ["b1"])
    }

    @Test("a mark that a crash cut short is one, alone in its directory", arguments: [0, 5, 18])
    func tornMark(length: Int) throws {
        try checked("mkdir", mkdir(partial, 0o700))
        try outbox.write(".b1.partial/INCOMPLETE", Array("conclave-bundle b1".utf8.prefix(length)))
        try begin().finish()
        #expect(try outbox.names() == ["b1"])
    }

    @Test("an empty hidden directory is what a crash left before the mark")
    func noMark() throws {
        try checked("mkdir", mkdir(partial, 0o700))
        try begin().finish()
        #expect(try outbox.names() == ["b1"])
    }

    @Test("a hidden directory without the bundle's mark is left alone")
    func foreignPartial() throws {
        try checked("mkdir", mkdir(partial, 0o700))
        try outbox.write(".b1.partial/mine", "mine")
        let text = "open \"\(partial)\": it stands in the way, and is no unfinished bundle"
        #expect(failure { _ = try begin() } == text)
        try outbox.write(".b1.partial/INCOMPLETE", "conclave")
        #expect(failure { _ = try begin() } == text)
        #expect(try outbox.read(".b1.partial/mine") == Array("mine".utf8))
    }

    @Test("the removal of a leftover follows no link and removes nothing strange")
    func strangeLeftover() throws {
        try outbox.write("precious", "mine")
        do { _ = try begin() }
        try checked("symlink", symlink(outbox.path, outbox.file(".b1.partial/link")))
        #expect(
            failure { _ = try begin() }
                == "unlink \"\(partial)/link\": it is in an unfinished bundle, "
                + "and no bundle holds such a thing")
        #expect(try outbox.read("precious") == Array("mine".utf8))
        #expect(try outbox.names(in: ".b1.partial") == ["INCOMPLETE", "link"])
    }

    @Test("a file that no longer holds what was written is noticed before the bundle appears")
    func changed() throws {
        var writer = try begin()
        try writer.add(path: "a", [1, 2, 3])
        try outbox.write(".b1.partial/a", [1, 2, 4])
        do {
            try writer.finish()
            Issue.record("the bundle was published")
        } catch {
            #expect(
                error.description
                    == "read \"\(partial)/a\": the file does not hold what was written")
        }
        #expect(try outbox.names() == [".b1.partial"])
    }

    @Test(
        "paths that FAT and Windows can hold are taken",
        arguments: [
            "a", "A1._-+@=,z", "_a", "0", "a.b.c", "console.txt", "com0", "a/b/c/d/e/f/g/h",
            String(repeating: "n", count: 200),
        ])
    func goodPath(path: String) throws {
        var writer = try begin()
        try writer.add(path: path, [1])
        #expect(try outbox.read(".b1.partial/\(path)") == [1])
    }

    @Test(
        "paths that FAT or Windows could not hold are refused",
        arguments: [
            "", "/a", "a/", "a//b", ".", "..", "a/../b", ".a", "a/.b", "-a", "a.", "a ", " a",
            "a b",
            "a:b", "a*b", "a?b", "a\"b", "a<b", "a>b", "a|b", #"a\b"#, "a\nb", "a\0b", "\u{E4}",
            "con", "CON", "aux.txt", "Nul.tar.gz", "lpt9", "a/com1", "a~1", "a/b/c/d/e/f/g/h/i",
            String(repeating: "n", count: 201),
        ])
    func badPath(path: String) throws {
        var writer = try begin()
        do {
            try writer.add(path: path, [1])
            Issue.record("\(path) was taken")
        } catch {
            #expect(error.number == EINVAL)
            #expect(
                error.description.hasSuffix(
                    "\": the name is not one that every file system can hold"))
        }
        #expect(try outbox.names(in: ".b1.partial") == ["INCOMPLETE"])
    }

    @Test(
        "names of a bundle itself obey the same rules",
        arguments: ["", ".", "..", "a/b", ".a", "con", "a:b", String(repeating: "n", count: 101)])
    func badName(name: String) throws {
        #expect(
            failure { _ = try begin(name) }
                == "mkdir \"\(outbox.path)/\(name)\": the name is not one that every file system "
                + "can hold")
        #expect(try outbox.names() == [])
        try begin(String(repeating: "n", count: 100)).finish()
    }

    @Test(
        "a path that is taken, or differs only by case, is refused",
        arguments: [
            ("a/b", "File exists"), ("a", "File exists"),
            ("A", #"it differs from "a" only by case"#),
            ("a/B", #"it differs from "a/b" only by case"#),
            ("A/c", #"it differs from "a" only by case"#), ("a/b/c", "Not a directory"),
            ("COMPLETE", "the name is kept for the bundle's own mark"),
            ("incomplete", "the name is kept for the bundle's own mark"),
            ("Complete/a", "the name is kept for the bundle's own mark"),
        ])
    func collision(path: String, reason: String) throws {
        var writer = try begin()
        try writer.add(path: "a/b", [1])
        do {
            try writer.add(path: path, [2])
            Issue.record("\(path) was taken")
        } catch {
            #expect(error.description == "open \"\(partial)/\(path)\": \(reason)")
        }
        try writer.finish()
        #expect(try outbox.read("b1/a/b") == [1])
        #expect(try outbox.names(in: "b1/a") == ["b"])
        #expect(try outbox.names(in: "b1") == ["COMPLETE", "a"])
    }

    @Test("an outbox that is missing or no directory is an error")
    func badOutbox() throws {
        let missing = outbox.file("none")
        #expect(
            failure { _ = try OutboxBundleWriter(outbox: missing, name: "b1") }
                == "open \"\(missing)\": No such file or directory")
        let file = try outbox.write("file", "")
        #expect(
            failure { _ = try OutboxBundleWriter(outbox: file, name: "b1") }
                == "open \"\(file)\": Not a directory")
        #expect(
            failure { _ = try OutboxBundleWriter(outbox: "/proc", name: "b1") }
                == "mkdir \"/proc/.b1.partial\": No such file or directory")
    }
}
