// SPDX-License-Identifier: Apache-2.0
public import Documents
public import SSHCrypto
public import SSHFormats

/// The first text of a home: its policy, its roster and its CA keys, signed by every officer.
///
/// Its SHA-256 is the home's identity, named in every signed object. Format:
/// `Docs/Formats/Genesis.md`.
public struct Genesis: Hashable, Sendable {
    /// The SSHSIG namespace that genesis signatures carry.
    public static let namespace = "conclave-genesis-v1"

    /// A CA key, the authority that it signs for, and the token that it lives on.
    public struct AuthorityKey: Hashable, Sendable {
        /// The authority's name.
        public let authority: String
        /// The key.
        public let publicKey: PublicKey
        /// Where the key is: an RFC 7512 URI without a module path.
        public let token: String
        /// The further tokens that hold the very same key.
        public let copies: [KeyCopy]

        /// Makes the entry of a CA key.
        public init(
            authority: String, publicKey: PublicKey, token: String, copies: [KeyCopy] = []
        ) {
            self.authority = authority
            self.publicKey = publicKey
            self.token = token
            self.copies = copies
        }
    }

    /// When it was written.
    public let created: UnixTime
    /// The SHA-256 of the policy.
    public let policy: SHA256Digest
    /// The SHA-256 of the roster.
    public let roster: SHA256Digest
    /// The program that wrote it.
    public let tool: String
    /// The CA keys; each authority of the policy has at least one.
    public let keys: [AuthorityKey]

    /// Makes a genesis.
    public init(
        created: UnixTime, policy: SHA256Digest, roster: SHA256Digest, tool: String,
        keys: [AuthorityKey]
    ) {
        self.created = created
        self.policy = policy
        self.roster = roster
        self.tool = tool
        self.keys = keys
    }

    /// The text that every officer signs.
    public var text: [UInt8] {
        var writer = DocumentWriter(kind: "genesis")
        writer.field("created", created.text)
        writer.field("policy", policy.hex)
        writer.field("roster", roster.hex)
        writer.field("tool", tool)
        for key in keys {
            writer.block()
            writer.field("authority", key.authority)
            writer.field("ca-key", key.publicKey.line)
            writer.field("token", key.token)
            for copy in key.copies { writer.field("copy", copy.text) }
        }
        return writer.bytes
    }

    /// The home's identity: the SHA-256 of the text.
    public var id: SHA256Digest { SHA256Digest(hashing: text) }

    /// The list with which revocation begins: version 0, made at the genesis, revoking nothing.
    ///
    /// A server whose `RevokedKeys` names no file refuses every login, so there is a list from the
    /// first bundle on.
    ///
    /// - Throws: `FormatError` where it cannot be written.
    public func firstRevocationList() throws(FormatError) -> [UInt8] {
        try RevocationList(version: 0, generated: created.seconds).encoded()
    }

    /// Reads a genesis text.
    ///
    /// - Throws: all `Violations`; a text that is not in canonical form is refused.
    public init(text: [UInt8]) throws(Violations) {
        let document = try Document(parsing: text, kind: "genesis")
        guard let first = document.blocks.first else {
            throw Violations([Violation(.genesisText, "the genesis has no fields")])
        }
        var reader = BlockReader(first)
        let created = reader.time("created")
        let policy = reader.digest("policy")
        let roster = reader.digest("roster")
        let tool = reader.required("tool")?.value
        var violations = ViolationList()
        violations.append(contentsOf: reader.finish())
        var keys: [AuthorityKey] = []
        for block in document.blocks.dropFirst() {
            var reader = BlockReader(block)
            let authority = reader.required("authority")?.value
            let key = reader.key("ca-key")
            let token = reader.required("token")?.value
            let copies = reader.repeated("copy").compactMap { field in
                reader.value(field, expected: "a token, a space, and how the key came there") {
                    KeyCopy(text: $0)
                }
            }
            violations.append(contentsOf: reader.finish())
            if let authority, let key, let token {
                keys.append(
                    AuthorityKey(
                        authority: authority, publicKey: key, token: token, copies: copies))
            }
        }
        guard violations.isEmpty, let created, let policy, let roster, let tool else {
            throw Violations(violations.all)
        }
        self.init(created: created, policy: policy, roster: roster, tool: tool, keys: keys)
        guard self.text == text else {
            throw Violations([
                Violation(.documentCanonical, "the genesis is not in canonical form")
            ])
        }
    }

    /// Checks that policy, roster and keys belong together.
    ///
    /// - Throws: all `Violations` of `GENESIS-TEXT`.
    public func check(policy: Policy, roster: Roster) throws(Violations) {
        var faults: [String] = []
        if policy.digest != self.policy { faults.append("the policy is not the one it names") }
        if roster.digest != self.roster { faults.append("the roster is not the one it names") }
        let authorities = Set(policy.authorities.map(\.name))
        let served = Set(keys.map(\.authority))
        for authority in policy.authorities where !served.contains(authority.name) {
            faults.append("authority \"\(authority.name)\" has no CA key")
        }
        let holders = roster.holders
        var seen: Set<PublicKey> = []
        for key in keys {
            if !authorities.contains(key.authority) {
                faults.append("authority \"\(key.authority)\" is not in the policy")
            }
            if !seen.insert(key.publicKey).inserted {
                faults.append("CA key \(key.publicKey.fingerprint) stands there twice")
            }
            if key.publicKey.kind.isSecurityKey {
                faults.append("CA key \(key.publicKey.fingerprint) is a FIDO key")
            }
            var tokens: Set<String> = [key.token]
            for copy in key.copies where !tokens.insert(copy.token).inserted {
                faults.append(
                    "CA key \(key.publicKey.fingerprint) has a copy on \(quoted(copy.token)), "
                        + "which stands there already")
            }
            if let person = holders[key.publicKey] {
                faults.append(
                    "CA key \(key.publicKey.fingerprint) is a key of \(person.name)")
            }
            faults += key.publicKey.sanityFaults(
                minimumRSABits: Policy.Ceiling.minimumRSABits)
        }
        for profile in policy.profiles where roster.thresholds[profile.riskClass] == nil {
            faults.append(
                "profile \"\(profile.name)\" is of class \"\(profile.riskClass)\", for which the "
                    + "roster sets no threshold")
        }
        for person in roster.officers + roster.witnesses {
            for key in person.keys {
                guard let end = person.keyEnds[key], end <= created else { continue }
                faults.append(
                    "key \(key.fingerprint) of \(person.name) ends \(end.text), not after the "
                        + "founding, \(created.text)")
            }
        }
        guard faults.isEmpty else {
            throw Violations(faults.map { Violation(.genesisText, $0) })
        }
    }

    /// The officers of `roster` who have not signed this genesis with one of these signatures.
    ///
    /// - Throws: `Violations` where a signature does not hold or is not by an officer.
    public func missingOfficers(
        signatures: [[UInt8]], roster: Roster
    ) throws(Violations) -> [String] {
        var signed: Set<String> = []
        for armored in signatures {
            let signature = try OfficerSignature(
                armored: armored, message: text, namespace: Self.namespace, what: "the genesis")
            guard let officer = roster.officer(holding: signature.key) else {
                throw Violations([
                    Violation(
                        .genesisSignature,
                        "key \(signature.key.fingerprint) belongs to no officer on the roster")
                ])
            }
            signed.insert(officer.name)
        }
        return roster.officers.map(\.name).filter { !signed.contains($0) }
    }
}
