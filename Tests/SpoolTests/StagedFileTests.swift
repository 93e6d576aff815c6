// SPDX-License-Identifier: Apache-2.0
import Glibc
import Spool
import TestSupport
import Testing

@Suite("Files in the making")
struct StagedFileTests {
    private func names(_ directory: TemporaryDirectory) throws -> [String] {
        try DurableFile.names(in: directory.path)
    }

    @Test("nothing is under the name until it is published, and all of it afterwards")
    func publishing() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("list")
        var staged = try StagedFile(path, mode: 0o644)
        try staged.write([1, 2, 3])
        try staged.write([4])
        #expect(try !names(directory).contains("list"))
        #expect(try staged.readBack(limit: 4) == [1, 2, 3, 4])
        #expect(throws: FileError.self) { _ = try staged.readBack(limit: 3) }
        try staged.publish()
        #expect(try names(directory) == ["list"])
        #expect(try DurableFile.read(path, limit: 10) == [1, 2, 3, 4])
    }

    @Test("what is never published is removed, and what was there stays")
    func abandoning() throws {
        let directory = try TemporaryDirectory()
        try directory.write("list", "old")
        do {
            var staged = try StagedFile(directory.file("list"), mode: 0o644)
            try staged.write([1])
        }
        #expect(try names(directory) == ["list"])
        #expect(try DurableFile.read(directory.file("list"), limit: 10) == Array("old".utf8))
    }

    @Test("an older file hands on its permissions, and a link stays what it is")
    func replacing() throws {
        let directory = try TemporaryDirectory()
        try directory.write("list", "old")
        try #require(chmod(directory.file("list"), 0o640) == 0)
        try #require(symlink("list", directory.file("link")) == 0)
        var staged = try StagedFile(directory.file("link"), mode: 0o600)
        try staged.write([7])
        try staged.publish()
        #expect(try names(directory) == ["link", "list"])
        var status = stat()
        try #require(lstat(directory.file("list"), &status) == 0)
        #expect(status.st_mode & 0o777 == 0o640)
        try #require(lstat(directory.file("link"), &status) == 0)
        #expect(status.st_mode & S_IFMT == S_IFLNK)
        #expect(try DurableFile.read(directory.file("list"), limit: 10) == [7])
    }

    @Test("a file that another changed in the meantime is not replaced")
    func overtaken() throws {
        let directory = try TemporaryDirectory()
        for (before, after) in [(nil, "new"), ("old", "newer")] as [(String?, String)] {
            let path = directory.file(after)
            if let before { try directory.write(after, before) }
            var staged = try StagedFile(path, mode: 0o644)
            try staged.write([1])
            try directory.write(after, after)
            #expect {
                try staged.publish()
            } throws: {
                "\($0)" == "rename \"\(path)\": the file was changed in the meantime"
            }
            #expect(try DurableFile.read(path, limit: 10) == Array(after.utf8))
        }
    }

    @Test("what is no regular file is refused")
    func otherKinds() throws {
        let directory = try TemporaryDirectory()
        #expect(throws: FileError.self) { _ = try StagedFile(directory.path, mode: 0o644) }
        #expect(throws: FileError.self) {
            _ = try StagedFile(directory.file("nowhere/list"), mode: 0o644)
        }
        #expect(throws: FileError.self) { _ = try StagedFile("/dev/null", mode: 0o644) }
    }

    @Test("a file is read in pieces of 64 KiB at most, up to its end")
    func streams() throws {
        let directory = try TemporaryDirectory()
        let text = String(repeating: "0123456789", count: 20_000)
        try directory.write("long", text)
        try directory.write("empty", "")
        let stream = try FileStream(directory.file("long"))
        var bytes: [UInt8] = []
        while case let piece = try stream.next(), !piece.isEmpty {
            #expect(piece.count <= 65_536)
            bytes += piece
        }
        #expect(bytes == Array(text.utf8))
        #expect(try stream.next().isEmpty)
        let empty = try FileStream(directory.file("empty"))
        #expect(try empty.next().isEmpty)
        #expect(throws: FileError.self) { _ = try FileStream(directory.file("missing")) }
    }
}
