// SPDX-License-Identifier: Apache-2.0
import Glibc
import TestSupport
import Testing

@testable import conclave_verify

@Suite("The files of a bundle on a medium")
struct BundleFilesTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func read(
        _ limits: BundleFiles.Limits = BundleFiles.Limits()
    ) throws -> (paths: [String], faults: [String]) {
        let files = try BundleFiles(reading: directory.path, limits: limits)
        return (files.paths, files.findings.faults.map(\.line))
    }

    private func make(directory name: String) throws {
        try checked(name, mkdir(directory.file(name), 0o700))
    }

    @Test("plain files are read, wherever they lie")
    func plainFiles() throws {
        try make(directory: "a")
        try make(directory: "a/b")
        try directory.write("a/b/one.txt", "1\n")
        try directory.write("two@x,y+z=_-.txt", "")
        let files = try BundleFiles(reading: directory.path)
        #expect(files.paths == ["a/b/one.txt", "two@x,y+z=_-.txt"])
        #expect(files.files["a/b/one.txt"]?.bytes == Array("1\n".utf8))
        #expect(files.findings.all == [])
        #expect(files.paths(below: "a/") == ["a/b/one.txt"])
    }

    @Test("symbolic links, FIFOs and sockets are refused and never opened")
    func specialFiles() throws {
        try directory.write("file", "x")
        try checked("symlink", symlink("file", directory.file("link")))
        try checked("symlink", symlink("/", directory.file("root")))
        try checked("symlink", symlink("nowhere", directory.file("broken")))
        try checked("mkfifo", mkfifo(directory.file("fifo"), 0o600))
        let (paths, faults) = try read()
        #expect(paths == ["file"])
        #expect(
            faults == [
                "FAIL  broken: it is a symbolic link, not a regular file (VERIFY-FILE)",
                "FAIL  fifo: it is a FIFO, a socket or a device, not a regular file (VERIFY-FILE)",
                "FAIL  link: it is a symbolic link, not a regular file (VERIFY-FILE)",
                "FAIL  root: it is a symbolic link, not a regular file (VERIFY-FILE)",
            ])
    }

    @Test("names that could mislead a reader or a terminal are refused and shown escaped")
    func names() throws {
        try directory.write("a b", "")
        try directory.write("bell\u{7}", "")
        try directory.write("caf\u{E9}", "")
        let (paths, faults) = try read()
        #expect(paths == [])
        #expect(
            faults == [
                "FAIL  \"a b\": the name has characters that no bundle uses (VERIFY-FILE)",
                "FAIL  \"bell\\u{7}\": the name has characters that no bundle uses (VERIFY-FILE)",
                "FAIL  \"café\": the name has characters that no bundle uses (VERIFY-FILE)",
            ])
    }

    @Test("a name that is not UTF-8 is refused")
    func notText() throws {
        let name = Array(directory.path.utf8) + [0x2F, 0xFF, 0xFE, 0]
        let descriptor = try checked(
            "open", open(name.map { CChar(bitPattern: $0) }, O_CREAT | O_WRONLY, 0o600))
        close(descriptor)
        let (paths, faults) = try read()
        #expect(paths == [])
        #expect(faults.count == 1)
        #expect(faults[0].hasSuffix("the name has characters that no bundle uses (VERIFY-FILE)"))
    }

    @Test("a file may have as many bytes as the limit, and not one more")
    func fileLimit() throws {
        var limits = BundleFiles.Limits()
        limits.fileBytes = 70_000
        try directory.write("big", [UInt8](repeating: 0, count: 70_000))
        #expect(try read(limits).paths == ["big"])
        try directory.write("big", [UInt8](repeating: 0, count: 70_001))
        #expect(
            try read(limits).faults == ["FAIL  big: it has more than 70000 bytes (VERIFY-FILE)"])
    }

    @Test("all files together may have as many bytes as the limit, and not one more")
    func totalLimit() throws {
        var limits = BundleFiles.Limits()
        limits.fileBytes = 50
        limits.totalBytes = 60
        try directory.write("a", [UInt8](repeating: 0, count: 30))
        try directory.write("b", [UInt8](repeating: 0, count: 30))
        #expect(try read(limits).faults == [])
        try directory.write("b", [UInt8](repeating: 0, count: 31))
        #expect(
            try read(limits).faults
                == ["FAIL  b: with it the bundle has more than 60 bytes (VERIFY-FILE)"])
    }

    @Test("there may be as many names as the limit, and not one more")
    func nameLimit() throws {
        var limits = BundleFiles.Limits()
        limits.names = 3
        for name in ["a", "b", "c"] { try directory.write(name, "") }
        #expect(try read(limits).faults == [])
        try directory.write("d", "")
        #expect(
            try read(limits).faults
                == ["FAIL  the bundle holds more than 3 names (VERIFY-FILE)"])
    }

    @Test("a file may lie as deep as the limit, and no deeper")
    func depth() throws {
        var limits = BundleFiles.Limits()
        limits.depth = 3
        try make(directory: "a")
        try make(directory: "a/b")
        try directory.write("a/b/file", "")
        #expect(try read(limits).faults == [])
        try make(directory: "a/b/c")
        let (paths, faults) = try read(limits)
        #expect(paths == ["a/b/file"])
        #expect(faults == ["FAIL  a/b/c: it lies deeper than 3 directories (VERIFY-FILE)"])
    }

    @Test("a directory that is not there is a fault of the machine, and gives no verdict")
    func absent() throws {
        let path = directory.file("nowhere")
        #expect(throws: MachineFault("open", path, ENOENT)) { try BundleFiles(reading: path) }
        #expect(
            MachineFault("open", path, ENOENT).description
                == "open \"\(path)\": No such file or directory")
    }
}
