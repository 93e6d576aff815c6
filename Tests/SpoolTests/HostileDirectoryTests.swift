// SPDX-License-Identifier: Apache-2.0
import Glibc
import Spool
import TestSupport
import Testing

/// Every kind of thing that may lie in a spool, one scan each, none of which may hang.
@Suite("hostile directory", .timeLimit(.minutes(20)))
struct HostileDirectoryTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// The refusals of a scan, as `MESSAGE (RULE)`.
    private func refusals(limit: Int = 100) throws -> [String] {
        try SpoolDirectory(path: directory.path).scan(limit: limit).compactMap { item in
            guard case .refused(let refusal) = item.result else { return nil }
            #expect(refusal.name == item.name)
            return refusal.description
        }
    }

    private func refusal(_ item: SpoolItem?) -> String? {
        guard case .refused(let refusal)? = item?.result else { return nil }
        return refusal.description
    }

    private func files(limit: Int = 100) throws -> [SpoolFile] {
        try SpoolDirectory(path: directory.path).scan(limit: limit).compactMap { item in
            guard case .file(let file) = item.result else { return nil }
            #expect(file.name == item.name)
            return file
        }
    }

    @Test("an empty directory gives nothing")
    func empty() throws {
        #expect(try SpoolDirectory(path: directory.path).scan(limit: 100).isEmpty)
    }

    @Test("files are given whole and sorted by the bytes of their names")
    func sorted() throws {
        try directory.write("b.req", "two")
        try directory.write("a.req", "one")
        try directory.write("B.req", "zero")
        try directory.write("empty", "")
        #expect(try files().map(\.name) == ["B.req", "a.req", "b.req", "empty"])
        #expect(try files().map(\.bytes) == ["zero", "one", "two", ""].map { Array($0.utf8) })
        #expect(try files().allSatisfy { $0.signature == nil })
    }

    @Test("a text and its signature are one item")
    func pair() throws {
        try directory.write("a.req", "text")
        try directory.write("a.req.sig", "armor")
        try directory.write("c.req", "alone")
        let found = try files()
        #expect(found.map(\.name) == ["a.req", "c.req"])
        #expect(found.map(\.signature) == [Array("armor".utf8), nil])
    }

    @Test("a signature without its text is refused")
    func orphan() throws {
        try directory.write("a.req.sig", "armor")
        #expect(
            try refusals() == [
                #""a.req.sig" has no text "a.req" beside it (SPOOL-ORPHAN)"#
            ])
    }

    @Test("a signature is no text that another signature could be of")
    func signatureOfSignature() throws {
        try directory.write("a", "text")
        try directory.write("a.sig", "armor")
        try directory.write("a.sig.sig", "armor of armor")
        #expect(try files().map(\.name) == ["a"])
        #expect(
            try refusals() == [
                #""a.sig.sig" has no text "a.sig" beside it (SPOOL-ORPHAN)"#
            ])
    }

    @Test("a signature that can't be taken refuses the text with it")
    func badSignature() throws {
        try directory.write("a.req", "text")
        try checked("symlink", symlink("/etc/passwd", directory.file("a.req.sig")))
        let items = try SpoolDirectory(path: directory.path).scan(limit: 100)
        #expect(items.map(\.name) == ["a.req"])
        #expect(
            try refusals() == [
                #""a.req.sig" is a symbolic link, which is never followed (SPOOL-LINK)"#
            ])
    }

    @Test(
        "a symbolic link is refused, wherever it leads",
        arguments: ["/etc/passwd", "/dev/zero", "nowhere", ".", "a.req"])
    func link(target: String) throws {
        try checked("symlink", symlink(target, directory.file("a.req")))
        #expect(
            try refusals() == [
                #""a.req" is a symbolic link, which is never followed (SPOOL-LINK)"#
            ])
    }

    @Test("a FIFO that nobody writes to is refused at once")
    func fifo() throws {
        try checked("mkfifo", mkfifo(directory.file("a.req"), 0o600))
        #expect(
            try refusals() == [#""a.req" is a FIFO, not a regular file (SPOOL-KIND)"#])
    }

    @Test("a directory is refused")
    func subdirectory() throws {
        try checked("mkdir", mkdir(directory.file("a.req"), 0o700))
        #expect(
            try refusals() == [#""a.req" is a directory, not a regular file (SPOOL-KIND)"#])
    }

    @Test("a socket is refused")
    func socketFile() throws {
        let descriptor = try checked("socket", socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0))
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array(directory.file("a.req").utf8)
        try #require(path.count < MemoryLayout.size(ofValue: address.sun_path))
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try checked("bind", bound)
        #expect(
            try refusals() == [#""a.req" is a socket, not a regular file (SPOOL-KIND)"#])
    }

    @Test("devices are refused without being opened")
    func devices() throws {
        let items = try SpoolDirectory(path: "/dev").scan(limit: 100)
        let null = try #require(items.first { $0.name == "null" })
        #expect(
            refusal(null)
                == #""null" is a character device, not a regular file (SPOOL-KIND)"#)
    }

    @Test("a file of exactly the limit is taken, one byte more is refused")
    func size() throws {
        try directory.write("a.req", [UInt8](repeating: 0x61, count: 100))
        try directory.write("b.req", [UInt8](repeating: 0x62, count: 101))
        #expect(try files().map(\.bytes.count) == [100])
        #expect(
            try refusals() == [
                #""b.req" has 101 bytes, above the limit of 100 (SPOOL-SIZE)"#
            ])
    }

    @Test("the limit holds for signatures too")
    func signatureSize() throws {
        try directory.write("a.req", "text")
        try directory.write("a.req.sig", [UInt8](repeating: 0x61, count: 101))
        #expect(
            try refusals() == [
                #""a.req.sig" has 101 bytes, above the limit of 100 (SPOOL-SIZE)"#
            ])
    }

    @Test("a sparse file of a terabyte is refused by its size alone")
    func sparse() throws {
        let path = try directory.write("a.req", "")
        try checked("truncate", truncate(path, 1 << 40))
        #expect(
            try refusals() == [
                #""a.req" has 1099511627776 bytes, above the limit of 100 (SPOOL-SIZE)"#
            ])
    }

    @Test("a file that can't be read is refused with the system's reason")
    func unreadable() throws {
        // Its first page is never mapped, and root may open it: reading fails for everyone.
        let items = try SpoolDirectory(path: "/proc/self").scan(limit: 100)
        let memory = try #require(items.first { $0.name == "mem" })
        #expect(
            refusal(memory)
                == #""mem" cannot be read: Input/output error (SPOOL-UNREADABLE)"#)
    }

    @Test("a file whose size does not say what it holds is refused")
    func lyingSize() throws {
        let items = try SpoolDirectory(path: "/proc/self").scan(limit: 1_000_000)
        let status = try #require(items.first { $0.name == "status" })
        #expect(
            refusal(status)
                == #""status" changed while it was read (SPOOL-CHANGED)"#)
    }

    @Test("a directory that can't be read is an error, not an empty spool")
    func missingDirectory() throws {
        let missing = directory.file("no\nwhere")
        let error = #expect(throws: FileError.self) {
            try SpoolDirectory(path: missing).scan(limit: 100)
        }
        #expect(
            error?.description
                == "open \"\(directory.path)/no\\x0awhere\": No such file or directory")
        let file = try directory.write("file", "")
        let other = #expect(throws: FileError.self) {
            try SpoolDirectory(path: file).scan(limit: 100)
        }
        #expect(other?.description == "open \"\(file)\": Not a directory")
    }

    @Test("a pass tells how many items it has, and gives them one after the other")
    func pass() throws {
        for name in ["a", "b", "b.sig", "c"] { try directory.write(name, name) }
        var scan = try SpoolDirectory(path: directory.path).open(limit: 10)
        #expect(scan.count == 3)
        #expect(scan.next()?.name == "a")
        // What comes later is for the next pass; what went meanwhile is refused.
        try directory.write("d", "d")
        try checked("unlink", unlink(directory.file("c")))
        #expect(scan.next()?.name == "b")
        #expect(
            refusal(scan.next())
                == #""c" changed while it was read (SPOOL-CHANGED)"#)
        #expect(scan.next() == nil)
        #expect(scan.next() == nil)
        try scan.close()
    }
}
