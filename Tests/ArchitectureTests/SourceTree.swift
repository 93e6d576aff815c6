// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The files of this package, read where the tests were built from.
enum SourceTree {
    /// A file: its path from the package's root, and its text.
    struct File {
        let path: String
        let text: String

        /// The name of its folder under `Sources` or `Tests`.
        var module: String {
            path.split(separator: "/").dropFirst().first.map(String.init) ?? ""
        }

        /// Its lines, without the empty one that the last LF would leave.
        var lines: [Substring] {
            var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            if lines.last?.isEmpty == true { lines.removeLast() }
            return lines
        }
    }

    /// A file or a folder that could not be read.
    struct Fault: Error {
        let path: String
        let number: Int32
    }

    /// The package's root.
    static let root = String(#filePath.prefix(#filePath.count - here.count))

    private static let here = "Tests/ArchitectureTests/SourceTree.swift"

    /// The text of one file.
    static func text(_ path: String) throws -> String {
        guard let file = fopen(root + path, "re") else { throw Fault(path: path, number: errno) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
            bytes += buffer[..<count]
        }
        guard ferror(file) == 0 else { throw Fault(path: path, number: errno) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The files below a folder whose names end in one of `endings`, sorted by path.
    static func files(in folder: String, endingIn endings: [String]) throws -> [File] {
        try paths(in: folder)
            .filter { path in endings.contains { path.hasSuffix($0) } }
            .sorted()
            .map { File(path: $0, text: try text($0)) }
    }

    /// The names in a folder, sorted.
    static func names(in folder: String) throws -> [String] {
        try entries(in: folder).map(\.name).sorted()
    }

    private static func paths(in folder: String) throws -> [String] {
        try entries(in: folder).flatMap { entry in
            let path = "\(folder)/\(entry.name)"
            return entry.isFolder ? try paths(in: path) : [path]
        }
    }

    private static func entries(in folder: String) throws -> [(name: String, isFolder: Bool)] {
        guard let directory = opendir(root + folder) else {
            throw Fault(path: folder, number: errno)
        }
        defer { closedir(directory) }
        var found: [(name: String, isFolder: Bool)] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
            }
            guard !name.hasPrefix(".") else { continue }
            var status = stat()
            guard lstat("\(root)\(folder)/\(name)", &status) == 0 else {
                throw Fault(path: "\(folder)/\(name)", number: errno)
            }
            found.append((name, status.st_mode & S_IFMT == S_IFDIR))
        }
        return found
    }
}
