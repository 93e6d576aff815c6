// SPDX-License-Identifier: Apache-2.0
import Glibc

/// An open file or directory, closed with the value; only ever read.
struct FileHandle: ~Copyable {
    /// What a name stands for.
    enum Kind: String, Sendable {
        /// A file with contents.
        case regular = "a regular file"
        /// A directory.
        case directory = "a directory"
        /// A symbolic link.
        case link = "a symbolic link"
        /// A FIFO, a socket or a device.
        case special = "a FIFO, a socket or a device"
    }

    private let number: Int32

    /// Opens `name`, seen from the directory `base`; a link in its last place is followed only
    /// where `follow` is true, and a FIFO is never waited for.
    private init(
        _ name: String, in base: Int32, flags: Int32, follow: Bool, path: String
    ) throws(MachineFault) {
        let all = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | flags | (follow ? 0 : O_NOFOLLOW)
        guard !name.utf8.contains(0) else { throw MachineFault("open", path, EINVAL) }
        let number = unsafe openat(base, name, all)
        guard number >= 0 else { throw MachineFault("open", path, errno) }
        self.number = number
    }

    private init(number: Int32) {
        self.number = number
    }

    deinit { _ = close(number) }

    /// The program's standard input, under a number of its own.
    static func standardInput() throws(MachineFault) -> FileHandle {
        let number = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
        guard number >= 0 else { throw MachineFault("fcntl", standardInputName, errno) }
        return FileHandle(number: number)
    }

    /// The name of standard input in messages.
    static let standardInputName = "standard input"

    /// Opens a directory that a person named; links on the way are followed.
    static func directory(_ path: String) throws(MachineFault) -> FileHandle {
        try FileHandle(path, in: AT_FDCWD, flags: O_DIRECTORY, follow: true, path: path)
    }

    /// Opens a file that a person named; links on the way are followed.
    static func file(_ path: String) throws(MachineFault) -> FileHandle {
        try FileHandle(path, in: AT_FDCWD, flags: 0, follow: true, path: path)
    }

    /// Opens a directory in this directory, which must not be a link.
    func directory(_ name: String, path: String) throws(MachineFault) -> FileHandle {
        try FileHandle(name, in: number, flags: O_DIRECTORY, follow: false, path: path)
    }

    /// Opens a file in this directory, which must not be a link.
    func file(_ name: String, path: String) throws(MachineFault) -> FileHandle {
        try FileHandle(name, in: number, flags: 0, follow: false, path: path)
    }

    /// What a name in this directory stands for, links not followed.
    func kind(of name: String, path: String) throws(MachineFault) -> Kind {
        var status = stat()
        guard unsafe fstatat(number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw MachineFault("stat", path, errno)
        }
        return Self.kind(status)
    }

    /// What was opened.
    func kind(path: String) throws(MachineFault) -> Kind {
        var status = stat()
        guard unsafe fstat(number, &status) == 0 else { throw MachineFault("stat", path, errno) }
        return Self.kind(status)
    }

    /// What was opened, and how many bytes it has.
    func kindAndLength(path: String) throws(MachineFault) -> (kind: Kind, length: Int) {
        var status = stat()
        guard unsafe fstat(number, &status) == 0 else { throw MachineFault("stat", path, errno) }
        return (Self.kind(status), Int(status.st_size))
    }

    /// The bytes of a regular file that has so many, in one call where it has not changed; nil where
    /// there are more than `limit`.
    func contents(length: Int, limit: Int, path: String) throws(MachineFault) -> [UInt8]? {
        guard (0...limit).contains(length) else { return nil }
        // One byte more: a short read is the end.
        var bytes = [UInt8](repeating: 0, count: length + 1)
        let count = try read(into: &bytes, path: path)
        guard count == length else {
            guard let rest = try contents(limit: limit - min(count, limit), path: path) else {
                return nil
            }
            return bytes.prefix(count) + rest
        }
        bytes.removeLast()
        return bytes
    }

    /// The bytes of the file, or nil where there are more than `limit`.
    func contents(limit: Int, path: String) throws(MachineFault) -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= limit {
            let count = try read(into: &chunk, path: path)
            if count == 0 { return bytes }
            bytes += chunk.prefix(count)
        }
        return nil
    }

    /// Reads on, at most as many bytes as `chunk` has, and answers how many; none at the end.
    ///
    /// Where nothing has come yet, it waits.
    func read(into chunk: inout [UInt8], path: String) throws(MachineFault) -> Int {
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes {
                unsafe Glibc.read(number, $0.baseAddress, $0.count)
            }
            if count >= 0 { return count }
            let fault = errno
            if fault == EAGAIN {
                var waiting = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
                _ = unsafe poll(&waiting, 1, -1)
            } else if fault != EINTR {
                throw MachineFault("read", path, fault)
            }
        }
    }

    /// The names in the directory as bytes, sorted, without `.` and `..`; nil where there are more
    /// than `limit`.
    func names(limit: Int, path: String) throws(MachineFault) -> [[UInt8]]? {
        var names: [[UInt8]] = []
        let isWhole = try eachEntry(path: path) { name, _ throws(MachineFault) in
            names.append(name)
            return names.count <= limit
        }
        return isWhole ? names.sorted { $0.lexicographicallyPrecedes($1) } : nil
    }

    /// Gives `body` each name in the directory and what it stands for, links not followed, in no
    /// order and without `.` and `..`.
    func eachName(
        path: String, _ body: ([UInt8], Kind) throws(MachineFault) -> Void
    ) throws(MachineFault) {
        _ = try eachEntry(path: path) { name, type throws(MachineFault) in
            switch Int(type) {
            case DT_REG: try body(name, .regular)
            case DT_DIR: try body(name, .directory)
            case DT_LNK: try body(name, .link)
            case DT_UNKNOWN:
                let text = String(decoding: name, as: UTF8.self)
                try body(name, try kind(of: text, path: path + "/" + text))
            default: try body(name, .special)
            }
            return true
        }
    }

    /// Gives `body` each name and its type until it has seen enough; whether it has seen all.
    private func eachEntry(
        path: String, _ body: ([UInt8], UInt8) throws(MachineFault) -> Bool
    ) throws(MachineFault) -> Bool {
        // The stream closes the descriptor that it is given, so it gets one of its own.
        let own = unsafe openat(number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard own >= 0 else { throw MachineFault("open", path, errno) }
        guard let stream = unsafe fdopendir(own) else {
            let fault = errno
            _ = close(own)
            throw MachineFault("fdopendir", path, fault)
        }
        defer { unsafe closedir(stream) }
        while true {
            errno = 0
            guard let entry = unsafe readdir(stream) else {
                let fault = errno
                guard fault == 0 else { throw MachineFault("readdir", path, fault) }
                return true
            }
            let name = unsafe Self.name(of: entry)
            guard name != [0x2E], name != [0x2E, 0x2E] else { continue }
            guard try body(name, unsafe entry.pointee.d_type) else { return false }
        }
    }

    /// The name's bytes where they lie: a record is no longer than its name needs.
    private static func name(of entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
        guard let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) else { return [] }
        let start = unsafe UnsafeRawPointer(entry).advanced(by: offset)
            .assumingMemoryBound(to: CChar.self)
        return unsafe UnsafeBufferPointer(start: start, count: strlen(start)).map {
            UInt8(bitPattern: $0)
        }
    }

    private static func kind(_ status: stat) -> Kind {
        switch status.st_mode & S_IFMT {
        case S_IFREG: .regular
        case S_IFDIR: .directory
        case S_IFLNK: .link
        default: .special
        }
    }
}
