// SPDX-License-Identifier: Apache-2.0
public import Documents
public import SSHCrypto
public import SSHFormats

/// An officer's signed refusal of a batch, with a reason; one stops the batch.
///
/// Format: `Docs/Formats/Approval.md`.
public struct Rejection: Hashable, Sendable {
    /// The SSHSIG namespace that rejections carry.
    public static let namespace = "conclave-rejection-v1"

    /// What an officer signs to reject a batch.
    public struct Text: Hashable, Sendable {
        /// The home's identity.
        public let genesis: SHA256Digest
        /// The batch that is rejected.
        public let batch: SHA256Digest
        /// When it was written.
        public let created: UnixTime
        /// Why.
        public let reason: String

        /// Makes the text of a rejection.
        public init(
            genesis: SHA256Digest, batch: SHA256Digest, created: UnixTime, reason: String
        ) {
            self.genesis = genesis
            self.batch = batch
            self.created = created
            self.reason = reason
        }

        /// The text to be signed.
        public var bytes: [UInt8] {
            var writer = DocumentWriter(kind: "rejection")
            writer.field("genesis", genesis.hex)
            writer.field("batch", batch.hex)
            writer.field("created", created.text)
            writer.field("reason", reason)
            return writer.bytes
        }

        /// Reads a rejection's text.
        ///
        /// - Throws: all `Violations`.
        public init(parsing bytes: [UInt8]) throws(Violations) {
            let document = try Document(
                parsing: bytes, kind: "rejection", utf8Fields: ["reason"])
            guard let block = document.blocks.first, document.blocks.count == 1 else {
                throw Violations([Violation(.rejectionText, "a rejection has one part")])
            }
            var reader = BlockReader(block)
            let genesis = reader.digest("genesis")
            let batch = reader.digest("batch")
            let created = reader.time("created")
            let reason = reader.required("reason")?.value
            let violations = reader.finish()
            guard violations.isEmpty, let genesis, let batch, let created, let reason else {
                throw Violations(violations)
            }
            self.init(genesis: genesis, batch: batch, created: created, reason: reason)
        }
    }

    /// The officer who rejected.
    public let officer: String
    /// The key that signed.
    public let key: PublicKey
    /// The text that was signed, byte for byte.
    public let bytes: [UInt8]
    /// What the text says.
    public let text: Text
    /// The signature, as an armored SSHSIG.
    public let armored: [UInt8]

    /// Checks a signed rejection of this batch.
    ///
    /// - Throws: `Violations` of text, signature or roster.
    public init(
        text bytes: [UInt8], armored: [UInt8], manifest: BatchManifest, roster: Roster
    ) throws(Violations) {
        let text = try Text(parsing: bytes)
        var faults: [Violation] = []
        if text.genesis != manifest.header.genesis {
            faults.append(
                Violation(
                    .rejectionText,
                    "the rejection names home \(text.genesis.hex), not "
                        + manifest.header.genesis.hex))
        }
        if text.batch != manifest.id {
            faults.append(
                Violation(
                    .rejectionText,
                    "the rejection names batch \(text.batch.hex), not \(manifest.id.hex)"))
        }
        try Violations.raise(faults)
        let signature = try OfficerSignature(
            armored: armored, message: bytes, namespace: Self.namespace, what: "the rejection")
        guard let officer = roster.officer(holding: signature.key) else {
            throw Violations([
                Violation(
                    .approvalStranger,
                    "key \(signature.key.fingerprint) belongs to no officer on the roster")
            ])
        }
        self.officer = officer.name
        key = signature.key
        self.bytes = bytes
        self.text = text
        self.armored = armored
    }
}
