// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Files that are there, whole, after a power cut, or not there at all.
///
/// What is written passes through a file with a name of its own in the same directory,
/// `.conclave-PID-N.tmp`, is synced, renamed, and the directory synced. A crash can leave such a
/// file behind; it holds nothing that anyone relies on.
public enum DurableFile {
    /// Writes a new file of `bytes`, and never replaces anything of that name.
    ///
    /// The `mode` is subject to the umask. Where the error's operation is `fsync` and its path is the
    /// directory's, the file is there, and only its outliving a power cut is in doubt.
    ///
    /// - Throws: `FileError`; EEXIST where there is anything of that name.
    public static func create(
        _ path: String, _ bytes: [UInt8], mode: UInt16 = 0o600
    ) throws(FileError) {
        try write(path, bytes, mode: mode, replacing: false)
    }

    /// Writes a file of `bytes` in the place of an older one, at once; for disposable files only.
    ///
    /// A reader sees the old file or the new one. The `mode` is subject to the umask.
    ///
    /// - Throws: `FileError`.
    public static func replace(
        _ path: String, _ bytes: [UInt8], mode: UInt16 = 0o600
    ) throws(FileError) {
        try write(path, bytes, mode: mode, replacing: true)
    }

    /// Reads a regular file of at most `limit` bytes; follows links, never waits for a writer.
    ///
    /// - Throws: `FileError`; EFBIG above the limit, EINVAL for what is no regular file.
    public static func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
        let file = try Descriptor(path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY, path: path)
        let status = try file.status(path)
        guard status.kind == .regular else {
            throw FileError(
                "read", path, number: EINVAL, detail: "is \(status.kind.name), not a regular file")
        }
        let bytes = try file.read(upTo: limit, expecting: status.size, path)
        guard bytes.count <= limit else {
            throw FileError(
                "read", path, number: EFBIG, detail: "the file exceeds the limit of \(limit) bytes")
        }
        try file.close(path)
        return bytes
    }

    /// Makes a new directory, and syncs the one that it stands in.
    ///
    /// The `mode` is subject to the umask.
    ///
    /// - Throws: `FileError`; EEXIST where there is anything of that name.
    public static func createDirectory(_ path: String, mode: UInt16 = 0o700) throws(FileError) {
        let place = try FilePlace(path, "mkdir")
        let parent = try Descriptor.directory(place.directory, path: place.directory)
        try DirectoryEntry(place.name, in: parent, path: path).makeDirectory(mode: mode_t(mode))
        try parent.sync(place.directory)
        try parent.close(place.directory)
    }

    /// The names in a directory, at most `limit` of them, sorted by their bytes.
    ///
    /// - Throws: `FileError`; EFBIG above the limit.
    public static func names(
        in path: String, limit: Int = 1_000_000
    ) throws(FileError) -> [String] {
        let directory = try Descriptor.directory(path, path: path)
        let names = try DirectoryNames.list(directory, limit: limit, path: path)
        try directory.close(path)
        return names.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Makes the names in a directory outlive a power cut.
    ///
    /// - Throws: `FileError`.
    public static func syncDirectory(_ path: String) throws(FileError) {
        let directory = try Descriptor.directory(path, path: path)
        try directory.sync(path)
        try directory.close(path)
    }

    /// Removes the temporary files that crashes left in a directory, where nobody else writes now.
    ///
    /// What cannot be removed stays, and nobody minds; a directory that is not there holds none.
    public static func removeLeftovers(in path: String) {
        removeLeftovers(in: path) { _ in true }
    }

    /// Removes the temporary files that crashes left in the directory of a file, where others may write
    /// now: those of processes that are gone.
    ///
    /// What cannot be removed stays, and nobody minds.
    public static func removeLeftovers(beside path: String) {
        guard let place = try? FilePlace(path, "open") else { return }
        removeLeftovers(in: place.directory) { process in
            kill(process, 0) != 0 && errno == ESRCH
        }
    }

    private static func removeLeftovers(in path: String, where isOld: (pid_t) -> Bool) {
        guard let directory = try? Descriptor.directory(path, path: path),
            let names = try? DirectoryNames.list(directory, limit: 1_000_000, path: path)
        else { return }
        for name in names {
            guard let process = writer(of: name), isOld(process) else { continue }
            let text = String(decoding: name, as: UTF8.self)
            try? DirectoryEntry(text, in: directory, path: joined(path, text)).remove()
        }
    }

    /// The process that made a file of this name; nil where it is no `.conclave-PID-N.tmp`.
    private static func writer(of name: [UInt8]) -> pid_t? {
        let prefix = Array(".conclave-".utf8)
        let suffix = Array(".tmp".utf8)
        guard name.starts(with: prefix), name.suffix(suffix.count).elementsEqual(suffix) else {
            return nil
        }
        let parts = name.dropFirst(prefix.count).dropLast(suffix.count)
            .split(separator: 0x2D, omittingEmptySubsequences: false)
        let isOurs =
            parts.count == 2
            && parts.allSatisfy { part in
                !part.isEmpty && part.allSatisfy { (0x30...0x39).contains($0) }
            }
        // A number that no process has is of none that lives.
        return isOurs ? pid_t(String(decoding: parts[0], as: UTF8.self)) ?? .max : nil
    }

    private static func write(
        _ path: String, _ bytes: [UInt8], mode: UInt16, replacing: Bool
    ) throws(FileError) {
        let place = try FilePlace(path, "open")
        let directory = try Descriptor.directory(place.directory, path: place.directory)
        let target = try DirectoryEntry(place.name, in: directory, path: path)
        // The rename would refuse as well; this way nothing is written first.
        if !replacing, try target.status() != nil {
            throw FileError("open", path, number: EEXIST)
        }
        let temporary = try makeTemporary(beside: place, in: directory, bytes, mode: mode_t(mode))
        do throws(FileError) {
            if replacing {
                try temporary.replace(target)
            } else {
                try temporary.rename(to: target)
            }
        } catch {
            discard(temporary)
            throw error
        }
        try directory.sync(place.directory)
        try directory.close(place.directory)
    }

    /// Writes and syncs a file of a name that nothing else has.
    private static func makeTemporary(
        beside place: FilePlace, in directory: borrowing Descriptor, _ bytes: [UInt8], mode: mode_t
    ) throws(FileError) -> DirectoryEntry {
        let tries = 100
        var number = 0
        while true {
            let name = ".conclave-\(getpid())-\(number).tmp"
            let path = place.sibling(name)
            let entry = try DirectoryEntry(name, in: directory, path: path)
            do throws(FileError) {
                let file = try entry.create(mode: mode)
                do throws(FileError) {
                    try file.write(bytes, path)
                    try file.sync(path)
                    try file.close(path)
                } catch {
                    discard(entry)
                    throw error
                }
                return entry
            } catch {
                number += 1
                guard error.number == EEXIST, number < tries else { throw error }
            }
        }
    }

    /// Removes a temporary file after a failure, whose error is the one worth reporting.
    private static func discard(_ temporary: DirectoryEntry) {
        do throws(FileError) {
            try temporary.remove()
        } catch {
            // The file stays, hidden and of no use; the first failure is already on its way.
        }
    }
}
