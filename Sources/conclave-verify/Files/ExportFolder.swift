// SPDX-License-Identifier: Apache-2.0
import Documents
import Glibc

/// The directory of an export, read file by file: nothing of it is kept in memory.
struct ExportFolder: Sendable {
    /// What became of a file that was asked for.
    enum Reading: Sendable {
        /// Its contents.
        case bytes([UInt8])
        /// There is none.
        case missing
        /// It is none that is read.
        case refused(String)
    }

    /// How many directories deep a file may lie.
    private static let maximumDepth = 8
    /// How many names one directory may hold.
    private static let maximumNames = 1_000_000

    /// The directory.
    let path: String

    /// Reads a regular file of at most `limit` bytes; links are not followed.
    ///
    /// - Throws: `MachineFault` where the system does not let it be read.
    func read(_ file: String, limit: Int) throws(MachineFault) -> Reading {
        let parts = file.split(separator: "/").map(String.init)
        do throws(MachineFault) {
            return try read(parts[...], in: FileHandle.directory(path), at: path, limit: limit)
        } catch {
            switch error.number {
            case ENOENT: return .missing
            case ENOTDIR, ELOOP: return .refused("it is not a regular file")
            default: throw error
            }
        }
    }

    private func read(
        _ parts: ArraySlice<String>, in directory: consuming FileHandle, at place: String,
        limit: Int
    ) throws(MachineFault) -> Reading {
        guard let name = parts.first else { return .missing }
        let path = place + "/" + name
        guard parts.count == 1 else {
            let inner = try directory.directory(name, path: path)
            return try read(parts.dropFirst(), in: inner, at: path, limit: limit)
        }
        let file = try directory.file(name, path: path)
        let (kind, length) = try file.kindAndLength(path: path)
        guard kind == .regular else { return .refused("it is \(kind.rawValue)") }
        guard let bytes = try file.contents(length: length, limit: limit, path: path) else {
            return .refused("it has more than \(limit) bytes")
        }
        return .bytes(bytes)
    }

    /// Hands over every path that is not a directory, with what stands there, and every empty directory.
    ///
    /// - Throws: `MachineFault` where the system does not let a directory be read.
    func walk(_ body: (String, FileHandle.Kind) -> Void) throws(MachineFault) {
        try walk(FileHandle.directory(path), at: path, prefix: "", depth: 1, body)
    }

    private func walk(
        _ directory: borrowing FileHandle, at place: String, prefix: String, depth: Int,
        _ body: (String, FileHandle.Kind) -> Void
    ) throws(MachineFault) {
        guard let names = try directory.names(limit: Self.maximumNames, path: place) else {
            body(prefix, .directory)
            return
        }
        if names.isEmpty, !prefix.isEmpty { body(String(prefix.dropLast()), .directory) }
        for name in names {
            let text = String(decoding: name, as: UTF8.self)
            let path = place + "/" + text
            guard BundleFiles.isPlain(name) else {
                body(prefix + text, .special)
                continue
            }
            let kind = try directory.kind(of: text, path: path)
            if kind == .directory, depth < Self.maximumDepth {
                let inner = try directory.directory(text, path: path)
                try walk(inner, at: path, prefix: prefix + text + "/", depth: depth + 1, body)
            } else {
                body(prefix + text, kind)
            }
        }
    }
}
