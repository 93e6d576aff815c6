// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A directory for one test, removed with all that is in it.
final class TemporaryDirectory {
    let path: String

    init() throws {
        var template = Array("/tmp/ledger-store-tests-XXXXXX\0".utf8).map { CChar(bitPattern: $0) }
        guard mkdtemp(&template) != nil else { throw SystemError(number: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        chmod(path, 0o700)
        for name in names { unlink(path + "/" + name) }
        rmdir(path)
    }

    /// The names in the directory, sorted.
    var names: [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    func file(_ name: String) -> String { path + "/" + name }

    /// Copies the files of this directory into a new one, as a crash at this moment would leave them.
    func snapshot() throws -> TemporaryDirectory {
        let copy = try TemporaryDirectory()
        for name in names { try write(try read(file(name)), to: copy.file(name)) }
        return copy
    }
}

struct SystemError: Error {
    let number: Int32
}

func read(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw SystemError(number: errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = Glibc.read(descriptor, &chunk, chunk.count)
        guard count >= 0 else { throw SystemError(number: errno) }
        if count == 0 { return bytes }
        bytes += chunk[..<count]
    }
}

func write(_ bytes: [UInt8], to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    guard descriptor >= 0 else { throw SystemError(number: errno) }
    defer { close(descriptor) }
    var offset = 0
    while offset < bytes.count {
        let count = bytes[offset...].withUnsafeBytes {
            Glibc.write(descriptor, $0.baseAddress, $0.count)
        }
        guard count > 0 else { throw SystemError(number: errno) }
        offset += count
    }
}
