// SPDX-License-Identifier: Apache-2.0
public import Documents
public import SSHCrypto
public import SSHFormats
public import TokenEvidence

/// What a home may issue: its authorities, profiles and bounds.
///
/// Officers sign its canonical text at genesis. Format: `Docs/Formats/Policy.md`.
public struct Policy: Hashable, Sendable {
    /// An authority: its name, and what it certifies.
    public struct Authority: Hashable, Sendable {
        /// Its name, such as `users@example.org`.
        public let name: String
        /// Users or hosts, never both.
        public let kind: CertificateKind

        /// The name as every file system of removable media can hold it.
        public var fileName: String {
            String(name.map { $0 == "@" ? "_" : $0 })
        }
    }

    /// The canonical text.
    public let text: [UInt8]
    /// How long approvals of a batch may be gathered, from its drafting.
    public let batchLifetime: TimeSpan
    /// How far the clock may stand ahead of the last ledger entry.
    public let clockMaximumStep: TimeSpan
    /// How old a request may be at intake.
    public let requestMaximumAge: TimeSpan
    /// What is demanded of tokens; the standard where the text says nothing of them.
    public let tokens: TokenPolicy
    /// The authorities, in the order of the text.
    public let authorities: [Authority]
    /// The profiles, in the order of the text.
    public let profiles: [Profile]

    /// The SHA-256 of the canonical text.
    public var digest: SHA256Digest { SHA256Digest(hashing: text) }

    /// The ceilings that no policy can lift.
    public enum Ceiling {
        /// The longest validity of a user certificate.
        public static let userValidity = TimeSpan(seconds: 366 * 86_400)
        /// The longest validity of a host certificate.
        public static let hostValidity = TimeSpan(seconds: 3 * 366 * 86_400)
        /// The longest backdating margin.
        public static let backdate = TimeSpan(seconds: 86_400)
        /// The longest life of a batch.
        public static let batchLifetime = TimeSpan(seconds: 30 * 86_400)
        /// The longest age of a request.
        public static let requestAge = TimeSpan(seconds: 366 * 86_400)
        /// The shortest RSA key, in bits.
        public static let minimumRSABits = 2048
    }

    /// Reads a canonical policy text.
    ///
    /// - Throws: all `Violations`, with the lines of the canonical text.
    public init(text: [UInt8]) throws(Violations) {
        let document = try Document(parsing: text, kind: "policy")
        var violations = ViolationList()
        guard let first = document.blocks.first else {
            throw Violations([Violation(.policyText, "the policy has no fields")])
        }
        var head = BlockReader(first)
        let lifetime = head.span("batch-lifetime", atMost: Ceiling.batchLifetime)
        let step = head.span("clock-maximum-step", atMost: nil)
        let age = head.span("request-maximum-age", atMost: Ceiling.requestAge)
        violations.append(contentsOf: head.finish())

        var blocks = document.blocks.dropFirst()
        var tokens = TokenPolicy.standard
        if let block = blocks.first, block.fields.first?.name == "attestation" {
            blocks = blocks.dropFirst()
            do throws(Violations) {
                tokens = try TokenPolicy(block)
            } catch {
                violations.append(contentsOf: error.all)
            }
        }
        var draft = PolicyDraft()
        for block in blocks {
            do throws(Violations) {
                try draft.read(block)
            } catch {
                violations.append(contentsOf: error.all)
            }
        }
        if draft.authorities.isEmpty, violations.isEmpty {
            violations.append(Violation(.policyText, "the policy names no authority"))
        }
        guard violations.isEmpty, let lifetime, let step, let age else {
            throw Violations(violations.all)
        }
        self.text = text
        batchLifetime = lifetime
        clockMaximumStep = step
        requestMaximumAge = age
        self.tokens = tokens
        authorities = draft.authorities
        profiles = draft.profiles
    }

    /// The profile of this name.
    public func profile(_ name: String) -> Profile? { profiles.first { $0.name == name } }

    /// The authority of this name.
    public func authority(_ name: String) -> Authority? {
        authorities.first { $0.name == name }
    }
}

/// The blocks of a policy on their way from text to values.
private struct PolicyDraft {
    private(set) var authorities: [Policy.Authority] = []
    private(set) var profiles: [Profile] = []
    private var authorityOfName: [String: Policy.Authority] = [:]
    private var authorityOfFile: [String: Policy.Authority] = [:]
    private var profileNames: Set<String> = []

    mutating func read(_ block: Block) throws(Violations) {
        guard block.fields.first?.name == "profile" else {
            return try add(Self.authority(block), line: block.line)
        }
        let profile = try Profile(block, authorities: authorityOfName)
        guard profileNames.insert(profile.name).inserted else {
            throw Violations(
                Violation(
                    .policyText, line: block.line,
                    "profile \"\(profile.name)\" stands there twice"))
        }
        profiles.append(profile)
    }

    private mutating func add(_ authority: Policy.Authority, line: Int) throws(Violations) {
        if let other = authorityOfFile[authority.fileName], other.name != authority.name {
            throw Violations(
                Violation(
                    .policyText, line: line,
                    "authority \"\(authority.name)\" would share the file name "
                        + "\(authority.fileName) with \"\(other.name)\""))
        }
        guard authorityOfName[authority.name] == nil else {
            throw Violations(
                Violation(
                    .policyText, line: line,
                    "authority \"\(authority.name)\" stands there twice"))
        }
        authorityOfName[authority.name] = authority
        authorityOfFile[authority.fileName] = authority
        authorities.append(authority)
    }

    private static func authority(_ block: Block) throws(Violations) -> Policy.Authority {
        var reader = BlockReader(block)
        let name = reader.value(reader.required("authority"), expected: AuthorityName.form) {
            AuthorityName.isValid($0) ? $0 : nil
        }
        let kind = reader.value(reader.required("type"), expected: "user or host") {
            CertificateKind(name: $0)
        }
        let violations = reader.finish()
        guard violations.isEmpty, let name, let kind else { throw Violations(violations) }
        return Policy.Authority(name: name, kind: kind)
    }
}

extension BlockReader {
    /// Reads a required time span, which may not exceed `ceiling`.
    mutating func span(_ name: String, atMost ceiling: TimeSpan?) -> TimeSpan? {
        let field = required(name)
        let span = value(field, expected: "a time span such as 12h or 30d") {
            TimeSpan(text: $0)
        }
        if let span, let ceiling, span > ceiling {
            report(
                Violation(
                    .policyText, line: field?.line,
                    "\(name) \(span.text) exceeds the ceiling of \(ceiling.text)"))
        }
        return span
    }
}
