// SPDX-License-Identifier: Apache-2.0
public import Documents
public import SSHCrypto
public import SSHFormats

/// A request whose signature proved that its maker holds the key to be certified.
///
/// There is no request without that proof: the one way to a value is ``init(file:signatureFile:)``.
/// It never changes, and is an object so that it is handed on without copies of all its fields.
/// Format: `Docs/Formats/Request.md`.
public final class CertificateRequest: Hashable, Sendable {
    /// The SSHSIG namespace that request signatures carry.
    public static let namespace = "conclave-request-v1"

    /// The signed text, byte for byte.
    public let text: [UInt8]
    /// The signature, as an armored SSHSIG.
    public let armoredSignature: [UInt8]
    /// The request's name: the SHA-256 of the signed text.
    public let id: SHA256Digest

    /// The authority that is asked, the request's audience.
    public let authority: String
    /// What is to be certified: a user or a host.
    public let kind: CertificateKind
    /// The key to be certified.
    public let publicKey: PublicKey
    /// The names asked for; at least one.
    public let principals: [String]
    /// The policy's profile under which the request is made.
    public let profile: String
    /// The validity asked for; nil takes the profile's default.
    public let validity: RequestValidity?
    /// The options asked for.
    public let options: CertificateOptionSet
    /// When the requester says that the request was made.
    public let created: UnixTime
    /// Sixteen random bytes that make the request unique.
    public let nonce: [UInt8]
    /// Who asks, in the requester's own words.
    public let requester: String?
    /// What for, in the requester's own words.
    public let purpose: String?
    /// A host's consent to be certified anew, with the same key, until this time.
    public let renewableUntil: UnixTime?
    /// What the key said when it signed: presence and verification, for FIDO keys.
    public let possession: VerifiedSignature

    /// The fields of a request that may hold UTF-8.
    static let utf8Fields: Set<String> = ["requester", "purpose"]

    /// Reads a request file: the text and its armored signature in one file, or in two.
    ///
    /// - Throws: all `Violations` that were found, in text and signature.
    public init(file: [UInt8], signatureFile: [UInt8]? = nil) throws(Violations) {
        let (text, armor) = try Self.split(file: file, signatureFile: signatureFile)
        var violations: [Violation] = []
        var draft: RequestFields?
        do throws(Violations) {
            draft = try RequestFields(text: text)
        } catch {
            violations += error.all
        }
        var possession: VerifiedSignature?
        do throws(Violations) {
            possession = try Self.verify(
                armor: armor, text: text, publicKey: draft?.publicKey)
        } catch {
            violations += error.all
        }
        guard violations.isEmpty, let draft, let possession else {
            throw Violations(violations)
        }
        self.text = text
        armoredSignature = armor
        id = SHA256Digest(hashing: text)
        authority = draft.authority
        kind = draft.kind
        publicKey = draft.publicKey
        principals = draft.principals
        profile = draft.profile
        validity = draft.validity
        options = draft.options
        created = draft.created
        nonce = draft.nonce
        requester = draft.requester
        purpose = draft.purpose
        renewableUntil = draft.renewableUntil
        self.possession = possession
    }

    /// Two requests are equal where their texts and their signatures are.
    public static func == (left: CertificateRequest, right: CertificateRequest) -> Bool {
        left.text == right.text && left.armoredSignature == right.armoredSignature
    }

    /// Hashes the request's name.
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }

    /// Text and signature in one file, as makers hand it in.
    public var file: [UInt8] { text + armoredSignature }

    private static func split(
        file: [UInt8], signatureFile: [UInt8]?
    ) throws(Violations) -> (text: [UInt8], armor: [UInt8]) {
        let parts = SSHSIG.splitArmor(from: file)
        switch (parts, signatureFile) {
        case (let parts?, nil): return (Array(parts.text), Array(parts.armor))
        case (nil, let signature?): return (file, signature)
        case (.some, .some):
            throw Violations([
                Violation(
                    .requestSignature,
                    "the file holds a signature and a .sig file stands beside it",
                    hint: "hand in one of the two")
            ])
        case (nil, nil):
            let unsigned = Violation(
                .requestSignature, "the request is not signed",
                hint: "sign it with: ssh-keygen -Y sign -f KEY -n \(namespace) FILE")
            var all = [unsigned]
            do throws(Violations) {
                _ = try RequestFields(text: file)
            } catch {
                all = error.all + all
            }
            throw Violations(all)
        }
    }

    private static func verify(
        armor: [UInt8], text: [UInt8], publicKey: PublicKey?
    ) throws(Violations) -> VerifiedSignature {
        let signature: SSHSIG
        do throws(FormatError) {
            signature = try SSHSIG(armored: armor)
        } catch {
            throw Violations([
                Violation(.requestSignature, "the signature cannot be read: \(error)")
            ])
        }
        guard signature.signer.certificate == nil else {
            throw Violations([
                Violation(
                    .requestPossession,
                    "the request is signed with a certificate for "
                        + "\(signature.publicKey.fingerprint), not with the key itself",
                    hint: "sign with the key to be certified: -f KEY, not -f KEY-cert.pub")
            ])
        }
        if let publicKey, signature.publicKey != publicKey {
            throw Violations([
                Violation(
                    .requestPossession,
                    "the request is signed by \(signature.publicKey.fingerprint), not by the key "
                        + "to be certified, \(publicKey.fingerprint)",
                    hint: "sign with the private key that belongs to public-key")
            ])
        }
        do throws(SSHCryptoError) {
            return try signature.verify(message: text, namespace: namespace)
        } catch {
            if case .keyRefused(let fault) = error.reason {
                throw Violations(
                    Violation(
                        .policyKeySanity, fault,
                        hint: "make a new key, as long as the profile asks for, and a new request"))
            }
            throw Violations([
                Violation(
                    .requestPossession,
                    error.reason == .wrongSignature
                        ? "the signature does not hold over this text"
                        : "the signature does not hold: \(error)",
                    hint: "the text was altered after signing, or signed for another purpose; "
                        + "sign it anew with -n \(namespace)")
            ])
        }
    }
}
