// SPDX-License-Identifier: Apache-2.0
import Testing
import Token

@testable import ConclaveCommands

@Suite("PINs that are not worth a try")
struct PINRuleTests {
    private let token = TokenIdentity(label: "ca", serial: "1", model: "", manufacturer: "")

    @Test("a PIV card takes six to eight characters", arguments: [6, 7, 8])
    func fits(count: Int) throws {
        try PINRules.piv.check(try PIN([UInt8](repeating: 0x31, count: count)), for: token)
    }

    @Test("shorter and longer ones are refused, and their length is not told", arguments: [5, 9])
    func length(count: Int) throws {
        let pin = try PIN([UInt8](repeating: 0x31, count: count))
        #expect(
            throws: TokenError(
                .pinLength,
                "the PIN for token \"ca\" (serial \"1\") is not of 6 to 8 characters; it was not tried"
            )
        ) {
            try PINRules.piv.check(pin, for: token)
        }
    }

    @Test("one that is not ASCII is refused, of whatever length")
    func ascii() throws {
        let pin = try PIN("12345é".utf8)
        #expect(
            throws: TokenError(
                .pinUnavailable,
                "the PIN for token \"ca\" (serial \"1\") has a character that is not ASCII; "
                    + "it was not tried",
                hint: "another keyboard or setting would send other bytes; is it the right layout?")
        ) {
            try PINRules.piv.check(pin, for: token)
        }
    }
}
