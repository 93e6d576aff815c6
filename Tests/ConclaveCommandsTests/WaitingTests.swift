// SPDX-License-Identifier: Apache-2.0
import Testing
import Token

@testable import ConclaveCommands

@Suite("What a person is told while a token waits")
struct WaitingTests {
    private let token = TokenIdentity(
        scheme: .piv, label: "YubiKey PIV #7", serial: "7", model: "YubiKey", manufacturer: "Yubico"
    )

    @Test("a touch is asked for by the token's name, with the seconds left, rounded up")
    func touch() {
        #expect(
            WaitingScreen.text(token, forTouch: true, left: .milliseconds(14_200))
                == "TOUCH token \"YubiKey PIV #7\" (serial \"7\") now: 15 s left")
        #expect(
            WaitingScreen.text(token, forTouch: true, left: .seconds(-1)).hasSuffix("now: 0 s left")
        )
        #expect(
            WaitingScreen.text(token, forTouch: false, left: .seconds(9))
                == "token \"YubiKey PIV #7\" (serial \"7\") has not answered yet, and may wait for a "
                + "touch or for its pad: 9 s left")
    }

    @Test("where there is no terminal, the first line comes at once and others now and then")
    func pause() {
        #expect(WaitingScreen.isDue(.seconds(60), after: nil))
        #expect(!WaitingScreen.isDue(.milliseconds(50_001), after: .seconds(60)))
        #expect(WaitingScreen.isDue(.seconds(50), after: .seconds(60)))
    }

    @Test(
        "a length of time is told as people say it",
        arguments: [
            (0.04, "0.0 s"), (0.25, "0.3 s"), (9.94, "9.9 s"), (52.4, "52 s"), (119.4, "119 s"),
            (120, "2 min 0 s"), (200, "3 min 20 s"), (7199, "119 min 59 s"), (7500, "2 h 5 min"),
        ])
    func length(seconds: Double, text: String) {
        #expect(TokenBenchCommand.length(seconds) == text)
    }
}
