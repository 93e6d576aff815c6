// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHCrypto
import SSHFormats

extension SignatureReport {
    /// What is written where a signature is not taken, as ssh-keygen writes it.
    static let couldNot = "Could not verify signature."

    /// The report for a person: the line that ssh-keygen writes, and where the signature was taken
    /// all that it says.
    var lines: [String] {
        guard case .good(let allowed) = verdict else { return [Self.couldNot] }
        let time = UnixTime(seconds: demand.time).text
        let entry = allowed.entry
        var lines = [
            Self.headline(signature, namespace: demand.namespace, identity: demand.identity),
            Self.line(
                "allowed by",
                "line \(entry.line) of \(shownPath(listPath)): "
                    + quoted(entry.principals.description, limit: 256)),
            Self.line("judged for", time),
        ]
        if entry.hasLocalTime {
            lines.append(
                Self.line(
                    "note", "line \(entry.line) has a time without Z, read in this machine's zone"))
        }
        lines += Self.describe(signature, allowed.signature)
        if signature.signer.certificate != nil, !entry.isAuthority {
            lines.append(
                Self.line("note", "it is listed itself: its own time and limits are not asked"))
        }
        lines.append(
            Self.line(
                "revocation",
                revokedPath.map { "not revoked by \(shownPath($0))" }
                    ?? "not looked at; give what is revoked with --revoked"))
        return lines
    }

    /// The line that ssh-keygen writes for a signature that it takes.
    static func headline(_ signature: SSHSIG, namespace: String, identity: String?) -> String {
        let name = identity.map { " for \(shownText($0))" } ?? ""
        let type = signature.signer.shownType
        return "Good \"\(shownText(namespace))\" signature\(name) with \(type) key "
            + signature.publicKey.fingerprint
    }

    /// What a genuine signature says, a line for each thing.
    static func describe(_ signature: SSHSIG, _ verified: VerifiedSignature) -> [String] {
        var lines = [
            line(
                "made by",
                "\(signature.signature.algorithm.rawValue) over \(signature.hashAlgorithm.rawValue)"
            )
        ]
        if let present = verified.userPresent, let user = verified.userVerified {
            let count = verified.counter.map { ", counter \($0)" } ?? ""
            lines.append(
                line(
                    "FIDO token",
                    (present ? "touched" : "NOT touched") + ", user "
                        + (user ? "verified by PIN or finger" : "not verified") + count))
        }
        if let origin = verified.origin {
            lines.append(line("web page", quoted(origin, limit: 256)))
        }
        guard let fields = signature.signer.certificate?.fields else { return lines }
        lines.append(
            line(
                "certificate",
                "key ID \(quoted(fields.keyID, limit: 256)), serial \(fields.serial)"))
        for name in fields.validPrincipals {
            lines.append(line("principal", quoted(name, limit: 256)))
        }
        lines.append(line("valid from", Self.end(fields.validAfter)))
        lines.append(line("valid until", Self.end(fields.validBefore)))
        lines.append(
            line(
                "signed by",
                "\(fields.signatureKey.fingerprint) (\(fields.signatureKey.kind.shortName))"))
        return lines
    }

    /// An end of a certificate's validity: a time in UTC, or that there is none.
    static func end(_ seconds: UInt64) -> String {
        switch seconds {
        case 0: "the beginning of time"
        case .max: "never"
        default: UnixTime(seconds: seconds).text
        }
    }

    /// A line of the report below the first.
    static func line(_ name: String, _ value: String) -> String {
        "  " + name + String(repeating: " ", count: max(1, 14 - name.utf8.count))
            + shownText(value)
    }
}

extension SSHSIG.Signer {
    /// The signer's type as ssh-keygen names it: `ED25519`, `RSA-CERT`.
    fileprivate var shownType: String {
        let name =
            switch publicKey.kind {
            case .rsa: "RSA"
            case .ecdsaP256, .ecdsaP384, .ecdsaP521: "ECDSA"
            case .ed25519: "ED25519"
            case .skECDSA: "ECDSA-SK"
            case .skEd25519: "ED25519-SK"
            case .mldsa44Ed25519: "MLDSA44-ED25519"
            }
        return certificate == nil ? name : "\(name)-CERT"
    }
}
