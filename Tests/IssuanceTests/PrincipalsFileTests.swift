// SPDX-License-Identifier: Apache-2.0
import HomeSupport
import Issuance
import Testing

@Suite("Who may log in to which account")
struct PrincipalsFileTests {
    @Test("a principal stands in the file of every account that its profile names, and in no other")
    func accounts() throws {
        #expect(try SampleTexts.makePolicy().principalsFiles == [:])
        let policy = try SampleTexts.makePolicy(
            replacing: "principal: olivia\n",
            with: "principal: olivia\nlogin-account: deploy\nlogin-account: www\n")
        #expect(
            policy.principalsFiles == [
                "deploy": ["alice", "bob", "olivia"], "www": ["alice", "bob", "olivia"],
            ])
    }

    @Test(
        "a principal may go untouched where a profile lets it have that, whatever others say",
        arguments: [
            (
                "required-option: source-address",
                "option: no-touch-required\nrequired-option: source-address"
            ),
            (
                "required-option: permit-pty",
                "required-option: no-touch-required\nrequired-option: permit-pty"
            ),
            (
                "required-option: permit-pty",
                "required-option: permit-pty\nextension: no-touch-required"
            ),
        ])
    func untouched(line: String, replacement: String) throws {
        let text = SampleTexts.policy
            .replacing("principal: olivia\n", with: "principal: olivia\nlogin-account: deploy\n")
            .replacing(
                "principal: root\n",
                with: "principal: bob\nprincipal: root\nlogin-account: deploy\n"
            )
            .replacing(line, with: replacement)
        let policy = try Policy(text: Array(text.utf8))
        #expect(
            policy.principalsFiles == [
                "deploy": ["alice", "no-touch-required bob", "olivia", "no-touch-required root"]
            ])
    }
}
