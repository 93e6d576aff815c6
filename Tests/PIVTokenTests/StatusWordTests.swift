// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import PIVToken

@Suite struct StatusWordTests {
    @Test("a status word is written as four hexadecimal digits")
    func fourDigits() {
        #expect("\(StatusWord.success)" == "9000")
        #expect("\(StatusWord(rawValue: 0x61))" == "0061")
    }
}
