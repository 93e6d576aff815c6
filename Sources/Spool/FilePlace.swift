// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A path taken apart: the directory, and the one name in it.
struct FilePlace {
    let directory: String
    let name: String

    /// Splits at the last slash; `operation` is for the error's text.
    init(_ path: String, _ operation: String) throws(FileError) {
        if let slash = path.utf8.lastIndex(of: 0x2F) {
            let head = String(path[..<slash])
            directory = head.isEmpty ? "/" : head
            name = String(path[path.utf8.index(after: slash)...])
        } else {
            directory = "."
            name = path
        }
        guard !name.isEmpty, name != ".", name != ".." else {
            throw FileError(operation, path, number: EINVAL, detail: "the path names no file")
        }
    }

    /// The path of another name in the same directory.
    func sibling(_ name: String) -> String {
        joined(directory, name)
    }
}

/// The path of `name` in `directory`.
func joined(_ directory: String, _ name: String) -> String {
    directory.hasSuffix("/") ? directory + name : directory + "/" + name
}
