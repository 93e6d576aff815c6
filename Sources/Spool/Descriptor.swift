// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// An open file or directory, closed once; every call repeats on EINTR and reports by `FileError`.
///
/// The path that a method takes is for the error's text only.
struct Descriptor: ~Copyable {
    /// Where names are resolved that start at the working directory or the root.
    static let workingDirectory = AT_FDCWD

    let number: Int32

    /// Opens `name` under the directory `base`; never leaks into a child process.
    init(
        _ name: String, in base: Int32 = workingDirectory, flags: Int32, mode: mode_t = 0,
        path: String
    ) throws(FileError) {
        try Descriptor.refuseNUL(name, "open", path)
        number = try repeated("open", path) { unsafe openat(base, name, flags | O_CLOEXEC, mode) }
    }

    /// Takes over a descriptor that nothing else closes.
    init(owning number: Int32) {
        self.number = number
    }

    deinit {
        // Only where a method below has failed already, or nothing was written.
        _ = Glibc.close(number)
    }

    /// Opens a directory, for its names, its sync and the calls that start at it.
    static func directory(
        _ name: String, in base: Int32 = workingDirectory, follow: Bool = true, path: String
    ) throws(FileError) -> Descriptor {
        let flags = O_RDONLY | O_DIRECTORY | O_NONBLOCK | (follow ? 0 : O_NOFOLLOW)
        return try Descriptor(name, in: base, flags: flags, path: path)
    }

    /// Closes, and reports what the system kept back until now.
    consuming func close(_ path: String) throws(FileError) {
        let result = Glibc.close(number)
        let fault = errno
        discard self
        // After EINTR Linux has closed the descriptor; a second close could hit another's.
        guard result == 0 || fault == EINTR else {
            throw FileError("close", path, number: fault)
        }
    }

    /// Gives the descriptor away, open.
    consuming func intoNumber() -> Int32 {
        let number = number
        discard self
        return number
    }

    func status(_ path: String) throws(FileError) -> FileStatus {
        var status = stat()
        _ = try repeated("fstat", path) { unsafe fstat(number, &status) }
        return FileStatus(status)
    }

    /// Writes all of `bytes` at the current position, however many calls it takes.
    func write(_ bytes: [UInt8], _ path: String) throws(FileError) {
        var done = 0
        while done < bytes.count {
            let start = done
            let count = try repeated("write", path) {
                unsafe bytes.withUnsafeBytes { all in
                    let rest = unsafe UnsafeRawBufferPointer(rebasing: all[start...])
                    return unsafe Glibc.write(number, rest.baseAddress, rest.count)
                }
            }
            guard count > 0 else { throw FileError("write", path, number: EIO) }
            done += count
        }
    }

    /// Reads to the end, but no more than `limit` bytes and one, so that the caller sees an excess.
    func read(upTo limit: Int, expecting size: Int, _ path: String) throws(FileError) -> [UInt8] {
        var bytes: [UInt8] = []
        let limit = max(limit, 0)
        bytes.reserveCapacity(min(max(size, 0), limit))
        // One byte more than the file needs finds its end; a file that grew is read on.
        var chunk = [UInt8](repeating: 0, count: min(max(size, 0), limit, 65_536) + 1)
        while bytes.count <= limit {
            let room = min(chunk.count - 1, limit - bytes.count) + 1
            let count = try repeated("read", path) {
                unsafe chunk.withUnsafeMutableBytes {
                    unsafe Glibc.read(number, $0.baseAddress, room)
                }
            }
            guard count > 0 else { break }
            bytes += chunk.prefix(count)
        }
        return bytes
    }

    /// Writes `bytes` in the place of what the file holds.
    func replaceContents(with bytes: [UInt8], _ path: String) throws(FileError) {
        // Cut afterwards, so that a process that ends in between loses nothing of what it keeps.
        _ = try repeated("lseek", path) { lseek(number, 0, SEEK_SET) }
        try write(bytes, path)
        _ = try repeated("ftruncate", path) { ftruncate(number, off_t(bytes.count)) }
    }

    /// Writes `bytes` over what stands at `offset` of an open file, in one call.
    static func overwrite(
        _ number: Int32, at offset: Int, with bytes: [UInt8], _ path: String
    ) throws(FileError) {
        let count = unsafe bytes.withUnsafeBytes {
            unsafe pwrite(number, $0.baseAddress, $0.count, offset)
        }
        guard count >= 0 else { throw FileError("pwrite", path, number: errno) }
        guard count == bytes.count else { throw FileError("pwrite", path, number: ENOSPC) }
    }

    /// Takes an exclusive lock of the whole file; false where another open file has it.
    func lock(_ path: String) throws(FileError) -> Bool {
        do throws(FileError) {
            _ = try repeated("flock", path) { flock(number, LOCK_EX | LOCK_NB) }
            return true
        } catch {
            guard error.number == EWOULDBLOCK else { throw error }
            return false
        }
    }

    /// Gives the lock back at once, even where a child between fork and exec has a copy of it.
    func unlock(_ path: String) throws(FileError) {
        _ = try repeated("flock", path) { flock(number, LOCK_UN) }
    }

    func sync(_ path: String) throws(FileError) {
        _ = try repeated("fsync", path) { fsync(number) }
    }

    /// Writes back all of the file system that this file is on.
    func syncFileSystem(_ path: String) throws(FileError) {
        _ = try repeated("syncfs", path) { syncfs(number) }
    }

    /// Asks the kernel to forget its copy of the contents, so that the next read asks the medium.
    func forgetCache() {
        // Advice: where it is not taken, the read that follows is still a read.
        _ = posix_fadvise(number, 0, 0, POSIX_FADV_DONTNEED)
    }

    /// A C string would end at the first NUL, and name another file than the one meant.
    static func refuseNUL(
        _ name: String, _ operation: String, _ path: String
    ) throws(FileError) {
        guard !name.utf8.contains(0) else {
            throw FileError(operation, path, number: EINVAL, detail: "the path holds a NUL byte")
        }
    }
}

/// The result of `call`, repeated while a signal interrupts it.
func repeated<Result: SignedInteger>(
    _ operation: String, _ path: String, _ call: () -> Result
) throws(FileError) -> Result {
    while true {
        let result = call()
        guard result < 0 else { return result }
        let fault = errno
        guard fault == EINTR else { throw FileError(operation, path, number: fault) }
    }
}
