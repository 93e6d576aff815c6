// SPDX-License-Identifier: Apache-2.0
public import SSHFormats

extension AllowedSigners {
    /// Verifies that somebody who may sign so signed the message of this hash.
    ///
    /// The rules are those of `ssh-keygen -Y verify`, and more; `Docs/Formats/Signature.md` has the
    /// differences with their reasons.
    ///
    /// - Throws: ``SignatureRefusal``: where the signature is not genuine that alone, else everything.
    public func verify(
        _ signature: SSHSIG, messageHash: [UInt8], demand: SignatureDemand,
        revoked: RevokedKeys? = nil
    ) throws(SignatureRefusal) -> AllowedSignature {
        let verified: VerifiedSignature
        do throws(SSHCryptoError) {
            verified = try signature.verify(messageHash: messageHash, namespace: demand.namespace)
        } catch {
            throw SignatureRefusal([.init(.signature(error))])
        }
        var faults = Self.touchFaults(verified, signature.signer, demand)
        if let certificate = signature.signer.certificate {
            faults += Self.faults(of: certificate.fields, at: demand.time)
        }
        if let reason = revoked?.reason(for: signature.signer) {
            faults.append(.init(.revoked(reason)))
        }
        let entry: Entry
        do throws(SignatureRefusal) {
            entry = try self.entry(allowing: signature.signer, demand)
        } catch {
            throw SignatureRefusal(faults + error.faults)
        }
        guard faults.isEmpty else { throw SignatureRefusal(faults) }
        return AllowedSignature(entry, verified)
    }

    /// What the signature lacks of touch and PIN.
    private static func touchFaults(
        _ verified: VerifiedSignature, _ signer: SSHSIG.Signer, _ demand: SignatureDemand
    ) -> [SignatureRefusal.Fault] {
        var faults: [SignatureRefusal.Fault] = []
        let fields = signer.certificate?.fields
        let isLetOff = fields?.extensions.contains(.noTouchRequired) ?? false
        if demand.requiresUserPresence, !isLetOff, verified.userPresent == false {
            faults.append(.init(.userPresenceMissing))
        }
        let certificateAsks = fields?.criticalOptions.contains(.verifyRequired) ?? false
        if demand.requiresUserVerification || certificateAsks, verified.userVerified != true {
            let why = demand.requiresUserVerification ? "" : ", which the certificate demands"
            faults.append(
                .init(
                    .userVerificationMissing(
                        verified.userVerified == nil
                            ? "key is in no FIDO token, so that nobody verified the user\(why)"
                            : "FIDO token signed without user verification\(why)")))
        }
        return faults
    }

    /// What speaks against a certificate as a signer, wherever it is allowed.
    static func faults(of fields: CertificateFields, at time: UInt64) -> [SignatureRefusal.Fault] {
        var faults: [String] = []
        if fields.kind != .user {
            faults.append("it is a \(fields.kind.name)'s, and only a user's may sign")
        }
        if time < fields.validAfter {
            faults.append(
                "it is not valid before \(text(fields.validAfter)), the time is \(text(time))")
        } else if time >= fields.validBefore {
            faults.append("it ended at \(text(fields.validBefore)), the time is \(text(time))")
        }
        for option in fields.criticalOptions {
            switch option {
            case .forceCommand, .sourceAddress:
                faults.append("it is for logins with \(option.name) only")
            case .verifyRequired: break
            }
        }
        return faults.map { .init(.certificate($0)) }
    }

    /// The first line that allows the signer to sign so.
    private func entry(
        allowing signer: SSHSIG.Signer, _ demand: SignatureDemand
    ) throws(SignatureRefusal) -> Entry {
        var faults: [SignatureRefusal.Fault] = []
        for entry in entries
        where entry.holds(signer) && entry.principals.matches(demand.identity) {
            let reasons = entry.faults(signer, demand)
            if reasons.isEmpty { return entry }
            faults += reasons.map { .init(.notAllowed($0), line: entry.line) }
        }
        guard faults.isEmpty else { throw SignatureRefusal(faults) }
        throw SignatureRefusal([
            .init(
                .notAllowed(
                    "no line allows \(Self.text(signer)) to sign as "
                        + demand.identity.debugDescription))
        ])
    }

    private static func text(_ time: UInt64) -> String { CivilTime.text(secondsInUTC: time) }

    private static func text(_ signer: SSHSIG.Signer) -> String {
        guard let certificate = signer.certificate else {
            return "key \(signer.publicKey.fingerprint)"
        }
        return "the certificate for key \(signer.publicKey.fingerprint) by "
            + certificate.fields.signatureKey.fingerprint
    }
}

extension AllowedSigners.Entry {
    /// Whether the line is about a signer: it is listed itself, or is a certificate by the authority
    /// that is listed.
    func holds(_ signer: SSHSIG.Signer) -> Bool {
        guard isAuthority else { return signer == self.signer }
        return signer.certificate?.fields.signatureKey == self.signer.publicKey
    }

    /// Why the line, which is about the signer and the identity, does not allow it to sign so.
    fileprivate func faults(_ signer: SSHSIG.Signer, _ demand: SignatureDemand) -> [String] {
        var faults: [String] = []
        if isAuthority, let fields = signer.certificate?.fields,
            !fields.validPrincipals.contains(where: {
                $0.utf8.elementsEqual(demand.identity.utf8)
            })
        {
            faults.append("certificate is not for \(demand.identity.debugDescription)")
        }
        if !allows(namespace: demand.namespace) {
            faults.append("key is not for namespace \(demand.namespace.debugDescription)")
        }
        if let validAfter, demand.time < validAfter {
            faults.append(
                "key is not valid before \(CivilTime.text(secondsInUTC: validAfter)), the time is "
                    + CivilTime.text(secondsInUTC: demand.time))
        }
        if let validBefore, demand.time > validBefore {
            faults.append(
                "key was last valid at \(CivilTime.text(secondsInUTC: validBefore)), the time is "
                    + CivilTime.text(secondsInUTC: demand.time))
        }
        return faults
    }
}
