// SPDX-License-Identifier: Apache-2.0
public import Documents
public import SSHCrypto
public import SSHFormats

/// What a policy says of a request: admitted, or refused with everything that is wrong.
public enum PolicyDecision: Sendable {
    /// The request may go into a batch.
    case admitted(AdmittedRequest)
    /// The request may not; at least one violation.
    case refused([Violation])
}

/// A request that the policy admits, with the profile that it was admitted under.
///
/// Only the policy makes one: ``Policy/decide(_:at:history:)`` and
/// ``Policy/decideAgain(_:at:history:)``.
public struct AdmittedRequest: Hashable, Sendable {
    /// The request.
    public let request: CertificateRequest
    /// The profile.
    public let profile: Profile

    fileprivate init(request: CertificateRequest, profile: Profile) {
        self.request = request
        self.profile = profile
    }
}

/// What a home remembers that bears on a decision.
public struct IssuanceHistory: Sendable {
    /// The requests that were admitted before.
    public var admittedRequests: Set<SHA256Digest>
    /// The subject keys that were revoked.
    public var revokedKeys: Set<PublicKey>
    /// The CA keys of this home.
    public var authorityKeys: Set<PublicKey>

    /// The history of a home; empty for a requester who checks at home.
    public init(
        admittedRequests: Set<SHA256Digest> = [], revokedKeys: Set<PublicKey> = [],
        authorityKeys: Set<PublicKey> = []
    ) {
        self.admittedRequests = admittedRequests
        self.revokedKeys = revokedKeys
        self.authorityKeys = authorityKeys
    }
}

extension Policy {
    /// How far ahead of the clock a request's `created` may lie: clocks differ.
    public static let clockTolerance = TimeSpan(seconds: 600)

    /// Decides about a request as it comes in, and reports every violation.
    public func decide(
        _ request: CertificateRequest, at time: UnixTime, history: IssuanceHistory
    ) -> PolicyDecision {
        var violations: [Violation] = []
        if history.admittedRequests.contains(request.id) {
            violations.append(
                Violation(
                    .requestReplay, "request \(request.id.hex) was admitted before",
                    hint: "make a new request; each is admitted once"))
        }
        if let oldest = time.subtracting(requestMaximumAge), request.created < oldest {
            violations.append(
                Violation(
                    .requestAge,
                    "created \(request.created.text) is more than \(requestMaximumAge.text) "
                        + "before \(time.text)",
                    hint: "make a new request"))
        }
        if let latest = time.adding(Self.clockTolerance), request.created > latest {
            violations.append(
                Violation(
                    .requestFuture,
                    "created \(request.created.text) is more than "
                        + "\(Self.clockTolerance.text) ahead of \(time.text)",
                    hint: "check the clock of the machine that made the request"))
        }
        return conclude(request, at: time, history: history, violations: violations)
    }

    /// Decides anew about a request that was admitted before: for drafting, and for renewals.
    public func decideAgain(
        _ request: CertificateRequest, at time: UnixTime, history: IssuanceHistory
    ) -> PolicyDecision {
        conclude(request, at: time, history: history, violations: [])
    }

    private func conclude(
        _ request: CertificateRequest, at time: UnixTime, history: IssuanceHistory,
        violations: [Violation]
    ) -> PolicyDecision {
        var violations = violations
        if history.revokedKeys.contains(request.publicKey) {
            violations.append(
                Violation(
                    .keyRevoked, "key \(request.publicKey.fingerprint) was revoked",
                    hint: "make a new key"))
        }
        if history.authorityKeys.contains(request.publicKey) {
            violations.append(
                Violation(
                    .keyAuthority,
                    "key \(request.publicKey.fingerprint) is a CA key of this home"))
        }
        guard let authority = authority(request.authority) else {
            let known = authorities.map(\.name).joined(separator: ", ")
            violations.append(
                Violation(
                    .policyAuthority,
                    "authority \"\(request.authority)\" is not one of this home's: \(known)"))
            return .refused(violations)
        }
        if request.kind != authority.kind {
            violations.append(
                Violation(
                    .policyType,
                    "type \(request.kind.name) does not fit authority \"\(authority.name)\", "
                        + "which certifies \(authority.kind.name)s"))
        }
        guard let profile = profile(request.profile), profile.authority == authority.name else {
            let known = profiles.filter { $0.authority == authority.name }.map(\.name)
            violations.append(
                Violation(
                    .policyProfile,
                    "profile \"\(request.profile)\" is not one of \(authority.name): "
                        + known.joined(separator: ", ")))
            return .refused(violations)
        }
        violations += profile.violations(of: request, at: time)
        guard violations.isEmpty else { return .refused(violations) }
        return .admitted(AdmittedRequest(request: request, profile: profile))
    }
}

