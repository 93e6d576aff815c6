// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import SSHFormats

/// What is said to be signed: a file, or standard input; read once, in pieces, and never kept.
struct Message: Sendable {
    /// The file; nil for standard input.
    let path: String?

    /// Names the message; no path or `-` is standard input.
    init(_ path: String?) {
        self.path = path == "-" ? nil : path
    }

    /// The message's hash.
    func hash(_ algorithm: SSHSIG.HashAlgorithm) throws -> [UInt8] {
        var hasher = MessageHasher(algorithm)
        var chunk = [UInt8](repeating: 0, count: 262_144)
        let name = path ?? FileHandle.standardInputName
        let handle = try path.map { try FileHandle.file($0) } ?? FileHandle.standardInput()
        if path != nil {
            let kind = try handle.kind(path: name)
            guard kind == .regular else {
                throw RefusedFile(name, .plainFile, "it is \(kind.rawValue), not a regular file")
            }
        }
        while case let count = try handle.read(into: &chunk, path: name), count > 0 {
            hasher.update(chunk.prefix(count))
        }
        return hasher.finish()
    }
}
