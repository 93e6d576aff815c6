// SPDX-License-Identifier: Apache-2.0
public import Documents
import Issuance
public import Ledger
public import SSHCrypto
public import SSHFormats
public import TokenEvidence

/// A ceremony began: the quorum was there, the tokens were found, and their keys were as they should be.
public struct CeremonyOpenedRecord: HomeRecord {
    /// A token that took part, and what its module says of the CA key.
    public struct Device: Hashable, Sendable {
        /// The CA key.
        public let publicKey: PublicKey
        /// The token: an RFC 7512 URI without a module path.
        public let token: String
        /// The module's path.
        public let module: String
        /// The key's attributes as the module states them.
        public let evidence: String
        /// What the device proves, and what is advised against.
        public let proof: RecordedEvidence

        /// Names a token that takes part.
        public init(
            publicKey: PublicKey, token: String, module: String, evidence: String,
            proof: RecordedEvidence = RecordedEvidence()
        ) {
            self.publicKey = publicKey
            self.token = token
            self.module = module
            self.evidence = evidence
            self.proof = proof
        }
    }

    /// The batch that is carried out.
    public let batch: SHA256Digest
    /// The tier of enforcement.
    public let tier: String
    /// The program that carries it out.
    public let tool: String
    /// The tokens.
    public let devices: [Device]

    /// Records the opening of a ceremony.
    public init(batch: SHA256Digest, tier: String, tool: String, devices: [Device]) {
        self.batch = batch
        self.tier = tier
        self.tool = tool
        self.devices = devices
    }

    /// The entry.
    public var draft: EntryDraft {
        var draft = EntryDraft(.ceremonyOpened)
        draft.field("batch", batch.hex)
        draft.field("tier", tier)
        draft.field("tool", tool)
        for device in devices {
            draft.block()
            draft.field("ca-key", device.publicKey.line)
            draft.field("token", device.token)
            draft.field("module", device.module)
            draft.field("evidence", device.evidence)
            for field in device.proof.fields { draft.field(field.name, field.value) }
        }
        draft.handles =
            [.ceremony(batch)] + devices.map { .authorityKey($0.publicKey.fingerprint) }
        return draft
    }

    /// Reads the record of an entry.
    ///
    /// - Throws: `Violations` where a field is missing, unknown or malformed.
    public init(_ entry: LedgerEntry) throws(Violations) {
        var reader = try entry.reader()
        let batch = reader.digest("batch")
        let tier = reader.text("tier")
        let tool = reader.text("tool")
        var violations = reader.finishInOrder()
        var devices: [Device] = []
        for block in entry.blocks.dropFirst() {
            var reader = BlockReader(block)
            let key = reader.key("ca-key")
            let token = reader.text("token")
            let module = reader.text("module")
            let evidence = reader.text("evidence")
            let proof = RecordedEvidence(from: &reader)
            violations += reader.finishInOrder()
            if let key, let token, let module, let evidence {
                devices.append(
                    Device(
                        publicKey: key, token: token, module: module, evidence: evidence,
                        proof: proof))
            }
        }
        guard violations.isEmpty, let batch, let tier, let tool else {
            throw Violations(violations)
        }
        self.init(batch: batch, tier: tier, tool: tool, devices: devices)
    }
}
