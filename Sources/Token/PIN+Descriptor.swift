// SPDX-License-Identifier: Apache-2.0

import Glibc

extension PIN {
    /// Reads one line from an open file descriptor, and not a byte more.
    ///
    /// The line ends with LF or with the input. The descriptor stays open, at the next line.
    ///
    /// - Throws: ``TokenError`` where nothing can be read or the line is no PIN.
    public static func read(fromDescriptor descriptor: Int32) throws(TokenError) -> PIN {
        var line = try PINLine()
        while true {
            var byte: UInt8 = 0
            defer { byte = 0 }
            let count = unsafe Glibc.read(descriptor, &byte, 1)
            if count == 0 { break }
            guard count == 1 else {
                if errno == EINTR { continue }
                throw .pin("PIN cannot be read from descriptor \(descriptor)", errno)
            }
            if try line.addOrEnd(byte) { break }
        }
        return try PIN(line)
    }
}
