// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A file that is read front to back, a piece at a time; pipes and standard input too.
public struct FileStream: ~Copyable {
    /// The path, or what is shown in its place.
    public let path: String
    private let file: Descriptor
    private let isStandardInput: Bool

    /// Opens a file; follows links.
    ///
    /// - Throws: `FileError`.
    public init(_ path: String) throws(FileError) {
        self.path = path
        file = try Descriptor(path, flags: O_RDONLY | O_NOCTTY, path: path)
        isStandardInput = false
    }

    /// Reads from standard input, which stays open.
    public init(standardInput path: String) throws(FileError) {
        self.path = path
        let copy = try repeated("fcntl", path) { fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) }
        file = Descriptor(owning: copy)
        isStandardInput = true
    }

    /// The next bytes, 64 KiB at most; none at the end.
    ///
    /// - Throws: `FileError`.
    public func next() throws(FileError) -> [UInt8] {
        var piece = [UInt8](repeating: 0, count: 65_536)
        let count = try repeated("read", path) {
            unsafe piece.withUnsafeMutableBytes {
                unsafe Glibc.read(file.number, $0.baseAddress, $0.count)
            }
        }
        if count < piece.count { piece.removeSubrange(count...) }
        return piece
    }
}
