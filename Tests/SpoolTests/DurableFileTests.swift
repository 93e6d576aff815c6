// SPDX-License-Identifier: Apache-2.0
import Glibc
import Spool
import TestSupport
import Testing

@Suite("durable files")
struct DurableFileTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func mode(_ name: String) throws -> mode_t {
        var status = stat()
        try checked(name, lstat(directory.file(name), &status))
        return status.st_mode
    }

    private func failure(_ body: () throws -> Void) -> String? {
        #expect(throws: FileError.self, performing: body)?.description
    }

    @Test("a new file holds the bytes, is the owner's alone, and nothing stays beside it")
    func create() throws {
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try DurableFile.create(directory.file("a"), bytes)
        #expect(try directory.read("a") == bytes)
        #expect(try mode("a") == S_IFREG | 0o600)
        #expect(try directory.names() == ["a"])
    }

    @Test("an empty file is a file")
    func createEmpty() throws {
        try DurableFile.create(directory.file("a"), [])
        #expect(try directory.read("a") == [])
    }

    @Test("the mode is the one that is asked for, as far as the umask allows")
    func createMode() throws {
        try DurableFile.create(directory.file("a"), [1], mode: 0o400)
        #expect(try mode("a") == S_IFREG | 0o400)
    }

    @Test("a file is never overwritten")
    func createExisting() throws {
        let path = try directory.write("a", "old")
        #expect(
            failure { try DurableFile.create(path, [1]) } == "open \"\(path)\": File exists")
        #expect(try directory.read("a") == Array("old".utf8))
        #expect(try directory.names() == ["a"])
    }

    @Test("a link that leads nowhere is not written through")
    func createOverLink() throws {
        let path = directory.file("a")
        try checked("symlink", symlink("b", path))
        #expect(
            failure { try DurableFile.create(path, [1]) } == "open \"\(path)\": File exists")
        #expect(
            failure { try DurableFile.createDirectory(path) } == "mkdir \"\(path)\": File exists")
        #expect(try directory.names() == ["a"])
    }

    @Test("of many that make the same file at once, one succeeds, and its bytes stay")
    func createConcurrently() async throws {
        let path = directory.file("a")
        let winners = await withTaskGroup(of: UInt8?.self) { group in
            for number: UInt8 in 0..<20 {
                group.addTask {
                    do throws(FileError) {
                        try DurableFile.create(path, [UInt8](repeating: number, count: 1000))
                        return number
                    } catch {
                        return error.number == EEXIST ? nil : 255
                    }
                }
            }
            return await group.reduce(into: [UInt8]()) { all, number in
                if let number { all.append(number) }
            }
        }
        #expect(winners.count == 1)
        #expect(try directory.read("a") == [UInt8](repeating: winners.first ?? 255, count: 1000))
        #expect(try directory.names() == ["a"])
    }

    @Test("a replaced file holds the new bytes, and its old reader the old ones")
    func replace() throws {
        let path = try directory.write("a", "old")
        let old = try checked("open", open(path, O_RDONLY | O_CLOEXEC))
        defer { close(old) }
        try DurableFile.replace(path, Array("new".utf8))
        #expect(try directory.read("a") == Array("new".utf8))
        #expect(try contents(ofFile: "/proc/self/fd/\(old)") == Array("old".utf8))
        try DurableFile.replace(directory.file("b"), [1])
        #expect(try directory.names() == ["a", "b"])
    }

    @Test("a directory in the place of a file is not replaced, and nothing stays beside it")
    func replaceDirectory() throws {
        let path = directory.file("a")
        try DurableFile.createDirectory(path)
        #expect(
            failure { try DurableFile.replace(path, [1]) } == "rename \"\(path)\": Is a directory")
        #expect(try directory.names() == ["a"])
    }

    @Test("a file of exactly the limit is read, one byte more is refused")
    func read() throws {
        let path = try directory.write("a", "12345")
        #expect(try DurableFile.read(path, limit: 5) == Array("12345".utf8))
        #expect(
            failure { _ = try DurableFile.read(path, limit: 4) }
                == "read \"\(path)\": the file exceeds the limit of 4 bytes")
        #expect(try DurableFile.read(path, limit: .max) == Array("12345".utf8))
        #expect(try DurableFile.read(directory.write("b", ""), limit: 0) == [])
        #expect(
            failure { _ = try DurableFile.read(path, limit: -1) }
                == "read \"\(path)\": the file exceeds the limit of -1 bytes")
    }

    @Test("a link is followed, since the operator named it")
    func readLink() throws {
        try directory.write("a", "12345")
        try checked("symlink", symlink("a", directory.file("b")))
        #expect(try DurableFile.read(directory.file("b"), limit: 5) == Array("12345".utf8))
    }

    @Test("what is no regular file is refused at once")
    func readOther() throws {
        let fifo = directory.file("a")
        try checked("mkfifo", mkfifo(fifo, 0o600))
        #expect(
            failure { _ = try DurableFile.read(fifo, limit: 5) }
                == "read \"\(fifo)\": is a FIFO, not a regular file")
        #expect(
            failure { _ = try DurableFile.read(directory.path, limit: 5) }
                == "read \"\(directory.path)\": is a directory, not a regular file")
        #expect(
            failure { _ = try DurableFile.read("/dev/zero", limit: 5) }
                == "read \"/dev/zero\": is a character device, not a regular file")
    }

    @Test("a directory is made once, its owner's alone")
    func createDirectory() throws {
        let path = directory.file("a")
        try DurableFile.createDirectory(path)
        #expect(try mode("a") == S_IFDIR | 0o700)
        try DurableFile.syncDirectory(path)
        #expect(
            failure { try DurableFile.createDirectory(path) } == "mkdir \"\(path)\": File exists")
    }

    @Test("each failure names the call, the path and the reason")
    func errors() throws {
        let file = try directory.write("file", "")
        #expect(
            failure { try DurableFile.create("\(file)/a", [1]) }
                == "open \"\(file)\": Not a directory")
        #expect(
            failure { try DurableFile.replace("/proc/conclave", [1]) }?
                .hasSuffix(".tmp\": No such file or directory") == true)
        #expect(
            failure { try DurableFile.createDirectory("/proc/conclave") }
                == "mkdir \"/proc/conclave\": No such file or directory")
        #expect(
            failure { try DurableFile.syncDirectory(file) } == "open \"\(file)\": Not a directory")
        let missing = directory.file("a\u{202E}\"b")
        #expect(
            failure { _ = try DurableFile.read(missing, limit: 1) }
                == "open \"\(directory.path)/a\\xe2\\x80\\xae\\\"b\": No such file or directory")
    }

    @Test("a path that names no file is refused", arguments: ["", "/", "a/", ".", "a/.."])
    func noName(path: String) {
        #expect(
            failure { try DurableFile.create(path, [1]) }
                == "open \"\(path)\": the path names no file")
    }

    @Test("a path is not cut short at a NUL byte")
    func nul() throws {
        let path = directory.file("a\0b")
        let shown = directory.file("a\\x00b")
        #expect(
            failure { try DurableFile.create(path, [1]) }
                == "open \"\(shown)\": the path holds a NUL byte")
        #expect(
            failure { _ = try DurableFile.read(path, limit: 1) }
                == "open \"\(shown)\": the path holds a NUL byte")
        #expect(try directory.names() == [])
    }

    @Test("an errno that nobody knows is shown by its number")
    func unknownNumber() {
        #expect(
            FileError("open", "/x", number: ENOENT).description
                == "open \"/x\": No such file or directory")
        #expect(FileError("open", "/x", number: 9999).description == "open \"/x\": error 9999")
    }

    @Test("what crashes left of temporary files is removed, and nothing else")
    func leftovers() throws {
        let others = [
            ".conclave-1-.tmp", ".conclave-1.tmp", ".conclave-a-1.tmp", "conclave-1-0.tmp", "x",
        ]
        for name in others + [".conclave-1-0.tmp", ".conclave-12345-99.tmp"] {
            try directory.write(name, "x")
        }
        try checked("mkdir", mkdir(directory.file(".conclave-2-0.tmp"), 0o700))
        DurableFile.removeLeftovers(in: directory.path)
        #expect(try directory.names() == (others + [".conclave-2-0.tmp"]).sorted())
        DurableFile.removeLeftovers(in: directory.file("nowhere"))
    }

    @Test("beside a file, only what processes left that are gone is removed")
    func leftoversBeside() throws {
        let own = ".conclave-\(getpid())-77.tmp"
        // Linux gives no process a number of 2^22 or more.
        for name in [own, ".conclave-4194304-0.tmp", ".conclave-99999999999-0.tmp", "file"] {
            try directory.write(name, "x")
        }
        DurableFile.removeLeftovers(beside: directory.file("file"))
        #expect(try directory.names() == [own, "file"].sorted())
        DurableFile.removeLeftovers(beside: directory.file("nowhere/file"))
        DurableFile.removeLeftovers(beside: "")
    }
}
