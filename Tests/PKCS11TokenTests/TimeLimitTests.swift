// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing
import Token

@testable import PKCS11Token

@Suite("A token that does not answer")
struct TimeLimitTests {
    static let limits = TimeLimits(
        call: .seconds(20), signature: .milliseconds(300), patience: .milliseconds(20))

    /// A limit that calls which do not hang keep, also on a busy machine.
    private static let ample = Duration.seconds(5)

    @Test("is given up when its time is over, and so is its module until the call comes back")
    func givenUp() async throws {
        let hostile = HostileModule()
        let module = try hostile.load()
        let uri = TokenURI(token: "hostile")
        let token = try await module.open(uri, limits: Self.limits)
        try await token.login(try PIN("1234".utf8))
        hostile["hang"] = 1
        async let behind = refusal { _ = try await token.keys() }
        let error = await refusal {
            _ = try await token.sign([[1]], with: HostileModule.publicKey)
        }
        #expect(error.code == .timedOut)
        #expect(
            error.description
                == "token \"hostile\" (serial \"666\") has not answered C_Sign for 300 ms, "
                + "and is given up")
        #expect(
            error.hint
                == "until that call comes back nobody can use the module in this program; "
                + "end it, and start it again")
        // Whoever waited behind is answered too, and nobody waits from now on.
        let other = await behind
        #expect(other == error || other.code == .other, "the keys may have come before")
        let still = await refusal { _ = try await token.keys() }
        #expect(still == error)
        let reopened = await refusal { try await token.reopen() }
        #expect(reopened.code == .timedOut)
        #expect(
            reopened.description
                == "module \"\(hostile.path)\" has not come back from a call, "
                + "and is not usable in this program")
        let slots = await refusal { _ = try module.slots() }
        #expect(slots.description == reopened.description)
        await token.close()
        #expect(hostile["signatures"] == 0)

        hostile["hang"] = 0
        #expect(await eventually { hostile["finalizations"] == 1 })
        #expect(await eventually { (try? module.slots()) != nil })
        let anew = try await hostile.openAndLogIn()
        #expect(try await anew.sign([[1]], with: HostileModule.publicKey).count == 1)
        await anew.close()
    }

    @Test("is reopened where the call came back after all")
    func reopened() async throws {
        let hostile = HostileModule()
        let token = try await hostile.load().open(
            TokenURI(token: "hostile"), limits: TimeLimits(signature: Self.ample))
        try await token.login(try PIN("1234".utf8))
        hostile["hang"] = 1
        let error = await refusal {
            _ = try await token.sign([[1]], with: HostileModule.publicKey)
        }
        #expect(error.code == .timedOut)
        hostile["hang"] = 0
        #expect(await eventually { hostile["finalizations"] == 1 })
        try await token.reopen()
        let locked = await refusal { _ = try await token.keys() }
        #expect(locked.code == .notLoggedIn)
        try await token.login(try PIN("1234".utf8))
        #expect(try await token.sign([[1]], with: HostileModule.publicKey).count == 1)
        await token.close()
    }

    @Test("is given up while it is opened, too")
    func opening() async throws {
        let hostile = HostileModule()
        hostile["initialize-hang"] = 1
        let module = try hostile.load()
        let error = await refusal {
            _ = try await module.open(
                TokenURI(token: "hostile"), limits: TimeLimits(call: .milliseconds(50)))
        }
        #expect(error.code == .timedOut)
        #expect(
            error.description
                == "module \"\(hostile.path)\" has not answered C_Initialize for 50 ms, "
                + "and is given up")
        let slots = await refusal { _ = try module.slots() }
        #expect(slots.code == .timedOut)
        hostile["initialize-hang"] = 0
        #expect(await eventually { (try? module.slots()) != nil })
        #expect(hostile["open-sessions"] == 0)
    }

    @Test("is given up while it is closed, too")
    func closing() async throws {
        let hostile = HostileModule()
        let token = try await hostile.load().open(
            TokenURI(token: "hostile"), limits: TimeLimits(call: Self.ample))
        hostile["close-hang"] = 1
        await token.close()
        let closed = await refusal { _ = try await token.keys() }
        #expect(closed.code == .closed)
        hostile["close-hang"] = 0
        #expect(await eventually { hostile["finalizations"] == 1 })
    }

    /// Notes what it is told.
    private final class Notes: TokenObserver {
        let texts = Mutex<[String]>([])

        func waits(on token: TokenIdentity, forTouch: Bool, left: Duration) {
            let text =
                "\(token) waits\(forTouch ? " for a touch" : ""), "
                + "\(left > .zero && left < .seconds(60) ? "less than 60 s" : "\(left)") left"
            texts.withLock { $0.append(text) }
        }

        func waitEnded(on token: TokenIdentity) {
            texts.withLock { $0.append("\(token) goes on") }
        }
    }

    @Test("is told of after a while and each second, and when it goes on")
    func observed() async throws {
        let hostile = HostileModule()
        let notes = Notes()
        let token = try await hostile.load().open(
            TokenURI(token: "hostile"), limits: TimeLimits(patience: .milliseconds(20)),
            observer: notes)
        try await token.login(try PIN("1234".utf8))
        #expect(notes.texts.withLock { $0 } == [])
        hostile["hang"] = 1
        async let signatures = token.sign([[1]], with: HostileModule.publicKey)
        #expect(await eventually { notes.texts.withLock { $0.count } >= 2 })
        hostile["hang"] = 0
        #expect(try await signatures.count == 1)
        let texts = notes.texts.withLock { $0 }
        let waits = "token \"hostile\" (serial \"666\") waits, less than 60 s left"
        #expect(texts.dropLast().allSatisfy { $0 == waits } && texts.count > 2, "\(texts)")
        #expect(texts.last == "token \"hostile\" (serial \"666\") goes on")
        await token.close()
    }
}
