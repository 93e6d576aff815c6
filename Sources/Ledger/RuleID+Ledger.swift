// SPDX-License-Identifier: Apache-2.0
public import Documents

extension RuleID {
    /// An entry begins with its index, its time and its kind, in this order and with nothing else.
    public static let entryHeader = RuleID("ENTRY-HEADER")
    /// A file of entries in a bundle holds those that its name says.
    public static let entryFile = RuleID("ENTRY-FILE")
    /// A checkpoint is three lines: its ledger, the number of entries, the root in Base64.
    public static let checkpointForm = RuleID("CHECKPOINT-FORM")
    /// A checkpoint names its ledger by the digest of the genesis text.
    public static let checkpointOrigin = RuleID("CHECKPOINT-ORIGIN")
    /// A checkpoint of no entries has the root of the empty tree.
    public static let checkpointRoot = RuleID("CHECKPOINT-ROOT")
    /// A proof is its first lines, hashes in Base64, an empty line and a checkpoint.
    public static let proofForm = RuleID("PROOF-FORM")
    /// A proof leads to the root that its checkpoint states, and a ledger only ever grows.
    public static let proofHolds = RuleID("PROOF-HOLDS")
}
