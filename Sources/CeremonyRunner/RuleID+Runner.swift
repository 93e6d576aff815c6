// SPDX-License-Identifier: Apache-2.0
public import Documents

extension RuleID {
    /// As many officers or witnesses sign the bundle as the roster asks for.
    public static let bundleSignatures = RuleID("BUNDLE-SIGNATURES")
    /// The bundle's place in the outbox is free.
    public static let bundlePlace = RuleID("BUNDLE-PLACE")
    /// The ledger is the one that was last written here, or that one grown.
    public static let ledgerMark = RuleID("LEDGER-MARK")
    /// A witness signs checkpoints of the home that the witness remembers, or names at first.
    public static let witnessHome = RuleID("WITNESS-HOME")
    /// The ledger is no older than any checkpoint of it that was seen.
    public static let anchorAhead = RuleID("ANCHOR-AHEAD")
    /// The ledger has the history of every checkpoint of it that was seen.
    public static let anchorFork = RuleID("ANCHOR-FORK")
    /// A place that is named for its checkpoints has one of the home.
    public static let anchorPlace = RuleID("ANCHOR-PLACE")
    /// What a home is recovered from is a whole, sealed bundle of that home.
    public static let recoveryBundle = RuleID("RECOVERY-BUNDLE")
    /// The bundles that a home is recovered from follow one another, and the ledger.
    public static let recoveryGap = RuleID("RECOVERY-GAP")
}
