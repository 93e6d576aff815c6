// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A directory for this user alone, for a moment, that no crash leaves behind for good.
///
/// It is locked as long as the process lives. What a killed process left is told by its lock's being
/// free, and the next that makes such a directory removes it.
public final class ScratchDirectory {
    /// The directory's path.
    public let path: String
    private let lock: Descriptor

    private static let prefix = "conclave-signing-"
    private static let maximumTries = 10

    /// Makes a directory in this one; in the one that TMPDIR names, or `/tmp`, where none is given.
    ///
    /// - Throws: `FileError`.
    public init(in directory: String? = nil) throws(FileError) {
        let named = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) }
        let base = directory ?? named ?? "/tmp"
        Self.removeAbandoned(in: base)
        for _ in 0..<Self.maximumTries {
            var template = Array("\(base)/\(Self.prefix)XXXXXX".utf8CString)
            guard unsafe mkdtemp(&template) != nil else {
                throw FileError("mkdtemp", "\(base)/\(Self.prefix)XXXXXX", number: errno)
            }
            let made = String(
                decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            do throws(FileError) {
                let directory = try Descriptor.directory(made, follow: false, path: made)
                // Before it was locked, another process may have taken it for an abandoned one.
                if try directory.lock(made), unsafe access(made, F_OK) == 0 {
                    path = made
                    lock = directory
                    return
                }
            } catch {
                unsafe rmdir(made)
                guard error.number == ENOENT else { throw error }
            }
        }
        throw FileError("mkdtemp", base, number: EAGAIN, detail: "directories vanish there")
    }

    deinit { Self.remove(lock, path) }

    /// Removes what processes left that were killed; what cannot be removed stays.
    private static func removeAbandoned(in base: String) {
        guard let directory = try? Descriptor.directory(base, path: base),
            let names = try? DirectoryNames.list(directory, limit: 100_000, path: base)
        else { return }
        for name in names
        where name.starts(with: prefix.utf8) && name.count == prefix.utf8.count + 6 {
            let text = String(decoding: name, as: UTF8.self)
            let path = joined(base, text)
            guard
                let abandoned = try? Descriptor.directory(
                    text, in: directory.number, follow: false, path: path),
                (try? abandoned.status(path).owner) == geteuid(),
                (try? abandoned.lock(path)) == true
            else { continue }
            remove(abandoned, path)
        }
    }

    /// Removes the files in a directory, and then the directory itself.
    private static func remove(_ directory: borrowing Descriptor, _ path: String) {
        let names = (try? DirectoryNames.list(directory, limit: 100, path: path)) ?? []
        for name in names {
            unsafe unlinkat(directory.number, String(decoding: name, as: UTF8.self), 0)
        }
        unsafe rmdir(path)
    }
}
