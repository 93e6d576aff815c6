// SPDX-License-Identifier: Apache-2.0
import Glibc
import SSHFormats

/// The files beside the tests that `generate.sh` made.
enum Vectors {
    /// The files of a folder whose names end so, sorted; the ending is taken off.
    static func names(in folder: String, ending: String) -> [String] {
        guard let directory = opendir("\(root)/\(folder)") else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(ending) { names.append(String(name.dropLast(ending.count))) }
        }
        return names.sorted()
    }

    /// The bytes of a file of the vectors.
    static func bytes(_ path: String) throws -> [UInt8] { try readFile("\(root)/\(path)") }

    /// The text of a file of the vectors that holds one line, without its line end.
    static func line(_ path: String) throws -> String {
        var bytes = try bytes(path)
        guard bytes.last == 0x0A else { throw NotRead(path: path) }
        bytes.removeLast()
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A public key among the vectors.
    static func key(_ name: String) throws -> PublicKey {
        try PublicKey(line: try line("keys/\(name).pub"))
    }

    /// A certificate among the vectors.
    static func certificate(_ name: String) throws -> Certificate {
        try Certificate(line: try line("certificates/\(name)-cert.pub"))
    }

    static let keyNames = names(in: "keys", ending: ".pub")
    static let certificateNames = names(in: "certificates", ending: "-cert.pub")
    static let signatureNames = names(in: "signatures", ending: ".sig")
    /// The kinds of authority, as `generate.sh` names them.
    static let authorities = [
        "rsa2048", "rsa3072", "rsa4096", "ecdsa256", "ecdsa384", "ecdsa521", "ed25519",
    ]
    /// One certificate of each shape, for the tests that try every byte.
    static let shapes = [
        "user-rsa2048-by-ecdsa521", "user-ecdsa256-by-ecdsa256", "user-ed25519-by-ed25519",
        "host-by-ecdsa384", "every-option",
    ]

    static let root: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast(2).joined(separator: "/") + "/Vectors"
    }()
}

/// A file could not be read whole.
struct NotRead: Error { let path: String }

/// Reads a whole file.
func readFile(_ path: String) throws -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw NotRead(path: path) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = fread(&buffer, 1, buffer.count, file)
        if count == 0 { break }
        bytes += buffer.prefix(count)
    }
    guard ferror(file) == 0 else { throw NotRead(path: path) }
    return bytes
}
