// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Synchronization
import Testing
import Token

@testable import PIVToken

/// Whoever controls the card controls every byte of its answers: no answer traps, none is waited for
/// without end, and no secret goes to a card that is not the one that was opened.
@Suite("A PIV card that lies", .timeLimit(.minutes(20)))
struct LyingCardTests {
    private let home = String(repeating: "5d", count: 32)

    @Test(
        "an answer in pieces without end is given up after so many pieces or bytes",
        arguments: [(1, 512), (128, 512), (129, 509), (255, 258), (256, 257), (65_536, 2)])
    func endlessPieces(length: Int, pieces: Int) async throws {
        let counter = LyingTransport.Counter()
        let token = try await LyingTransport.open(counter) { command in
            guard [0xCB, 0xC0].contains(command[1]) else { return nil }
            return [UInt8](repeating: 0x53, count: length) + [0x61, 0xFF]
        }
        let before = counter.value
        let error = await tokenError { try await token.object(.keyHistory) }
        #expect(error?.code == .other)
        #expect(error?.description == "the card's answer to GET DATA is not understood")
        // Beside the pieces, the application is selected and the serial number asked for.
        #expect(counter.value - before == pieces + 2)
        await token.close()
    }

    @Test("an answer that may have 512 pieces is taken with so many, and not with more")
    func mostPieces() async throws {
        for (pieces, isTaken) in [(512, true), (513, false)] {
            let sent = Mutex(0)
            let token = try await LyingTransport.open { command in
                guard [0xCB, 0xC0].contains(command[1]) else { return nil }
                let number = sent.withLock { sent in
                    sent += 1
                    return sent
                }
                // The head of an object of so many bytes, then its bytes one by one.
                let head: [UInt8] = [
                    0x53, 0x82, UInt8((pieces - 1) >> 8), UInt8((pieces - 1) & 0xFF),
                ]
                return (number == 1 ? head : [7])
                    + (number < pieces ? [0x61, 0x01] : [0x90, 0x00])
            }
            let found = try? await token.object(.keyHistory)
            #expect(found == (isTaken ? [UInt8](repeating: 7, count: pieces - 1) : nil))
            await token.close()
        }
    }

    @Test("pieces that are announced and empty, and lengths that are never right, end at once")
    func emptyPieces() async throws {
        for answer in ["6100", "61ff", "6c00", "6cff"] {
            let counter = LyingTransport.Counter()
            let token = try await LyingTransport.open(counter) { command in
                [0xCB, 0xC0].contains(command[1]) ? bytes(answer) : nil
            }
            let before = counter.value
            let error = await tokenError { try await token.object(.keyHistory) }
            #expect(error?.code == .other)
            #expect(counter.value - before == 4)
            await token.close()
        }
    }

    @Test("a card that is another one from one call to the next gets no PIN and no management key")
    func changingIdentity() async throws {
        let isOther = Mutex(false)
        let secrets = LyingTransport.Counter()
        let spoken = Mutex<[UInt8]>([])
        let token = try await LyingTransport.open(secrets) { command in
            spoken.withLock { $0.append(command[1]) }
            return command[1] == 0xF8 && isOther.withLock { $0 } ? bytes("000000019000") : nil
        }
        try await token.login(PIN(Workbench.pin.utf8))
        isOther.withLock { $0 = true }
        spoken.withLock { $0 = [] }
        let error = await tokenError { try await token.login(PIN(Workbench.pin.utf8)) }
        #expect(error?.code == .wrongToken)
        #expect(!spoken.withLock { $0.contains(0x20) })
        let key = await tokenError {
            try await token.authenticate(ManagementKey(Workbench.managementKey))
        }
        #expect(key?.code == .wrongToken)
        #expect(!spoken.withLock { $0.contains(0x87) })
        await token.close()
    }

    /// The next number of a sequence that is the same in each run.
    private static func next(_ state: inout UInt64) -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }

    private static func answer(_ state: inout UInt64) -> [UInt8] {
        let tags: [[UInt8]] = [
            [0x53], [0x7C], [0x61], [0x70], [0x7F, 0x49], [0x86], [0x81], [0x82], [1], [2], [3],
            [4],
            [5], [6], [0x30], [0x02],
        ]
        let words: [[UInt8]] = [
            [0x90, 0], [0x90, 0], [0x90, 0], [0x61, 5], [0x6C, 5], [0x69, 0x82], [0x63, 0xC1],
            [0x6A, 0x82],
            [0x6D, 0], [],
        ]
        var bytes: [UInt8] = []
        for _ in 0..<(next(&state) % 5) {
            bytes += tags[Int(next(&state)) % tags.count]
            let count = next(&state) % 80
            // Every so often a length that promises something else.
            bytes.append(
                next(&state) % 4 == 0
                    ? UInt8(truncatingIfNeeded: next(&state)) : UInt8(truncatingIfNeeded: count))
            for _ in 0..<count { bytes.append(UInt8(truncatingIfNeeded: next(&state))) }
        }
        return bytes + words[Int(next(&state)) % words.count]
    }

    @Test("answers of any bytes end every operation in an error or a value", arguments: 0..<8)
    func anyAnswers(seed: UInt64) async throws {
        let state = Mutex(seed)
        let isLying = Mutex(false)
        let key = try PublicKey(.ed25519(CodingTests.point))
        for _ in 0..<12 {
            isLying.withLock { $0 = false }
            let token = try await LyingTransport.open { command in
                guard isLying.withLock({ $0 }), ![0xA4, 0xF8, 0xFD].contains(command[1]) else {
                    return nil
                }
                return state.withLock { Self.answer(&$0) }
            }
            try await token.login(PIN(Workbench.pin.utf8))
            isLying.withLock { $0 = true }
            _ = try? await token.evidence()
            _ = try? await token.keys()
            _ = try? await token.find(key)
            _ = try? await token.checkpoints(of: home)
            _ = try? await token.certificate(of: .signature)
            _ = try? await token.attestation(of: .signature)
            _ = try? await token.sign([[1]], with: key)
            #expect(
                await tokenError {
                    try await token.authenticate(ManagementKey(Workbench.managementKey))
                } != nil)
            #expect(await tokenError { try await token.keepCheckpoint([1], of: home) } != nil)
            #expect(
                await tokenError {
                    try await token.generate(KeyRequest(.ecdsaP256, label: "", slot: .signature))
                } != nil)
            await token.close()
        }
    }
}
