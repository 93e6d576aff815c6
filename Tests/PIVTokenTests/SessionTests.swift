// SPDX-License-Identifier: Apache-2.0
import PIVCardSupport
import SSHCrypto
import SSHFormats
import Synchronization
import Testing
import Token
import TokenEvidence

@testable import PIVToken

@Suite("Sessions with a PIV card: resets, touches, time", .timeLimit(.minutes(20)))
struct SessionTests {
    /// Notes what it is told, and can be asked once something was.
    private final class Screen: TokenObserver {
        let lines = Mutex<[String]>([])

        func waits(on token: TokenIdentity, forTouch: Bool, left: Duration) {
            lines.withLock { $0.append(forTouch ? "touch" : "waits") }
        }

        func waitEnded(on token: TokenIdentity) { lines.withLock { $0.append("ended") } }

        var told: [String] { lines.withLock { $0 } }
    }

    @Test(
        "after a reset the card is known again, and the PIN verified once", arguments: [0x9A, 0x9C])
    func reset(slot: UInt8) async throws {
        let (bench, token, key) = try await Workbench.withKey(
            slot: #require(PIVSlot(rawValue: slot)))
        _ = try await token.sign([[1]], with: key)
        bench.line.clear()
        bench.line.reset()
        _ = try await token.sign([[1]], with: key)
        #expect(
            bench.line.calls == [
                "begin", "reconnect", "begin", "a4", "fd", "f8", "20", "20", "87", "end",
            ])
        #expect(try bench.card.control.tries().pin == 3)
        // Nothing of it is left the next time.
        bench.line.clear()
        _ = try await token.sign([[1]], with: key)
        #expect(
            bench.line.calls
                == (slot == 0x9A
                    ? ["begin", "87", "end"] : ["begin", "a4", "f8", "20", "87", "end"]))
    }

    @Test(
        "a login that is lost, or another application, is made good once",
        arguments: ["logout", "deselect"])
    func lostLogin(event: String) async throws {
        let (bench, token, key) = try await Workbench.withKey()
        _ = try await token.sign([[1]], with: key)
        bench.line.clear()
        try bench.card.control.send(event)
        _ = try await token.sign([[1], [2]], with: key)
        #expect(
            bench.line.calls == [
                "begin", "87", "a4", "fd", "f8", "f7", "20", "20", "87", "87", "end",
            ])
        #expect(try bench.card.control.tries().pin == 3)
    }

    @Test("without a PIN that was right before, a lost login is an error")
    func noLogin() async throws {
        let (bench, first, key) = try await Workbench.withKey()
        await first.close()
        #expect(bench.line.calls.last == "disconnect+reset")
        let token = try await bench.open()
        let error = await tokenError { try await token.sign([[1]], with: key) }
        #expect(error?.code == .notLoggedIn)
        #expect(
            error?.description
                == "token \"YubiKey PIV #12345678\" (serial \"12345678\") is not logged in")
        let always = await tokenError {
            try await token.generate(KeyRequest(.ecdsaP256, label: "", slot: .signature))
        }
        #expect(always?.code == .notLoggedIn)
        // Nobody logged in here, and somebody else may have: there is no reset at the end.
        await token.close()
        #expect(bench.line.calls.last == "disconnect")
    }

    @Test("a PIN with one try left is not verified again by itself")
    func lastTryIsKept() async throws {
        let (bench, token, key) = try await Workbench.withKey()
        _ = try await token.sign([[1]], with: key)
        try await token.spendTries(2)
        #expect(try bench.card.control.tries().pin == 1)
        let error = await tokenError { try await token.sign([[1]], with: key) }
        #expect(error?.code == .lastTry)
        #expect(try bench.card.control.tries().pin == 1)
    }

    @Test("another card on the same line gets no PIN", arguments: [0x9A, 0x9C])
    func otherCard(slot: UInt8) async throws {
        let (bench, token, key) = try await Workbench.withKey(
            slot: #require(PIVSlot(rawValue: slot)))
        _ = try await token.sign([[1]], with: key)
        let verified = try bench.card.control.count(instruction: 0x20)
        try bench.card.control.send("serial 87654321")
        try bench.card.control.send("logout")
        let error = await tokenError { try await token.sign([[1]], with: key) }
        #expect(error?.code == .wrongToken)
        #expect(
            error?.description
                == "token \"YubiKey PIV #87654321\" (serial \"87654321\") is in the reader in the "
                + "place of token \"YubiKey PIV #12345678\" (serial \"12345678\"); no PIN went to it"
        )
        #expect(try bench.card.control.count(instruction: 0x20) == verified)
        #expect(await tokenError { try await token.keys() }?.code == .wrongToken)
    }

    @Test("a touch that is always wanted is told of at once")
    func touch() async throws {
        let screen = Screen()
        let bench = try Workbench()
        let control = bench.card.control
        try control.send("touch auto 1")
        let token = try await bench.openForWork(
            limits: TimeLimits(patience: .seconds(60)), observer: screen)
        let key = try await token.generate(
            KeyRequest(.ecdsaP256, label: "", slot: .authentication, touchPolicy: .always)
        ).publicKey
        #expect(screen.told == ["touch", "ended"])
        _ = try await token.sign([[1], [2]], with: key)
        #expect(screen.told == ["touch", "ended", "touch", "ended", "touch", "ended"])
        #expect(try await token.find(key).evidence.metadata?.touchPolicy == .always)
    }

    @Test("a touch that may be wanted is told of when the card takes its time, and not before")
    func cachedTouch() async throws {
        let quiet = Screen()
        let bench = try Workbench()
        let control = bench.card.control
        try control.send("touch auto 1")
        let first = try await bench.openForWork(
            limits: TimeLimits(patience: .seconds(60)), observer: quiet)
        let key = try await first.generate(
            KeyRequest(.ecdsaP256, label: "", slot: .authentication, touchPolicy: .cached)
        ).publicKey
        _ = try await first.sign([[1], [2]], with: key)
        #expect(quiet.told == [])
        // The reset at the end takes the memory of the touch away.
        await first.close()

        let screen = Screen()
        try control.send("touch manual")
        let token = try await bench.openForWork(
            limits: TimeLimits(patience: .milliseconds(1)), observer: screen)
        async let signatures = token.sign([[1]], with: key)
        while !screen.told.contains("touch") { try await Task.sleep(for: .milliseconds(1)) }
        try control.awaitTouch()
        try control.touch()
        #expect(try await signatures.count == 1)
        #expect(screen.told.last == "ended")
    }

    @Test("a touch that does not come is an error of time, and costs neither login nor card")
    func noTouch() async throws {
        let bench = try Workbench()
        let control = bench.card.control
        try control.send("touch auto 1")
        let token = try await bench.openForWork()
        for slot in [PIVSlot.authentication, .signature] {
            let key = try await token.generate(
                KeyRequest(.ecdsaP256, label: "", slot: slot, touchPolicy: .always)
            ).publicKey
            try control.send("touch never")
            try control.send("touch limit 20")
            let error = await tokenError { try await token.sign([[1]], with: key) }
            #expect(error?.code == .timedOut)
            #expect(
                error?.detail
                    == "token \"YubiKey PIV #12345678\" (serial \"12345678\") was not touched in time"
            )
            try control.send("touch auto 1")
            _ = try await token.sign([[1]], with: key)
        }
    }

    @Test("a card that hangs is given up, for all who wait and all who come")
    func hangs() async throws {
        let bench = try Workbench()
        let token = try await bench.open(limits: TimeLimits(call: .seconds(5)))
        try await token.login(PIN(Workbench.pin.utf8))
        try bench.card.control.fault("delay 6000 ins f7")
        let error = await tokenError { try await token.keys() }
        #expect(error?.code == .timedOut)
        #expect(
            error?.description
                == "token \"YubiKey PIV #12345678\" (serial \"12345678\") did not answer within "
                + "5.0 seconds")
        #expect(await tokenError { try await token.evidence() }?.code == .timedOut)
        await token.close()
        // The call returns in the end: nothing follows it but the reset that takes the login away.
        while bench.line.calls.last != "disconnect+reset" {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(bench.line.calls.suffix(2) == ["f7", "disconnect+reset"])
    }

    @Test("several callers at once are served one after the other")
    func concurrency() async throws {
        let (bench, token, key) = try await Workbench.withKey(slot: .signature)
        bench.line.clear()
        let signatures = try await withThrowingTaskGroup(of: [Signature].self) { group in
            for number: UInt8 in 0..<8 {
                group.addTask { try await token.sign([[number]], with: key) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(signatures.count == 8)
        let group = ["begin", "a4", "f8", "20", "87", "end"]
        #expect(
            Array(bench.line.calls.suffix(6 * 7))
                == Array(repeating: group, count: 7).flatMap(\.self))
    }

    @Test(
        "a card without Yubico's extensions, or of T=0, works by the standard alone",
        arguments: [true, false])
    func plainCard(isByteOriented: Bool) async throws {
        let bench = try Workbench(quirks: ["no-yubico": "on"])
        let token = try await bench.open(
            answerToReset: bytes("3B80800101"), isByteOriented: isByteOriented)
        #expect(token.identity.label == "PIV card")
        #expect(token.identity.serial == "")
        #expect(token.firmware == nil)
        try await token.authenticate(ManagementKey(Workbench.managementKey))
        try await token.login(PIN(Workbench.pin.utf8))
        #expect(try await token.evidence().pinTries == nil)
        let policy = await tokenError {
            try await token.generate(
                KeyRequest(.rsa2048, label: "", slot: .signature, pinPolicy: .once))
        }
        #expect(policy?.code == .unsupported)
        let key = try await token.generate(KeyRequest(.rsa2048, label: "", slot: .authentication))
        #expect(key.evidence.metadata == KeyMetadata())
        #expect(key.evidence.attestation == nil)
        // Nothing on the card tells of the key until there is a certificate of it.
        #expect(await tokenError { try await token.find(key.publicKey) }?.code == .keyNotFound)
    }
}

extension PIVToken {
    /// Spends tries of the PIN behind the token's back.
    func spendTries(_ count: Int) throws {
        try onCard { card throws(TokenError) in
            for _ in 0..<count { _ = try card.verify(try PIN("000000".utf8)) }
        }
    }
}
