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
        var faults: [SignatureRefusal.Fault] = []
        if let reason = revoked?.reason(for: signature.signer) {
            faults.append(.init(.revoked(reason)))
        }
        let entry: Entry
        do throws(SignatureRefusal) {
            entry = try self.entry(allowing: signature.signer, verified, demand)
        } catch {
            throw SignatureRefusal(faults + error.faults)
        }
        guard faults.isEmpty else { throw SignatureRefusal(faults) }
        return AllowedSignature(entry, verified)
    }

    /// The first line that allows the signer to sign so.
    private func entry(
        allowing signer: SSHSIG.Signer, _ verified: VerifiedSignature, _ demand: SignatureDemand
    ) throws(SignatureRefusal) -> Entry {
        var faults: [SignatureRefusal.Fault] = []
        for entry in entries
        where entry.holds(signer) && entry.principals.matches(demand.identity) {
            let found = entry.faults(signer, verified, demand)
            if found.isEmpty { return entry }
            faults += found
        }
        guard faults.isEmpty else { throw SignatureRefusal(faults) }
        throw SignatureRefusal([
            .init(
                .notAllowed(
                    "no line allows \(Self.text(signer)) to sign as "
                        + demand.identity.debugDescription))
        ])
    }

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

    /// The certificate as which the line takes a signer that it is about; nil where it lists the
    /// signer itself: then it alone says who may sign and when, and nobody's certificate is asked.
    func certificate(of signer: SSHSIG.Signer) -> CertificateFields? {
        isAuthority ? signer.certificate?.fields : nil
    }

    /// Why the line, which is about the signer and the identity, does not allow it to sign so.
    fileprivate func faults(
        _ signer: SSHSIG.Signer, _ verified: VerifiedSignature, _ demand: SignatureDemand
    ) -> [SignatureRefusal.Fault] {
        let fields = certificate(of: signer)
        var faults = Self.touchFaults(verified, fields, demand)
        faults += fields?.signerFaults(at: demand.time) ?? []
        var reasons: [String] = []
        if let fields,
            !fields.validPrincipals.contains(where: {
                $0.utf8.elementsEqual(demand.identity.utf8)
            })
        {
            reasons.append("certificate is not for \(demand.identity.debugDescription)")
        }
        if !allows(namespace: demand.namespace) {
            reasons.append("key is not for namespace \(demand.namespace.debugDescription)")
        }
        let time = CivilTime.text(secondsInUTC: demand.time)
        if let validAfter, demand.time < validAfter {
            reasons.append(
                "key is not valid before \(CivilTime.text(secondsInUTC: validAfter)), the time is "
                    + time)
        }
        if let validBefore, demand.time > validBefore {
            reasons.append(
                "key was last valid at \(CivilTime.text(secondsInUTC: validBefore)), the time is "
                    + time)
        }
        return faults + reasons.map { .init(.notAllowed($0), line: line) }
    }

    /// What the signature lacks of touch and PIN.
    private static func touchFaults(
        _ verified: VerifiedSignature, _ fields: CertificateFields?, _ demand: SignatureDemand
    ) -> [SignatureRefusal.Fault] {
        var faults: [SignatureRefusal.Fault] = []
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
}
