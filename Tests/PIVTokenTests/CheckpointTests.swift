// SPDX-License-Identifier: Apache-2.0
import PIVCardSupport
import Testing
import Token

@testable import PIVToken

@Suite("Checkpoints that a PIV card keeps", .timeLimit(.minutes(20)))
struct CheckpointTests {
    private let home = String(repeating: "5d", count: 32)
    private let name = "token \"YubiKey PIV #12345678\" (serial \"12345678\")"

    private func hex(_ text: String) -> String { Array(text.utf8).hex }

    @Test("the last one is kept, in the place of the one before, and each home's apart")
    func replaced() async throws {
        let bench = try Workbench()
        let token = try await bench.openForWork()
        #expect(try await token.checkpoints(of: home) == [])
        for text in [[1, 2, 3], [4], [UInt8](repeating: 5, count: 256)] as [[UInt8]] {
            try await token.keepCheckpoint(text, of: home)
            #expect(try await token.checkpoints(of: home) == [text])
        }
        try await token.keepCheckpoint([6], of: "another")
        #expect(try await token.checkpoints(of: "another") == [[6]])
        #expect(try await token.checkpoints(of: home) == [[UInt8](repeating: 5, count: 256)])
        await token.close()
    }

    @Test("it is read without any secret, and written with the management key alone")
    func secrets() async throws {
        let bench = try Workbench()
        let keeper = try await bench.openForWork()
        try await keeper.keepCheckpoint([1], of: home)
        await keeper.close()
        let token = try await bench.open()
        #expect(try await token.checkpoints(of: home) == [[1]])
        try await token.login(PIN(Workbench.pin.utf8))
        // What is there already needs not be written.
        try await token.keepCheckpoint([1], of: home)
        let error = await tokenError { try await token.keepCheckpoint([2], of: home) }
        #expect(error?.code == .notLoggedIn)
        #expect(
            error?.description
                == "\(name) wants its management key for this, and none was given")
        #expect(try await token.checkpoints(of: home) == [[1]])
        await token.close()
    }

    @Test("what others keep in the objects is neither read nor touched, and leaves less room")
    func others() async throws {
        let bench = try Workbench()
        let token = try await bench.openForWork()
        let first = "5fca00 \(hex("conclave 5d"))"
        try bench.card.control.send("object \(first)")
        try bench.card.control.send("object 5fca01 00")
        try await token.keepCheckpoint([1], of: home)
        try await token.keepCheckpoint([2], of: home)
        #expect(try await token.checkpoints(of: home) == [[2]])
        let places = PIVToken.places
        #expect(try await token.object(places[0]) == Array("conclave 5d".utf8))
        #expect(try await token.object(places[1]) == [0])
        for place in places.suffix(4) { try await token.write([9], to: place) }
        try await token.keepCheckpoint([3], of: home)
        #expect(try await token.object(places[3]) == nil)
        try await token.write([9], to: places[3])
        let error = await tokenError { try await token.keepCheckpoint([4], of: home) }
        #expect(error?.code == .unsupported)
        #expect(
            error?.description
                == "\(name) has no object left for a checkpoint: all 8 are in use")
        #expect(try await token.checkpoints(of: home) == [[3]])
        await token.close()
    }

    @Test("interrupted before the old one went, the card has both; the next time one")
    func interrupted() async throws {
        let bench = try Workbench()
        let token = try await bench.openForWork()
        try await token.keepCheckpoint([1], of: home)
        try bench.card.control.fault("status 6581 ins db nth 2")
        let error = await tokenError { try await token.keepCheckpoint([2], of: home) }
        #expect(error?.operation == "PUT DATA")
        #expect(Set(try await token.checkpoints(of: home)) == [[1], [2]])
        try await token.keepCheckpoint([3], of: home)
        #expect(try await token.checkpoints(of: home) == [[3]])
        await token.close()
    }

    @Test(
        "a card that takes or has no such object says so, and can still be used",
        arguments: ["6a80", "6a81", "6a82", "6a84", "6700", "6982", "6d00"])
    func takesNone(status: String) async throws {
        let bench = try Workbench()
        let token = try await bench.openForWork()
        try bench.card.control.fault("status \(status) ins db")
        let error = await tokenError { try await token.keepCheckpoint([1], of: home) }
        #expect(error?.code == .unsupported)
        #expect(error?.detail == "\(name) takes no object for a checkpoint")
        #expect(try await token.checkpoints(of: home) == [])
        guard status != "6a82" else { return await token.close() }
        try bench.card.control.fault("status \(status) ins cb")
        let hidden = await tokenError { try await token.checkpoints(of: home) }
        #expect(hidden?.code == .unsupported || status == "6700")
        try await token.keepCheckpoint([1], of: home)
        await token.close()
    }

    @Test("a card without Yubico's extensions has no such objects, and is not asked")
    func standard() async throws {
        let bench = try Workbench(quirks: ["no-yubico": "on"])
        let token = try await bench.open()
        let asked = try bench.card.control.count(instruction: 0xCB)
        for error in [
            await tokenError { try await token.checkpoints(of: home) },
            await tokenError { try await token.keepCheckpoint([1], of: home) },
        ] {
            #expect(error?.code == .unsupported)
            #expect(error?.detail.hasSuffix(" can keep no checkpoint") == true)
        }
        #expect(try bench.card.control.count(instruction: 0xCB) == asked)
        await token.close()
    }

    @Test("one that the card took and does not show is no anchor, and the one before stays")
    func unread() async throws {
        let bench = try Workbench()
        let token = try await bench.openForWork()
        try await token.keepCheckpoint([1], of: home)
        // The card says that it wrote, and did not.
        try bench.card.control.fault("status 9000 ins db")
        let error = await tokenError { try await token.keepCheckpoint([2], of: home) }
        #expect(error?.code == .other)
        #expect(error?.description == "\(name) does not show the checkpoint that it took")
        #expect(try await token.checkpoints(of: home) == [[1]])
        await token.close()
    }

    @Test("a card that is pulled out meanwhile is gone, and not one that takes none")
    func removed() async throws {
        let bench = try Workbench()
        let token = try await bench.openForWork()
        try bench.card.control.fault("vanish-before ins db")
        let error = await tokenError { try await token.keepCheckpoint([1], of: home) }
        #expect(error?.code == .removed)
        await token.close()
    }

    @Test(
        "an object of any bytes is no trap: it is told as it is, or as somebody else's",
        arguments: [
            "", "63", "636f6e636c617665", "636f6e636c61766520", "0a", "ff",
            String(repeating: "ab", count: 3052),
        ])
    func anyBytes(hex: String) async throws {
        let bench = try Workbench()
        let token = try await bench.open()
        for place in PIVToken.places {
            try bench.card.control.send("object \(place) \(hex)")
            try bench.card.control.fault("answer \(hex)9000 ins cb nth 3")
            _ = await tokenError { try await token.checkpoints(of: home) }
        }
        try bench.card.control.clearFaults()
        #expect(try await token.checkpoints(of: home) == [])
        await token.close()
    }
}
