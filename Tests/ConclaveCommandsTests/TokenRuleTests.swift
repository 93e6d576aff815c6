// SPDX-License-Identifier: Apache-2.0
import Documents
import Testing
import Token

@testable import ConclaveCommands

@Suite("The rules of tokens")
struct TokenRuleTests {
    @Test("each kind of fault has a rule of its own, which its message ends with")
    func codes() throws {
        var seen: Set<String> = []
        for code in TokenError.Code.allCases {
            let rule = RuleID(code).name
            #expect(rule.hasPrefix("TOKEN-"))
            #expect(seen.insert(rule).inserted, "\(code)")
            let failure = try #require(Failure(TokenError(code, "a fault", hint: "a way out")))
            #expect(failure.lines == ["a fault (\(rule))", "  hint: a way out"])
            #expect(failure.status == .machine)
        }
        #expect(seen.count == TokenError.Code.allCases.count)
    }

    @Test("a token that cannot do what is asked leads to what it can do")
    func unsupported() throws {
        let failure = try #require(Failure(TokenError(.unsupported, "a fault")))
        #expect(
            failure.lines == [
                "a fault (TOKEN-UNSUPPORTED)", "  hint: see what it can do: conclave token doctor",
            ])
    }
}
