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

    /// A pattern to look for, each of its bytes inverted, so that it is not found where it is kept.
    private struct Hidden {
        private let bytes: [UInt8]

        init(_ bytes: borrowing [UInt8]) { self.bytes = bytes.map { ~$0 } }

        /// How often the pattern stands in memory that this process may write.
        ///
        /// What is read is inverted, too, word by word, before it is searched: functions of libc search in
        /// wide registers, which the next call of a function that is not bound yet leaves on the stack.
        func count() throws -> Int {
            let room = 1 << 20
            // What is read stands here, and is left out.
            let buffer = try #require(
                mmap(nil, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
            defer { munmap(buffer, room) }
            let own = Int(bitPattern: buffer)
            let memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC)
            defer { close(memory) }
            var count = 0
            for (start, end) in try Self.writable() {
                var place = start
                while place < end {
                    let length = min(room, end - place)
                    defer { place += length == room ? room - bytes.count + 1 : length }
                    if place < own + room, place + length > own { continue }
                    guard pread(memory, buffer, length, off_t(place)) == length else { continue }
                    var word = buffer.assumingMemoryBound(to: UInt64.self)
                    let behind = word + (length + 7) / 8
                    while word != behind {
                        word.pointee = ~word.pointee
                        word += 1
                    }
                    count += occurrences(in: buffer, length)
                }
            }
            return count
        }

        private func occurrences(in memory: UnsafeMutableRawPointer, _ length: Int) -> Int {
            var count = 0
            var place = 0
            while place + bytes.count <= length,
                let found = memchr(
                    memory + place, Int32(bytes[0]), length - bytes.count + 1 - place)
            {
                if memcmp(found, bytes, bytes.count) == 0 { count += 1 }
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
                #expect(refused?.code == .managementKeyRefused, "other refusal")
                // While the card is open, its PIN is kept, and the search finds it.
                Self.forget(&pin)
                let held = try patterns[0].count()
                #expect(held == 1, "the PIN stood \(held) times in memory while the card was open")
                await token.close()
            }
            Self.forget(&puk)
            Self.forget(&key)
            #expect(sent.withLock { $0 } == 4, "other commands were sent")
            for (pattern, name) in zip(patterns, ["PIN", "PUK", "management key"]) {
                let left = try pattern.count()
                #expect(left == 0, "the \(name) stood \(left) times in memory after all")
            }
        }
    }
}
