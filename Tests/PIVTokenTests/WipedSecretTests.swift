// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization
import Testing
import Token

@testable import PIVToken

/// The memory of the process is searched for secrets that were used and let go.
@Suite("Secrets that were let go", .timeLimit(.minutes(20)))
struct WipedSecretTests {
    /// Bytes that stand nowhere in the program: printable, and each time others.
    private static func fresh(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0x21...0x7E) }
    }

    /// A pattern to look for, hidden, so that it is not found where it is kept.
    private struct Hidden {
        private let bytes: [UInt8]

        init(_ bytes: borrowing [UInt8]) { self.bytes = bytes.map { $0 ^ 0xFF } }

        /// How often the pattern stands in memory that this process may write.
        func count() throws -> Int {
            // The one place where it is shown, and that for what is read, are left out.
            let room = 1 << 20
            let size = room + 4096
            let shown = try #require(
                mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
            defer { munmap(shown, size) }
            for (place, byte) in bytes.enumerated() {
                shown.storeBytes(of: byte ^ 0xFF, toByteOffset: place, as: UInt8.self)
            }
            let buffer = shown + 4096
            let memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC)
            defer { close(memory) }
            var count = 0
            for (start, end) in try Self.writable() {
                var place = start
                while place < end {
                    let length = min(room, end - place)
                    defer { place += length == room ? room - bytes.count + 1 : length }
                    let own = Int(bitPattern: shown)
                    if place < own + size, place + length > own { continue }
                    guard pread(memory, buffer, length, off_t(place)) == length else { continue }
                    count += Self.count(shown, bytes.count, in: buffer, length)
                }
            }
            return count
        }

        private static func count(
            _ pattern: UnsafeMutableRawPointer, _ size: Int, in memory: UnsafeMutableRawPointer,
            _ length: Int
        ) -> Int {
            let first = Int32(pattern.load(as: UInt8.self))
            var count = 0
            var place = 0
            while place + size <= length,
                let found = memchr(memory + place, first, length - size + 1 - place)
            {
                if memcmp(found, pattern, size) == 0 { count += 1 }
                place = found - memory + 1
            }
            return count
        }

        private static func writable() throws -> [(start: Int, end: Int)] {
            let file = try #require(fopen("/proc/self/maps", "re"))
            defer { fclose(file) }
            var ranges: [(Int, Int)] = []
            var line = [CChar](repeating: 0, count: 4096)
            while fgets(&line, Int32(line.count), file) != nil {
                let text = String(
                    decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                let fields = text.split(separator: " ")
                let ends = fields[0].split(separator: "-").compactMap { Int($0, radix: 16) }
                if fields[1].hasPrefix("rw"), ends.count == 2 { ranges.append((ends[0], ends[1])) }
            }
            return ranges
        }
    }

    /// Overwrites a copy of the test's own.
    private static func forget(_ bytes: inout [UInt8]) { bytes.wipe() }

    @Test("a PIN, a PUK and a management key stand nowhere once the card is closed")
    func closed() async throws {
        await #expect(processExitsWith: .success) {
            var pin = Self.fresh(8)
            var puk = Self.fresh(8)
            var key = Self.fresh(24)
            let patterns = [Hidden(pin), Hidden(puk), Hidden(key)]
            let sent = Mutex(0)
            do {
                let token = try await LyingTransport.open { command in
                    if [0x20, 0x24, 0x2C].contains(command[1]), command.count > 5 {
                        sent.withLock { $0 += 1 }
                        return bytes("9000")
                    }
                    return nil
                }
                try await token.login(PIN(pin))
                try await token.changePIN(from: PIN(pin), to: PIN(pin))
                try await token.unblockPIN(puk: PIN(puk), newPIN: PIN(pin))
                try await token.login(PIN(pin))
                let refused = await tokenError {
                    try await token.authenticate(ManagementKey(key))
                }
                #expect(refused?.code == .managementKeyRefused)
                // While the card is open, its PIN is kept, and the search finds it.
                Self.forget(&pin)
                #expect(try patterns[0].count() == 1)
                await token.close()
            }
            Self.forget(&puk)
            Self.forget(&key)
            #expect(sent.withLock { $0 } == 4)
            for pattern in patterns { #expect(try pattern.count() == 0) }
        }
    }
}
