// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A file in the making: written piece by piece under a name of its own, read back, then published.
///
/// Until then nothing of it can be seen under its final name, and afterwards all of it. What is never
/// published is removed. As ``DurableFile`` does, it writes, syncs, renames and syncs the directory.
public struct StagedFile: ~Copyable {
    /// The path under which the file will be found: that of the file itself, where a symbolic link was
    /// given.
    public let path: String
    private let place: FilePlace
    private let directory: Descriptor
    private let entry: DirectoryEntry
    private let file: Descriptor
    /// What was in its place at the beginning.
    private let present: FileStatus?
    private var isSynced = false
    private var isPublished = false

    /// Begins a file that will be found under `path`.
    ///
    /// A file that is already there hands its permissions on; otherwise they are `mode`, subject to
    /// the umask.
    ///
    /// - Throws: `FileError`; EINVAL where there is something that is no regular file.
    public init(_ path: String, mode: UInt16) throws(FileError) {
        let path = StagedFile.resolved(path)
        let place = try FilePlace(path, "open")
        let directory = try Descriptor.directory(place.directory, path: place.directory)
        let present = try DirectoryEntry(place.name, in: directory, path: path).status()
        if let present, present.kind != .regular {
            throw FileError(
                "open", path, number: EINVAL,
                detail: "is \(present.kind.name), not a regular file")
        }
        let entry = try StagedFile.begin(beside: place, in: directory, mode: mode_t(mode))
        let file = try Descriptor(
            entry.name, in: entry.base, flags: O_WRONLY | O_NOFOLLOW, path: entry.path)
        if let present {
            do throws(FileError) {
                _ = try repeated("fchmod", entry.path) {
                    fchmod(file.number, present.permissions)
                }
            } catch {
                try? entry.remove()
                throw error
            }
        }
        self.path = path
        self.place = place
        self.directory = directory
        self.entry = entry
        self.file = file
        self.present = present
    }

    deinit {
        // The first failure is on its way already; a file that stays is hidden and of no use.
        if !isPublished { try? entry.remove() }
    }

    /// Adds bytes at the end.
    ///
    /// - Throws: `FileError`.
    public mutating func write(_ bytes: [UInt8]) throws(FileError) {
        isSynced = false
        try file.write(bytes, entry.path)
    }

    /// Syncs what has been written and reads it back, at most `limit` bytes.
    ///
    /// - Throws: `FileError`; EFBIG above the limit.
    public mutating func readBack(limit: Int) throws(FileError) -> [UInt8] {
        try sync()
        return try DurableFile.read(entry.path, limit: limit)
    }

    /// Puts the file in its place, in that of an older one too, and makes it outlive a power cut.
    ///
    /// - Throws: `FileError`; ESTALE where the older one was changed since this one was begun.
    public mutating func publish() throws(FileError) {
        try sync()
        let target = try DirectoryEntry(place.name, in: directory, path: path)
        guard try target.status() == present else {
            throw FileError(
                "rename", path, number: ESTALE, detail: "the file was changed in the meantime")
        }
        try entry.replace(target)
        isPublished = true
        try directory.sync(place.directory)
    }

    private mutating func sync() throws(FileError) {
        if !isSynced { try file.sync(entry.path) }
        isSynced = true
    }

    /// Makes a file of a name that nothing else has.
    private static func begin(
        beside place: FilePlace, in directory: borrowing Descriptor, mode: mode_t
    ) throws(FileError) -> DirectoryEntry {
        var number = 0
        while true {
            let name = ".conclave-\(getpid())-\(number).tmp"
            let entry = try DirectoryEntry(name, in: directory, path: place.sibling(name))
            do throws(FileError) {
                try entry.create(mode: mode).close(entry.path)
                return entry
            } catch {
                number += 1
                guard error.number == EEXIST, number < 100 else { throw error }
            }
        }
    }

    /// The path that symbolic links lead to, or the path itself where there is nothing.
    private static func resolved(_ path: String) -> String {
        guard !path.utf8.contains(0), let real = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }
}
