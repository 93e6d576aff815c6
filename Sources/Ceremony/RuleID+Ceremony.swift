// SPDX-License-Identifier: Apache-2.0
public import Documents

/// The rules of a home's life: what may happen next.
extension RuleID {
    /// A record of the ledger can be read and follows from those before it.
    public static let recordText = RuleID("RECORD")
    /// The batch is one of this home's.
    public static let batchUnknown = RuleID("BATCH-UNKNOWN")
    /// The batch has something in it.
    public static let batchEmpty = RuleID("BATCH-EMPTY")
    /// The batch has not been rejected.
    public static let batchRejected = RuleID("BATCH-REJECTED")
    /// The batch has not expired.
    public static let batchExpired = RuleID("BATCH-EXPIRED")
    /// The batch has not been carried out.
    public static let batchClosed = RuleID("BATCH-CLOSED")
    /// The rules that governed the drafting still govern.
    public static let batchGoverning = RuleID("BATCH-GOVERNING")
    /// Every item of the batch is what its request, the policy and the roster lead to.
    public static let batchDerived = RuleID("BATCH-DERIVED")
    /// Nothing in the batch was revoked or overtaken since it was drafted.
    public static let batchOvertaken = RuleID("BATCH-OVERTAKEN")
    /// The batch's ceremony has not been abandoned.
    public static let batchAbandoned = RuleID("BATCH-ABANDONED")
    /// What is to be abandoned is a ceremony that began and has certificates left to sign.
    public static let abandonTarget = RuleID("ABANDON-TARGET")
    /// An epoch of serials after which another can begin is not the last.
    public static let epochLimit = RuleID("EPOCH-LIMIT")
    /// The checkpoint that is given up with an epoch is one of this home's, of entries that it lacks.
    public static let epochAnchor = RuleID("EPOCH-ANCHOR")
    /// The authority's epoch has a serial left for the certificate.
    public static let serialLimit = RuleID("SERIAL-LIMIT")
    /// The CA key that is chosen is one of the home's, and one for each authority.
    public static let keyChoice = RuleID("KEY-CHOICE")
    /// No other ceremony is under way.
    public static let ceremonyOpen = RuleID("CEREMONY-OPEN")
    /// The clock is not before the last ledger entry.
    public static let clockBehind = RuleID("CLOCK-BEHIND")
    /// The clock is not further ahead of the last ledger entry than the policy allows.
    public static let clockAhead = RuleID("CLOCK-AHEAD")
    /// The state has room to grow until the batch has ended.
    public static let stateSize = RuleID("STATE-SIZE")
    /// What is to be revoked is there to be revoked.
    public static let revocationTarget = RuleID("REVOCATION-TARGET")
    /// The state that decides is the one that the last ceremony recorded.
    public static let stateDigest = RuleID("STATE-DIGEST")
}
