// SPDX-License-Identifier: Apache-2.0
import Glibc

/// What is done to a ledger's files without SQLite.
///
/// A ledger that is in use is never opened here: closing a second descriptor of a file lets go of the
/// locks that SQLite holds on it for the whole process.
enum LedgerFile {
    /// What SQLite may put beside a database file.
    static let companions = ["-wal", "-shm", "-journal"]

    /// Makes an empty file for this user alone; whatever stands at `path` already is left as it is.
    static func createExclusively(_ path: String) throws(LedgerStoreError) {
        let descriptor = repeated {
            unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        }
        guard descriptor >= 0 else {
            let number = errno
            if number == EEXIST { throw .exists(path: path) }
            throw LedgerStoreError(operation: "create", path: path, number: number)
        }
        // After EINTR Linux has closed it.
        guard close(descriptor) == 0 || errno == EINTR else {
            throw LedgerStoreError(operation: "close", path: path, number: errno)
        }
    }

    /// Whether there is a file of this name.
    static func exists(_ path: String) -> Bool {
        unsafe access(path, F_OK) == 0
    }

    /// Whether this user may write the file.
    static func isWritable(_ path: String) -> Bool {
        unsafe access(path, W_OK) == 0
    }

    /// Makes the names in the directory of `path` durable.
    static func syncDirectory(of path: String) throws(LedgerStoreError) {
        let directory = directory(of: path)
        let descriptor = repeated {
            unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        }
        guard descriptor >= 0 else {
            throw .file(operation: "open", path: directory, number: errno)
        }
        defer { _ = close(descriptor) }
        guard repeated({ fsync(descriptor) }) == 0 else {
            throw .file(operation: "sync", path: directory, number: errno)
        }
    }

    /// Removes a ledger that could not be made, with all that stands beside it.
    ///
    /// Failures are passed over: the caller is about to report why the making failed.
    static func discard(_ path: String) {
        for suffix in [""] + companions { _ = unsafe unlink(path + suffix) }
    }

    /// The size of a regular file in bytes, or nil where there is nothing of this name.
    static func size(of path: String) throws(LedgerStoreError) -> Int64? {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            let number = errno
            if number == ENOENT { return nil }
            throw .file(operation: "stat", path: path, number: number)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .foreign(path: path, reason: "it is not a regular file")
        }
        return Int64(status.st_size)
    }

    /// Whether this process may make files in the directory of `path`.
    static func isDirectoryWritable(of path: String) -> Bool {
        unsafe faccessat(AT_FDCWD, directory(of: path), W_OK | X_OK, AT_EACCESS) == 0
    }

    /// Whether SQLite can read the file only if it takes it to be still: nothing can be made beside it.
    ///
    /// With the log and its index both there, SQLite reads them, and sees who writes.
    static func mustBeStill(_ path: String) throws(LedgerStoreError) -> Bool {
        guard !isDirectoryWritable(of: path) else { return false }
        let logSize = try size(of: path + "-wal")
        if logSize != nil, unsafe access(path + "-shm", R_OK) == 0 { return false }
        guard logSize ?? 0 == 0 else { throw .unreadLog(path: path) }
        return true
    }

    /// What changes with a file.
    struct Mark: Equatable {
        private let place: [UInt64]
        private let times: [Int]

        /// Looks at a file; nil where it cannot be looked at.
        init?(of path: String) {
            var status = stat()
            guard unsafe stat(path, &status) == 0 else { return nil }
            place = [
                UInt64(status.st_dev), UInt64(status.st_ino), UInt64(clamping: status.st_size),
            ]
            times = [
                status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
                status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
            ]
        }
    }

    /// What `call` answers, given again while a signal interrupts it.
    private static func repeated(_ call: () -> Int32) -> Int32 {
        while true {
            let result = call()
            guard result < 0, errno == EINTR else { return result }
        }
    }

    /// The part of `path` that names its directory.
    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
