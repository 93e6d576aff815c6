// SPDX-License-Identifier: Apache-2.0
public import Documents

extension RuleID {
    /// As many officers or witnesses sign the bundle as the roster asks for.
    public static let bundleSignatures = RuleID("BUNDLE-SIGNATURES")
    /// The bundle's place in the outbox is free.
    public static let bundlePlace = RuleID("BUNDLE-PLACE")
    /// A witness signs checkpoints of the home that the witness remembers, or names at first.
    public static let witnessHome = RuleID("WITNESS-HOME")
}
