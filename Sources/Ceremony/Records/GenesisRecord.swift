// SPDX-License-Identifier: Apache-2.0
public import Documents
import Issuance
public import Ledger
public import SSHCrypto

/// The first entry: genesis, policy, roster, and the signature of every officer.
public struct GenesisRecord: HomeRecord {
    /// The genesis text's SHA-256: the home's identity.
    public let genesis: SHA256Digest
    /// The policy's SHA-256.
    public let policy: SHA256Digest
    /// The roster's SHA-256.
    public let roster: SHA256Digest
    /// The SHA-256 of each armored signature over the genesis text.
    public let signatures: [SHA256Digest]
    private let contents: [Content]

    /// Records a genesis with its texts.
    public init(genesis: [UInt8], policy: [UInt8], roster: [UInt8], signatures: [[UInt8]]) {
        let parts = [genesis, policy, roster].map { Content($0) }
        let signed = signatures.map { Content($0) }
        self.genesis = parts[0].digest
        self.policy = parts[1].digest
        self.roster = parts[2].digest
        self.signatures = signed.map(\.digest)
        contents = parts + signed
    }

    /// The entry.
    public var draft: EntryDraft {
        var draft = EntryDraft(.genesis)
        draft.field("genesis", genesis.hex)
        draft.field("policy", policy.hex)
        draft.field("roster", roster.hex)
        for signature in signatures { draft.field("signature", signature.hex) }
        draft.contents = contents
        return draft
    }

    /// Reads the record of an entry.
    ///
    /// - Throws: `Violations` where a field is missing, unknown or malformed.
    public init(_ entry: LedgerEntry) throws(Violations) {
        var reader = try entry.reader()
        let genesis = reader.digest("genesis")
        let policy = reader.digest("policy")
        let roster = reader.digest("roster")
        let signatures = reader.repeated("signature").compactMap { field in
            reader.value(field, expected: "a SHA-256") { SHA256Digest(hex: $0) }
        }
        let violations = reader.finishInOrder()
        guard violations.isEmpty, let genesis, let policy, let roster else {
            throw Violations(violations)
        }
        self.genesis = genesis
        self.policy = policy
        self.roster = roster
        self.signatures = signatures
        contents = []
    }
}
