// SPDX-License-Identifier: Apache-2.0
public import Documents

extension RuleID {
    /// The attestation that a token gives, or that the policy demands, is proven.
    public static let tokenAttestation = RuleID("TOKEN-ATTESTATION")
    /// No advisory forbids the token's keys, unless the policy accepts it.
    public static let tokenAdvisory = RuleID("TOKEN-ADVISORY")
    /// The token's firmware is not older than the policy demands.
    public static let tokenFirmware = RuleID("TOKEN-FIRMWARE")
    /// The CA key wants PIN and touch as the policy demands.
    public static let tokenUse = RuleID("TOKEN-USE")
    /// The CA key is of a kind that the policy allows.
    public static let tokenKeyKind = RuleID("TOKEN-KEY-KIND")
}
