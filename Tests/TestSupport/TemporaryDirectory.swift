// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A directory of the test's own, which goes with the object.
public final class TemporaryDirectory: Sendable {
    /// The directory's path, without a slash at its end.
    public let path: String

    /// Makes an empty directory that only this user can enter.
    public init() throws {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/conclave-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemCallError("mkdtemp") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        do {
            _ = try Subprocess.run("/bin/rm", ["-rf", "--", path])
        } catch {
            print("\(path) stays: \(error)")
        }
    }

    /// The path of a name in the directory.
    public func file(_ name: String) -> String {
        "\(path)/\(name)"
    }

    /// Writes a file, replacing what it held, and answers its path.
    @discardableResult
    public func write(_ name: String, _ text: String) throws -> String {
        try write(name, Array(text.utf8))
    }

    /// Writes a file, replacing what it held, and answers its path.
    @discardableResult
    public func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let path = file(name)
        let descriptor = try checked(
            path, open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600))
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = try checked(
                path, rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) })
            rest = rest.dropFirst(count)
        }
        return path
    }

    /// The bytes of a file in the directory.
    public func read(_ name: String) throws -> [UInt8] {
        try contents(ofFile: file(name))
    }

    /// The names in the directory, or in one below it, sorted.
    public func names(in directory: String = ".") throws -> [String] {
        guard let stream = opendir(file(directory)) else { throw SystemCallError(directory) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}

/// The whole contents of a file.
public func contents(ofFile path: String) throws -> [UInt8] {
    let descriptor = try checked(path, open(path, O_RDONLY | O_CLOEXEC))
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = try checked(path, Glibc.read(descriptor, &chunk, chunk.count))
        guard count > 0 else { return bytes }
        bytes += chunk.prefix(count)
    }
}
