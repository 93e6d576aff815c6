// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("What a policy demands of tokens")
struct TokenDemandTests {
    @Test("a key that the policy does not let sign gets into no genesis, with every reason told")
    func refused() throws {
        let bench = try Workbench()
        try bench.makeToken("demo")
        try bench.makeAuthorityKey("ecdsa-p256", "users")
        try bench.makeAuthorityKey("ed25519", "hosts")
        var plan = HomePlan()
        plan.tokens = "{attestation: required, ca-key-kinds: [ecdsa-p384]}"
        do {
            try bench.draftHomeOfKeys(plan)
            Issue.record("the genesis was drafted")
        } catch {
            let told = "\(error)"
            #expect(
                told.contains(
                    "the token gives no attestation of the key, which the policy requires "
                        + "(TOKEN-ATTESTATION)"), "\(told)")
            #expect(
                told.contains(
                    "CA key kind ecdsa-p256 is not one of the policy's: ecdsa-p384 "
                        + "(TOKEN-KEY-KIND)"), "\(told)")
        }
    }
}
