// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import TestSupport

/// A pipe whose two ends no other program inherits unasked, not even one that another test starts at
/// the same moment: so it is a pair of sockets.
final class Pipe: Sendable {
    let reading: Int32
    let writing: Int32
    private let isOpen = Mutex((reading: true, writing: true))

    init() throws {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        try checked("socketpair", socketpair(AF_UNIX, kind, 0, &ends))
        (reading, writing) = (ends[0], ends[1])
    }

    deinit { closeBoth() }

    func closeReading() {
        isOpen.withLock { isOpen in
            if isOpen.reading { close(reading) }
            isOpen.reading = false
        }
    }

    func closeWriting() {
        isOpen.withLock { isOpen in
            if isOpen.writing { close(writing) }
            isOpen.writing = false
        }
    }

    func closeBoth() {
        closeReading()
        closeWriting()
    }

    /// The next line without its end; what there is at the end of all, if anything.
    func readLine() throws -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while try checked("read", read(reading, &byte, 1)) == 1, byte != UInt8(ascii: "\n") {
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    func write(_ text: String) throws {
        let bytes = Array(text.utf8)
        let count = try checked("write", Glibc.write(writing, bytes, bytes.count))
        guard count == bytes.count else { throw PIVCardError("a pipe took \(count) bytes") }
    }
}
