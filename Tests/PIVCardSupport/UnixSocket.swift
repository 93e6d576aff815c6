// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestSupport

/// A connection to a Unix socket, and the bytes that come over it.
///
/// Reading waits, but not for ever: what hangs fails the test.
final class UnixSocket: Sendable {
    /// Seconds after which reading gives up.
    static let timeLimit = 60

    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = try checked(
            "socket",
            socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0))
        var limit = timeval(tv_sec: Self.timeLimit, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < capacity else {
            close(descriptor)
            throw PIVCardError("\(path) is longer than a socket's path may be (\(capacity - 1))")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard connected == 0 else {
            let error = SystemCallError(path)
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    /// Sends it all; false where the other side has closed.
    func send(_ bytes: [UInt8]) throws -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0 && (errno == EPIPE || errno == ECONNRESET) { return false }
            rest = rest.dropFirst(try checked("send", count))
        }
        return true
    }

    /// What has come, at least one byte; nothing at the end.
    func receive(atMost limit: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = recv(descriptor, &bytes, limit, 0)
        // Whoever closes with something unread, as a card that vanishes does, resets.
        if count < 0 && errno == ECONNRESET { return [] }
        return Array(bytes.prefix(try checked("recv", count)))
    }

    /// Exactly so many bytes; `nil` where the end comes before.
    func receive(exactly count: Int) throws -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let more = try receive(atMost: count - bytes.count)
            if more.isEmpty { return nil }
            bytes += more
        }
        return bytes
    }
}