extension Profile {
    /// Everything in which a request goes beyond this profile.
    fileprivate func violations(of request: CertificateRequest, at time: UnixTime) -> [Violation] {
        var violations: [Violation] = []
        for principal in request.principals where !allows(principal: principal) {
            let names = principals + hostPatterns.map(\.text)
            let more = names.count > 12 ? " and \(names.count - 12) more" : ""
            let allowed = names.prefix(12).joined(separator: ", ") + more
            violations.append(
                Violation(
                    .policyPrincipal,
                    "principal \"\(principal)\" is not allowed by profile \"\(name)\": "
                        + allowed))
        }
        let asked =
            request.options.criticalOptions
            .filter { !requiredOptions.criticalOptions.contains($0) }.map(\.name)
            + request.options.extensions.map(\.rawValue)
        let granted = Set(
            allowedOptions + extensions.map(\.rawValue)
                + requiredOptions.extensions.map(\.rawValue))
        for option in asked where !granted.contains(option) {
            violations.append(
                Violation(
                    .policyOption,
                    "option \"\(option)\" is not allowed by profile \"\(name)\""))
        }
        for required in requiredOptions.criticalOptions {
            if let other = request.options.criticalOptions.first(where: {
                $0.name == required.name && $0 != required
            }) {
                violations.append(
                    Violation(
                        .policyOption,
                        "option \(quoted(other.text)) contradicts \(quoted(required.text)), which "
                            + "profile \"\(name)\" puts into every certificate"))
            }
        }
        violations += keyViolations(of: request.publicKey)
        violations += validityViolations(of: request, at: time)
        let keyIDLength = keyID(of: request, serial: .max).utf8.count
        if keyIDLength > KeyIDTemplate.maximumLength {
            violations.append(
                Violation(
                    .keyIDText,
                    "key ID \(quoted(keyID.text)) would have up to \(keyIDLength) bytes, more than "
                        + "\(KeyIDTemplate.maximumLength)",
                    hint: "shorten requester and principal, or the profile's key-id"))
        }
        return violations
    }

    private func keyViolations(of key: PublicKey) -> [Violation] {
        guard keyKinds.contains(key.kind) else {
            let allowed = keyKinds.map(\.shortName).joined(separator: ", ")
            return [
                Violation(
                    .policyKeyKind,
                    "key kind \(key.kind.shortName) is not allowed by profile \"\(name)\": "
                        + allowed)
            ]
        }
        if key.kind == .rsa, key.bitSize < minimumRSABits {
            return [
                Violation(
                    .policyKeySize,
                    "RSA key of \(key.bitSize) bits is shorter than \(minimumRSABits)")
            ]
        }
        return key.sanityFaults(minimumRSABits: minimumRSABits).map {
            Violation(.policyKeySanity, $0)
        }
    }

    private func validityViolations(
        of request: CertificateRequest, at time: UnixTime
    ) -> [Violation] {
        var violations: [Violation] = []
        if let validity = request.validity, validity.length > maximumValidity {
            violations.append(
                Violation(
                    .validityMaximum,
                    "validity \(validity.length.text) exceeds \(maximumValidity.text)"))
        }
        if case .window(_, let end)? = request.validity {
            if end <= time {
                violations.append(
                    Violation(
                        .validityPast, "validity ends \(end.text), not after \(time.text)"))
            } else if let latest = time.adding(maximumValidity), end > latest {
                violations.append(
                    Violation(
                        .validityMaximum,
                        "validity ends \(end.text), more than \(maximumValidity.text) after "
                            + time.text))
            }
        }
        return violations
    }
}
