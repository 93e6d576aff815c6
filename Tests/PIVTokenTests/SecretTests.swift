// SPDX-License-Identifier: Apache-2.0
import PIVCardSupport
import Testing
import Token
import TokenEvidence

@testable import PIVToken

@Suite("PINs, PUKs and management keys of a PIV card", .timeLimit(.minutes(20)))
struct SecretTests {
    private static func pin(_ text: String) throws -> PIN { try PIN(text.utf8) }

    @Test(
        "a PIN of a length or with characters that no card takes is not sent",
        arguments: [
            ("12345", TokenError.Code.pinLength), ("123456789", .pinLength),
            ("12345é", .pinUnavailable), ("ééé", .pinUnavailable),
        ])
    func badPINs(text: String, code: TokenError.Code) async throws {
        let bench = try Workbench()
        let token = try await bench.open()
        let error = await tokenError { try await token.login(Self.pin(text)) }
        #expect(error?.code == code)
        #expect(try bench.card.control.count(instruction: 0x20) == 0)
        #expect(await tokenError { try await token.login(nil) }?.code == .pinUnavailable)
    }

    @Test("tries are counted down and told; the last is not spent unless allowed, none beyond it")
    func tries() async throws {
        let bench = try Workbench()
        let token = try await bench.open()
        let wrong = try Self.pin("654321")
        #expect(try await token.evidence().pinTries == TryCount(left: 3, total: 3))
        for left in [2, 1] {
            let error = await tokenError { try await token.login(wrong) }
            #expect(error?.code == .pinIncorrect)
            #expect(error?.triesLeft == TryCount(left: left).description)
        }
        let refused = await tokenError { try await token.login(wrong) }
        #expect(refused?.code == .lastTry)
        #expect(
            refused?.description
                == "the PIN of token \"YubiKey PIV #12345678\" (serial \"12345678\") was not tried, "
                + "1 try left")
        #expect(try bench.card.control.tries().pin == 1)
        let last = await tokenError { try await token.login(wrong, allowLastTry: true) }
        #expect(last?.code == .pinLocked)
        let verified = try bench.card.control.count(instruction: 0x20)
        let locked = await tokenError { try await token.login(wrong, allowLastTry: true) }
        #expect(locked?.code == .pinLocked)
        // One question, and no PIN.
        #expect(try bench.card.control.count(instruction: 0x20) == verified + 1)
        // The PUK helps.
        try await token.unblockPIN(puk: Self.pin(Workbench.puk), newPIN: Self.pin("222222"))
        try await token.login(Self.pin("222222"))
        #expect(try bench.card.control.tries().pin == 3)
    }

    @Test("the last try may be the right one")
    func lastTry() async throws {
        let bench = try Workbench()
        let token = try await bench.open()
        for _ in 0..<2 { _ = await tokenError { try await token.login(Self.pin("654321")) } }
        try await token.login(Self.pin(Workbench.pin), allowLastTry: true)
        #expect(try bench.card.control.tries().pin == 3)
    }

    @Test("PIN and PUK are changed by the old ones, whose tries are watched too")
    func changes() async throws {
        let bench = try Workbench()
        let token = try await bench.open()
        try await token.changePIN(from: Self.pin(Workbench.pin), to: Self.pin("11111111"))
        #expect(
            await tokenError { try await token.login(Self.pin(Workbench.pin)) }?.code
                == .pinIncorrect)
        try await token.login(Self.pin("11111111"))
        let short = await tokenError {
            try await token.changePIN(from: Self.pin("11111111"), to: Self.pin("1"))
        }
        #expect(short?.description.hasPrefix("new PIN of 1 bytes was not tried") == true)
        try await token.changePUK(from: Self.pin(Workbench.puk), to: Self.pin("87654321"))
        for left in [2, 1] {
            let error = await tokenError {
                try await token.changePUK(from: Self.pin("999999"), to: Self.pin("888888"))
            }
            #expect(error?.code == .pinIncorrect)
            #expect(error?.triesLeft == TryCount(left: left).description)
        }
        let last = await tokenError {
            try await token.unblockPIN(puk: Self.pin("999999"), newPIN: Self.pin("888888"))
        }
        #expect(last?.code == .lastTry)
        #expect(try bench.card.control.tries().puk == 1)
        #expect(try await token.evidence().defaultSecrets == [.managementKey])
        try await token.unblockPIN(
            puk: Self.pin("87654321"), newPIN: Self.pin("888888"), allowLastTry: true)
        try await token.login(Self.pin("888888"))
    }

    @Test(
        "a management key of each cipher is shown by both sides, and changed",
        arguments: ManagementKey.Algorithm.allCases)
    func managementKeys(algorithm: ManagementKey.Algorithm) async throws {
        let bench = try Workbench()
        let token = try await bench.open()
        let bytes = (0..<algorithm.keyLength).map { UInt8($0 + 40) }
        let key = try ManagementKey(bytes)
        try await token.authenticate(ManagementKey(Workbench.managementKey))
        #expect(try await token.managementAlgorithm() == .tripleDES)
        try await token.changeManagementKey(to: key, algorithm)
        #expect(try await token.managementAlgorithm() == algorithm)
        let again = try await bench.open2(token)
        try await again.authenticate(key)
        let old = await tokenError {
            try await again.authenticate(
                ManagementKey([UInt8](repeating: 9, count: algorithm.keyLength)))
        }
        #expect(old?.code == .managementKeyRefused)
        // What was right before is forgotten with it.
        let write = await tokenError { try await again.write([1], to: .printedInformation) }
        #expect(write?.code == .notLoggedIn)
        let length = await tokenError {
            try await again.authenticate(
                ManagementKey([UInt8](repeating: 9, count: algorithm == .aes128 ? 24 : 16)))
        }
        #expect(length?.code == .managementKeyRefused)
        #expect(length?.detail.contains("was not tried") == true)
    }

    @Test("a management key cannot be seen")
    func hidden() throws {
        let key = try ManagementKey(Workbench.managementKey)
        #expect("\(key)" == "ManagementKey(hidden)")
        #expect(String(reflecting: key) == "ManagementKey(hidden)")
        var text = ""
        dump(key, to: &text)
        #expect(!text.contains("storage"))
        for digits in [
            "0", "0g", String(repeating: "01", count: 15), String(repeating: "01", count: 33),
        ] {
            let error = #expect(throws: TokenError.self) {
                try ManagementKey(hexDigits: digits.utf8)
            }
            #expect(error?.code == .pinUnavailable)
        }
        #expect(try ManagementKey(hexDigits: String(repeating: "aF", count: 24).utf8).length == 24)
    }

    @Test("tries are set with both secrets, and PIN and PUK are the factory's afterwards")
    func setTries() async throws {
        let bench = try Workbench()
        let token = try await bench.open()
        #expect(await tokenError { try await token.setTries(pin: 5, puk: 6) }?.code == .notLoggedIn)
        try await token.authenticate(ManagementKey(Workbench.managementKey))
        #expect(await tokenError { try await token.setTries(pin: 5, puk: 6) }?.code == .notLoggedIn)
        try await token.login(Self.pin(Workbench.pin))
        #expect(await tokenError { try await token.setTries(pin: 0, puk: 6) }?.code == .unsupported)
        try await token.setTries(pin: 5, puk: 6)
        let evidence = try await token.evidence()
        #expect(evidence.pinTries == TryCount(left: 5, total: 5))
        #expect(evidence.pukTries == TryCount(left: 6, total: 6))
        #expect(evidence.defaultSecrets == DefaultSecret.allCases)
        #expect(evidence.firmware == FirmwareVersion(5, 4, 3))
    }

    @Test("a PIN that another program has changed is tried once, and not again")
    func changedElsewhere() async throws {
        let (bench, token, key) = try await Workbench.withKey()
        _ = try await token.sign([[1]], with: key)
        await token.close()
        let mine = try await bench.open()
        try await mine.login(Self.pin(Workbench.pin))
        try await mine.prepare(key)
        // Another program, on the same card.
        try await mine.changeElsewhere(to: Self.pin("222222"))
        try bench.card.control.send("logout")
        let first = await tokenError { try await mine.sign([[1]], with: key) }
        #expect(first?.code == .pinIncorrect)
        #expect(try bench.card.control.tries().pin == 2)
        let second = await tokenError { try await mine.sign([[1]], with: key) }
        #expect(second?.code == .notLoggedIn)
        #expect(try bench.card.control.tries().pin == 2)
    }
}

extension PIVToken {
    /// Changes the PIN behind the token's back.
    func changeElsewhere(to pin: PIN) throws {
        try onCard { card throws(TokenError) in
            _ = try card.change(.pin, from: try PIN(Workbench.pin.utf8), to: pin)
        }
    }
}

extension Workbench {
    /// A second token on the card, in the place of the first.
    func open2(_ first: PIVToken) async throws -> PIVToken {
        await first.close()
        return try await open()
    }
}
