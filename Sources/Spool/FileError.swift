// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A file operation that failed: which call, on what path, with which `errno`.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The call that failed, by the name of its manual page: `open`, `fsync`, `renameat2`.
    public let operation: String
    /// The path as it was given, not resolved.
    public let path: String
    /// The value of `errno`, or the nearest one where Conclave itself refuses.
    public let number: Int32
    /// What Conclave has to say where `errno` alone would mislead.
    public let detail: String?

    /// Makes an error of `operation` on `path`.
    public init(_ operation: String, _ path: String, number: Int32, detail: String? = nil) {
        self.operation = operation
        self.path = path
        self.number = number
        self.detail = detail
    }

    /// The failure as one line: `open "/x": No such file or directory`.
    public var description: String {
        "\(operation) \"\(escaped(path))\": \(detail ?? FileError.text(of: number))"
    }

    /// What the C library says of `number`, in the C locale.
    static func text(of number: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        guard unsafe strerror_r(number, &buffer, buffer.count) == 0 else {
            return "error \(number)"
        }
        let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
