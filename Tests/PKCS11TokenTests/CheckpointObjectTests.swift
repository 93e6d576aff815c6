// SPDX-License-Identifier: Apache-2.0

import SoftHSMSupport
import Testing
import Token

@testable import PKCS11Token

@Suite("Checkpoints that a token keeps")
struct CheckpointObjectTests {
    private let home = String(repeating: "5d", count: 32)

    /// A real token behind a module in which calls can go wrong, logged in.
    private func openBehindFaults(_ label: String) async throws -> (FaultModule, PKCS11Token) {
        let uri = TestToken(label).uri
        let faults = FaultModule()
        let token = try await PKCS11Module(path: faults.path).open(uri)
        try await token.login(try TestToken.pin())
        return (faults, token)
    }

    @Test("the last one is kept, in the place of the one before, and each home's apart")
    func replaced() async throws {
        let token = try await TestToken("kept").openAndLogIn()
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

    @Test("it outlives the session, and no object is made of one that is there already")
    func lasting() async throws {
        let (faults, token) = try await openBehindFaults("lasting")
        try await token.keepCheckpoint([1], of: home)
        try await token.keepCheckpoint([1], of: home)
        #expect(faults["C_CreateObject"] == 1)
        #expect(faults["C_DestroyObject"] == 0)
        await token.close()
        let again = try await PKCS11Module(path: faults.path).open(token.identity.uri)
        try await again.login(try TestToken.pin())
        #expect(try await again.checkpoints(of: home) == [[1]])
        await again.close()
    }

    @Test("without a login none is read or written")
    func notLoggedIn() async throws {
        let token = try await TestToken("nobody").open()
        #expect(await refusal { _ = try await token.checkpoints(of: home) }.code == .notLoggedIn)
        let error = await refusal { try await token.keepCheckpoint([1], of: home) }
        #expect(error.code == .notLoggedIn)
        await token.close()
    }

    @Test("keys and what others keep on the token are never touched")
    func others() async throws {
        let token = try await TestToken("others").openAndLogIn()
        let key = try await token.generate(KeyRequest(.ecdsaP256, label: home))
        try await token.keepCheckpoint([1], of: home)
        try await token.keepCheckpoint([2], of: home)
        #expect(try await token.keys() == [key])
        #expect(try await token.sign([[1]], with: key.publicKey).count == 1)
        await token.close()
    }

    @Test("interrupted before the old one went, the token has both; the next time one")
    func interrupted() async throws {
        let (faults, token) = try await openBehindFaults("interrupted")
        try await token.keepCheckpoint([1], of: home)
        faults.tell("at C_DestroyObject 1 answer 0x5")
        let error = await refusal { try await token.keepCheckpoint([2], of: home) }
        #expect(error.operation == "C_DestroyObject")
        #expect(Set(try await token.checkpoints(of: home)) == [[1], [2]])
        faults.tell("clear")
        try await token.keepCheckpoint([3], of: home)
        #expect(try await token.checkpoints(of: home) == [[3]])
        await token.close()
    }

    @Test("a token that is full or only for reading says that it takes none, and can still be used")
    func takesNone() async throws {
        let (faults, token) = try await openBehindFaults("full")
        let values: [UInt] = [0x10, 0x12, 0x13, 0x1B, 0x31, 0xB5, 0xD0, 0xD1, 0xE2, 0x201]
        for value in values {
            faults.tell("at C_CreateObject 1 answer 0x\(String(value, radix: 16))")
            let error = await refusal { try await token.keepCheckpoint([1], of: home) }
            #expect(error.code == .unsupported)
            #expect(error.status == value)
            #expect(error.detail == "\(token.identity) takes no object for a checkpoint")
        }
        #expect(try await token.checkpoints(of: home) == [])
        await token.close()
    }

    @Test("a token whose module cannot make objects says so")
    func noFunction() async throws {
        let token = try await HostileModule().openAndLogIn()
        let error = await refusal { try await token.keepCheckpoint([1], of: home) }
        #expect(error.code == .unsupported)
        #expect(error.description == "the module has no C_CreateObject")
        await token.close()
    }

    @Test("a token that went away meanwhile is gone, and not one that takes none")
    func removed() async throws {
        let (faults, token) = try await openBehindFaults("removed")
        faults.tell("at C_CreateObject 1 remove")
        let error = await refusal { try await token.keepCheckpoint([1], of: home) }
        #expect(error.code == .removed)
        await token.close()
    }

    @Test("no more of them are read than there can be", arguments: [64, 65, 10_000, 10_001])
    func tooMany(count: UInt) async throws {
        let hostile = HostileModule()
        hostile["data-objects"] = count
        let token = try await hostile.openAndLogIn()
        guard count > 64 else {
            #expect(try await token.checkpoints(of: home) == Array(repeating: [7], count: 64))
            return await token.close()
        }
        let error = await refusal { _ = try await token.checkpoints(of: home) }
        #expect(error.code == .moduleFault)
        #expect(
            error.description
                == (count > 10_000
                    ? "the token holds more than 10000 objects"
                    : "\(token.identity) shows \(count) checkpoints of one home, more than 64"))
        #expect(hostile["attribute-reads"] == 0)
        let other = await refusal { try await token.keepCheckpoint([1], of: home) }
        #expect(other == error)
        await token.close()
    }

    /// What a module tells of an attribute's length at first and then, and what comes of it.
    static let lengths: [(UInt, UInt, [UInt8]?)] = [
        (0, 0, []), (3, 0, [7, 7, 7]), (3, 2, [7, 7]), (3, 4, []), (3, .max, []), (0, .max, []),
        (65_536, 0, [UInt8](repeating: 7, count: 65_536)), (65_537, 0, nil), (1 << 30, 0, nil),
        (.max - 1, 0, nil), (.max, 0, []),
    ]

    @Test("an object of any length, which changes while it is read, is no trap", arguments: lengths)
    func lyingLength(first: UInt, second: UInt, text: [UInt8]?) async throws {
        let hostile = HostileModule()
        hostile["data-objects"] = 1
        hostile["data-length"] = first
        hostile["data-second-length"] = second
        let token = try await hostile.openAndLogIn()
        if let text {
            #expect(try await token.checkpoints(of: home) == [text])
        } else {
            let error = await refusal { _ = try await token.checkpoints(of: home) }
            #expect(error.code == .moduleFault)
            #expect(
                error.description == "attribute 0x11 of \(first) bytes exceeds 65536")
        }
        await token.close()
    }
}
