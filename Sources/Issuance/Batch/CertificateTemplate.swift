// SPDX-License-Identifier: Apache-2.0
public import Documents
public import SSHFormats

/// What a certificate will say, with nothing left open but serial and nonce.
///
/// It is made from an admitted request alone, so it names at least one principal.
public struct CertificateTemplate: Hashable, Sendable {
    /// The request that it answers.
    public let admitted: AdmittedRequest
    /// The CA key that will sign.
    public let signatureKey: PublicKey
    /// The first second of validity.
    public let validAfter: UnixTime
    /// The first second after the validity.
    public let validBefore: UnixTime
    /// The critical options: those of the request, and those that the profile requires.
    public let criticalOptions: [CriticalOption]
    /// The extensions: the profile's, and those of the request.
    public let extensions: [CertificateExtension]

    /// Fixes the certificate's fields at the time of drafting; it ends at `notAfter` at the latest.
    ///
    /// - Throws: `Violations` where the window is empty or ends after the year 9999.
    public init(
        _ admitted: AdmittedRequest, signatureKey: PublicKey, draftedAt time: UnixTime,
        notAfter: UnixTime? = nil
    ) throws(Violations) {
        let profile = admitted.profile
        let earliest = time.subtracting(profile.backdate) ?? UnixTime(seconds: 0)
        var start = earliest
        var end = time.adding(profile.defaultValidity)
        switch admitted.request.validity {
        case .span(let span): end = time.adding(span)
        case .window(let from, let to):
            start = max(from, earliest)
            end = to
        case nil: break
        }
        if let limit = notAfter, let unlimited = end { end = min(limit, unlimited) }
        guard let end else {
            throw Violations(
                Violation(
                    .validityMaximum, "validity would end after \(UnixTime.latest.text)"))
        }
        guard start < end, end > time else {
            throw Violations(
                Violation(.validityPast, "validity would not end after \(time.text)"))
        }
        self.admitted = admitted
        self.signatureKey = signatureKey
        validAfter = start
        validBefore = end
        let asked = admitted.request.options
        criticalOptions = Set(
            asked.criticalOptions + profile.requiredOptions.criticalOptions
        ).sorted { $0.name < $1.name }
        extensions = Set(
            asked.extensions + profile.extensions + profile.requiredOptions.extensions
        ).sorted { $0.rawValue < $1.rawValue }
    }

    /// The certificate's fields under this serial and nonce.
    public func fields(serial: UInt64, nonce: [UInt8]) -> CertificateFields {
        let request = admitted.request
        return CertificateFields(
            nonce: nonce, publicKey: request.publicKey, serial: serial, kind: request.kind,
            keyID: admitted.profile.keyID(of: request, serial: serial),
            validPrincipals: request.principals, validAfter: validAfter.seconds,
            validBefore: validBefore.seconds, criticalOptions: criticalOptions,
            extensions: extensions, signatureKey: signatureKey)
    }
}
