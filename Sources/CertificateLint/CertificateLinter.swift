// SPDX-License-Identifier: Apache-2.0
public import Documents
import SSHCrypto
import SSHFormats

/// Judges certificates of any maker by all rules.
///
/// It keeps the keys of the authorities that it has met, made ready to verify with; a linter for each
/// thread is quicker than one for all.
public struct CertificateLinter: Sendable {
    /// An authority that was met.
    private final class Authority: Sendable {
        let key: PublicKey?
        let faults: [KeyFault]
        let ready: Result<VerificationKey, SSHCryptoError>?

        init(_ key: PublicKey?) {
            self.key = key
            faults = key?.faults() ?? []
            ready = key.map(CertificateLinter.ready)
        }
    }

    /// How many authorities are kept; beyond it, all are forgotten.
    private static let maximumAuthorities = 64

    private var authorities: [ArraySlice<UInt8>: Authority] = [:]
    /// The one that was met last: mostly it is the next one too.
    private var last: (bytes: ArraySlice<UInt8>, authority: Authority)?
    private let listsFields: Bool

    /// Makes a linter; without the list of fields where only the findings are asked for.
    public init(listsFields: Bool = true) {
        self.listsFields = listsFields
    }

    /// Reads the bytes, verifies the signature and applies every rule; those of time where one is
    /// given.
    public mutating func inspect(
        _ blob: [UInt8], at time: UnixTime? = nil
    ) -> CertificateInspection {
        let dissection = CertificateDissection(blob, listsFields: listsFields)
        let (certificate, refusal) = Self.strict(blob)
        let subject = certificate?.fields.publicKey ?? Self.key(dissection.parts.key?.plainBlob)
        let subjectFaults = subject?.faults() ?? []
        let authority = authority(of: dissection)
        let signature = Self.verify(dissection, certificate, by: authority)
        var pass = LintPass(dissection, kind: dissection.parts.kind?.value)
        pass.checkForm()
        pass.checkKey(dissection.parts.key, subjectFaults, place: "")
        pass.checkNames()
        pass.checkValidity(at: time)
        pass.checkOptions(isSecurityKey: subject?.kind.isSecurityKey ?? false)
        pass.checkSigner(authority?.key, authority?.faults ?? [], subject: subject)
        pass.checkSignature(by: authority?.key, signature)
        let findings = pass.finish(refusal: refusal)
        return CertificateInspection(
            dissection: dissection, certificate: certificate, refusal: refusal,
            subjectKey: subject, subjectKeyFaults: subjectFaults, signatureKey: authority?.key,
            signature: signature, findings: findings)
    }

    private static func strict(_ blob: [UInt8]) -> (Certificate?, FormatError?) {
        do throws(FormatError) {
            return (try Certificate(blob: blob), nil)
        } catch {
            return (nil, error)
        }
    }

    private static func key(_ blob: [UInt8]?) -> PublicKey? {
        guard let blob else { return nil }
        do throws(FormatError) {
            return try PublicKey(blob: blob)
        } catch {
            return nil
        }
    }

    private mutating func authority(of dissection: CertificateDissection) -> Authority? {
        guard let bytes = dissection.parts.signatureKeyBytes else { return nil }
        if let last, last.bytes == bytes { return last.authority }
        if let known = authorities[bytes] {
            last = (bytes: Array(bytes)[...], known)
            return known
        }
        // A slice of its own, so that the certificate's bytes are not kept with it.
        let own = Array(bytes)
        let authority = Authority(Self.key(own))
        if authorities.count >= Self.maximumAuthorities { authorities.removeAll() }
        authorities[own[...]] = authority
        return authority
    }

    private static func ready(_ key: PublicKey) -> Result<VerificationKey, SSHCryptoError> {
        do throws(SSHCryptoError) {
            return .success(try VerificationKey(key))
        } catch {
            return .failure(error)
        }
    }

    private static func verify(
        _ dissection: CertificateDissection, _ certificate: Certificate?,
        by authority: Authority?
    ) -> CertificateInspection.SignatureStanding {
        guard let authority else { return .unchecked("there is no signature key") }
        guard let key = authority.key, let ready = authority.ready else {
            return .unchecked("the signature key cannot be read")
        }
        if let certificate {
            return verify(certificate.signature, certificate.toBeSigned, ready, .holds)
        }
        let parts = dissection.parts
        guard let signed = parts.toBeSigned, let bytes = parts.signatureBytes else {
            return .unchecked("there is no signature")
        }
        do throws(FormatError) {
            let signature = try Signature(blob: Array(bytes))
            if !fits(signature, key), let padded = SignatureForm.padded(parts.signature, for: key) {
                return verify(padded, Array(signed), ready, .holdsInOtherForm)
            }
            return verify(signature, Array(signed), ready, .holds)
        } catch {
            guard let other = SignatureForm.padded(parts.signature, for: key) else {
                return .unchecked("the signature cannot be read")
            }
            return verify(other, Array(signed), ready, .holdsInOtherForm)
        }
    }

    private static func fits(_ signature: Signature, _ key: PublicKey) -> Bool {
        do throws(FormatError) {
            try signature.requireFit(key)
            return true
        } catch {
            return false
        }
    }

    private static func verify(
        _ signature: Signature, _ message: [UInt8],
        _ ready: Result<VerificationKey, SSHCryptoError>,
        _ success: CertificateInspection.SignatureStanding
    ) -> CertificateInspection.SignatureStanding {
        do throws(SSHCryptoError) {
            try ready.get().verify(signature, over: message)
            return success
        } catch {
            switch error.reason {
            case .wrongSignature, .algorithmMismatch: return .wrong
            default: return .unchecked("\(error)")
            }
        }
    }
}
