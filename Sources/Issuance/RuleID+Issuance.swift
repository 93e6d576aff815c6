// SPDX-License-Identifier: Apache-2.0
public import Documents

/// The rules of requests: what every request must be, whatever the policy says.
extension RuleID {
    /// The request carries one readable signature.
    public static let requestSignature = RuleID("REQUEST-SIGNATURE")
    /// The signature is by the key to be certified, over this text.
    public static let requestPossession = RuleID("REQUEST-POSSESSION")
    /// The public key can be read and is a plain key.
    public static let requestKey = RuleID("REQUEST-KEY")
    /// At least one principal, each well formed and once.
    public static let requestPrincipal = RuleID("REQUEST-PRINCIPAL")
    /// Options come from the closed table, each once, and never for hosts.
    public static let requestOption = RuleID("REQUEST-OPTION")
    /// Renewal is for hosts.
    public static let requestRenewal = RuleID("REQUEST-RENEWAL")
    /// The field is known to the design and not yet taken.
    public static let requestUnsupported = RuleID("REQUEST-UNSUPPORTED")
    /// A request is admitted once.
    public static let requestReplay = RuleID("REQUEST-REPLAY")
    /// A request is not older than the policy allows.
    public static let requestAge = RuleID("REQUEST-AGE")
    /// A request does not come from the future.
    public static let requestFuture = RuleID("REQUEST-FUTURE")
}

/// The rules of the policy's decision.
extension RuleID {
    /// The policy's own text is sound.
    public static let policyText = RuleID("POLICY-TEXT")
    /// The authority is one of this home's.
    public static let policyAuthority = RuleID("POLICY-AUTHORITY")
    /// The profile exists and belongs to the authority.
    public static let policyProfile = RuleID("POLICY-PROFILE")
    /// The request's type is the authority's.
    public static let policyType = RuleID("POLICY-TYPE")
    /// Each principal is one that the profile allows.
    public static let policyPrincipal = RuleID("POLICY-PRINCIPAL")
    /// Each option is one that the profile allows.
    public static let policyOption = RuleID("POLICY-OPTION")
    /// The key's kind is one that the profile allows.
    public static let policyKeyKind = RuleID("POLICY-KEY-KIND")
    /// The key is at least as long as the profile demands.
    public static let policyKeySize = RuleID("POLICY-KEY-SIZE")
    /// The key's numbers are those of a sound key.
    public static let policyKeySanity = RuleID("POLICY-KEY-SANITY")
    /// The validity is at most the profile's.
    public static let validityMaximum = RuleID("VALIDITY-MAX")
    /// The validity does not end before it begins to matter.
    public static let validityPast = RuleID("VALIDITY-PAST")
    /// The key has not been revoked.
    public static let keyRevoked = RuleID("KEY-REVOKED")
    /// The key is not a CA key of this home.
    public static let keyAuthority = RuleID("KEY-AUTHORITY")
    /// The key ID that the template makes is within its bounds.
    public static let keyIDText = RuleID("KEY-ID")
}

/// The rules of roster, genesis, batches and approvals.
extension RuleID {
    /// The roster's own text is sound.
    public static let rosterText = RuleID("ROSTER-TEXT")
    /// A threshold is below the number of officers.
    public static let rosterThreshold = RuleID("ROSTER-THRESHOLD")
    /// A key belongs to one person.
    public static let rosterKey = RuleID("ROSTER-KEY")
    /// A key of an officer or witness signs before its end alone.
    public static let rosterKeyEnded = RuleID("ROSTER-KEY-ENDED")
    /// The genesis text is sound.
    public static let genesisText = RuleID("GENESIS-TEXT")
    /// The genesis is signed by every listed officer.
    public static let genesisSignature = RuleID("GENESIS-SIGNATURE")
    /// The manifest's text is sound.
    public static let batchText = RuleID("BATCH-TEXT")
    /// The to-be-signed bytes rebuilt from the manifest have the digest that it states.
    public static let batchToBeSigned = RuleID("BATCH-TBS")
    /// The certificate to be signed is one that every reader takes as meant.
    public static let batchLint = RuleID("BATCH-LINT")
    /// The signature is over this manifest, for this purpose.
    public static let approvalSignature = RuleID("APPROVAL-SIGNATURE")
    /// The signer is an officer on the roster.
    public static let approvalStranger = RuleID("APPROVAL-STRANGER")
    /// The officer has not approved this batch before.
    public static let approvalTwice = RuleID("APPROVAL-TWICE")
    /// The rejection's text is sound and names this batch.
    public static let rejectionText = RuleID("REJECTION-TEXT")
    /// Each item has enough officers that may count for it.
    public static let quorumMissing = RuleID("QUORUM-MISSING")
}
