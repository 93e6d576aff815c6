// SPDX-License-Identifier: Apache-2.0
public import Documents
import SSHCrypto
public import SSHFormats

/// What a policy demands of the tokens that hold CA keys: its block of fields about them.
///
/// A policy without the block means ``standard``. Format: `Docs/Formats/Policy.md`.
public struct TokenPolicy: Hashable, Sendable {
    /// Which CA keys must be attested.
    public enum Attestation: String, CaseIterable, Hashable, Sendable {
        /// Every one.
        case required
        /// Where a token attests, the attestation must hold; others are used without.
        case whereGiven = "where-given"
        /// None: an attestation is verified and recorded, and stops nothing.
        case none
    }

    /// An advisory that is accepted, with the reason for it.
    public struct Acceptance: Hashable, Sendable {
        /// The advisory's ID.
        public let advisory: String
        /// Why the home accepts it.
        public let reason: String

        /// Accepts an advisory.
        public init(advisory: String, reason: String) {
            self.advisory = advisory
            self.reason = reason
        }
    }

    /// Which CA keys must be attested.
    public var attestation = Attestation.whereGiven
    /// The roots that attestation may lead to.
    public var roots = AttestationRoot.yubico
    /// The oldest firmware; nil for any, and for tokens that tell none.
    public var minimumFirmware: FirmwareVersion?
    /// The PIN policies that a CA key may have; empty for any.
    public var pinPolicies: [PINPolicy] = []
    /// The touch policies that a CA key may have; empty for any.
    public var touchPolicies: [TouchPolicy] = []
    /// The kinds of CA key: `ecdsa-p384`, `rsa-3072`; empty for any.
    public var keyKinds: [String] = []
    /// The advisories that are accepted.
    public var accepted: [Acceptance] = []

    /// What holds where a policy says nothing of tokens: attestation must hold where it is given.
    public static let standard = TokenPolicy()

    /// The kinds of key that a policy can name.
    public static let knownKeyKinds = [
        "ecdsa-p256", "ecdsa-p384", "ecdsa-p521", "rsa-2048", "rsa-3072", "rsa-4096", "ed25519",
    ]

    /// The name of Yubico's published roots in a policy.
    static let yubico = "yubico"

    /// Makes the standard policy, to be changed.
    public init() {}

    /// Reads the block of a canonical policy text.
    ///
    /// - Throws: all `Violations`.
    public init(_ block: Block) throws(Violations) {
        var reader = BlockReader(block)
        let attestation = reader.value(
            reader.required("attestation"), expected: "required, where-given or none"
        ) { Attestation(rawValue: $0) }
        let roots = reader.values("attestation-root", expected: "yubico or a SHA-256") {
            $0 == Self.yubico
                ? AttestationRoot.yubico : SHA256Digest(hex: $0).map { [AttestationRoot(pin: $0)] }
        }
        minimumFirmware = reader.value(
            reader.optional("minimum-firmware"), expected: "a version such as 5.7.0"
        ) { text in FirmwareVersion(text: text).flatMap { $0.description == text ? $0 : nil } }
        let pins = PINPolicy.allCases.map(\.description).joined(separator: ", ")
        pinPolicies = reader.values("pin-policy", expected: "one of \(pins)") { text in
            PINPolicy.allCases.first { $0.description == text }
        }
        let touches = TouchPolicy.allCases.map(\.description).joined(separator: ", ")
        touchPolicies = reader.values("touch-policy", expected: "one of \(touches)") { text in
            TouchPolicy.allCases.first { $0.description == text }
        }
        let kinds = Self.knownKeyKinds.joined(separator: ", ")
        keyKinds = reader.values("ca-key-kind", expected: "one of \(kinds)") {
            Self.knownKeyKinds.contains($0) ? $0 : nil
        }
        accepted = reader.values(
            "accepted-advisory", expected: "the ID of an advisory, a space, and a reason",
            Self.acceptance)
        let violations = reader.finish()
        guard violations.isEmpty, let attestation else { throw Violations(violations) }
        self.attestation = attestation
        self.roots = roots.flatMap { $0 }
        if attestation != .none, self.roots.isEmpty {
            throw Violations(
                Violation(
                    .documentMissing, line: block.line,
                    "field \"attestation-root\" is missing: no attestation could ever hold"))
        }
    }

    private static func acceptance(_ text: String) -> Acceptance? {
        let parts = text.split(
            separator: " ", maxSplits: 1, omittingEmptySubsequences: false
        ).map(String.init)
        guard parts.count == 2, Advisory.named(parts[0]) != nil, !parts[1].isEmpty,
            parts[1].first != " "
        else { return nil }
        return Acceptance(advisory: parts[0], reason: parts[1])
    }

    /// The kind of a key as a policy names it: `ecdsa-p384`, `rsa-3072`.
    public static func kindName(of key: PublicKey) -> String {
        key.kind == .rsa ? "rsa-\(key.bitSize)" : key.kind.shortName
    }

    /// Whether a key of this kind may be a CA key: `ecdsa-p384`, `rsa-3072`.
    public func allows(keyKind: String) -> Bool { keyKinds.isEmpty || keyKinds.contains(keyKind) }

    /// Whether the advisory is accepted, and why.
    public func acceptance(of advisory: Advisory) -> Acceptance? {
        accepted.first { $0.advisory == advisory.id }
    }
}

extension BlockReader {
    /// Reads all fields of a name; one that stands there twice is reported.
    fileprivate mutating func values<Value>(
        _ name: String, expected: String, _ parse: (String) -> Value?
    ) -> [Value] {
        var seen: Set<String> = []
        var values: [Value] = []
        for field in repeated(name) {
            if !seen.insert(field.value).inserted {
                report(
                    Violation(
                        .documentRepeated, line: field.line,
                        "\(name) \(quoted(field.value)) stands there twice"))
            }
            if let found = value(field, expected: expected, parse) { values.append(found) }
        }
        return values
    }
}
