// SPDX-License-Identifier: Apache-2.0
public import Documents
public import SSHCrypto

/// A frozen batch as the text that officers read and sign.
///
/// All bytes that the ceremony will sign can be rebuilt from it alone. Format:
/// `Docs/Formats/Batch.md`.
public struct BatchManifest: Hashable, Sendable {
    /// The SSHSIG namespace that approvals carry.
    public static let namespace = "conclave-batch-v1"
    /// The most items of one batch.
    public static let maximumItems = 10_000

    /// What a manifest says before its items.
    public struct Header: Hashable, Sendable {
        /// The home's identity: the SHA-256 of its genesis text.
        public let genesis: SHA256Digest
        /// The batch's number in this home, from 1.
        public let number: UInt64
        /// The number of ledger entries on which the batch was drafted.
        public let ledgerSize: UInt64
        /// The root hash of those entries.
        public let ledgerRoot: SHA256Digest
        /// The digest of the last entry that changed the rules.
        public let governingHead: SHA256Digest
        /// The SHA-256 of the roster.
        public let roster: SHA256Digest
        /// The SHA-256 of the policy.
        public let policy: SHA256Digest
        /// When the batch was drafted.
        public let created: UnixTime
        /// When its approvals end.
        public let expires: UnixTime
        /// The program that drafted it.
        public let tool: String

        /// Makes a header.
        public init(
            genesis: SHA256Digest, number: UInt64, ledgerSize: UInt64, ledgerRoot: SHA256Digest,
            governingHead: SHA256Digest, roster: SHA256Digest, policy: SHA256Digest,
            created: UnixTime, expires: UnixTime, tool: String
        ) {
            self.genesis = genesis
            self.number = number
            self.ledgerSize = ledgerSize
            self.ledgerRoot = ledgerRoot
            self.governingHead = governingHead
            self.roster = roster
            self.policy = policy
            self.created = created
            self.expires = expires
            self.tool = tool
        }
    }

    /// The header.
    public let header: Header
    /// The items, in order; their numbers count from 1.
    public let items: [BatchItem]
    /// The text that is signed.
    public let text: [UInt8]
    /// The batch's name: the SHA-256 of its text.
    public let id: SHA256Digest

    /// Freezes a batch.
    public init(header: Header, items: [BatchItem]) {
        self.header = header
        self.items = items
        text = Self.encode(header, items)
        id = SHA256Digest(hashing: text)
    }

    /// Reads a manifest.
    ///
    /// - Throws: all `Violations`; a text that is not in canonical form is refused.
    public init(text: [UInt8]) throws(Violations) {
        let document = try Document(
            parsing: text, kind: "batch", utf8Fields: ["requester", "reason"])
        guard let first = document.blocks.first else {
            throw Violations([Violation(.batchText, "the manifest has no fields")])
        }
        var violations = ViolationList()
        var reading = ManifestReading()
        var header: Header?
        do throws(Violations) {
            header = try Header(first, &reading)
        } catch {
            violations.append(contentsOf: error.all)
        }
        let blocks = document.blocks.dropFirst()
        if blocks.isEmpty {
            violations.append(Violation(.batchText, "the manifest has no items"))
        }
        if blocks.count > Self.maximumItems {
            throw Violations([
                Violation(
                    .batchText, "\(blocks.count) items exceed \(Self.maximumItems)")
            ])
        }
        var items: [BatchItem] = []
        for (index, block) in blocks.enumerated() {
            do throws(Violations) {
                items.append(try BatchItem(block, number: index + 1, &reading))
            } catch {
                violations.append(contentsOf: error.all)
            }
        }
        let lists = items.count { if case .revocationList = $0 { true } else { false } }
        if lists > 1 {
            violations.append(
                Violation(.batchText, "the manifest holds \(lists) revocation lists, not one"))
        }
        if let fault = Self.abandonmentFault(items) {
            violations.append(Violation(.batchText, fault))
        }
        if let fault = Self.epochFault(items) {
            violations.append(Violation(.batchText, fault))
        }
        guard violations.isEmpty, let header else { throw Violations(violations.all) }
        guard reading.isCanonical || Self.encode(header, items) == text else {
            throw Violations([
                Violation(
                    .documentCanonical, "the manifest is not in canonical form",
                    hint: "it was not written by conclave, or was edited")
            ])
        }
        self.header = header
        self.items = items
        self.text = text
        id = SHA256Digest(hashing: text)
    }

    /// The item that abandons a ceremony, where the batch does that.
    public var abandonment: AbandonItem? {
        if case .abandon(let item)? = items.first { item } else { nil }
    }

    /// What abandons a ceremony comes first, once, and does nothing else but revoke.
    private static func abandonmentFault(_ items: [BatchItem]) -> String? {
        let count = items.count { if case .abandon = $0 { true } else { false } }
        guard count > 0 else { return nil }
        guard count == 1 else { return "the manifest abandons \(count) ceremonies, not one" }
        guard case .abandon? = items.first else {
            return "the item that abandons a ceremony does not come first"
        }
        let issues = items.contains { if case .issue = $0 { true } else { false } }
        return issues ? "the manifest abandons a ceremony and issues certificates" : nil
    }

    private static func encode(_ header: Header, _ items: [BatchItem]) -> [UInt8] {
        var writer = DocumentWriter(kind: "batch")
        header.write(to: &writer)
        for (index, item) in items.enumerated() {
            writer.block()
            item.write(to: &writer, number: index + 1)
        }
        return writer.bytes
    }
}
