// SPDX-License-Identifier: Apache-2.0

import SSHCrypto
public import SSHFormats
public import Token
public import TokenEvidence

extension PIVToken {
    /// The key pairs on the card, by slot, each with what is known of its private key.
    ///
    /// The public key is the one that the card tells; where it tells none, the one that it attests;
    /// else that of the slot's certificate. No login is needed.
    ///
    /// - Throws: ``Token/TokenError`` where the card cannot be asked.
    public nonisolated func keys() async throws(TokenError) -> [TokenKey] {
        try await timed { (token) throws(TokenError) in
            try token.onCard { card throws(TokenError) in
                var keys: [TokenKey] = []
                for slot in PIVSlot.forKeys {
                    if let key = try token.key(card, in: slot) { keys.append(key) }
                }
                return keys
            }
        }
    }

    /// Finds a key pair by its public key.
    ///
    /// - Throws: ``Token/TokenError`` where there is none, or more than one alike, or the certificate
    ///   in the slot is not of this key.
    public nonisolated func find(_ publicKey: PublicKey) async throws(TokenError) -> TokenKey {
        try await timed { (token) throws(TokenError) in
            try token.onCard { card throws(TokenError) in
                try token.findKey(card, publicKey).key
            }
        }
    }

    /// What the card states about the key of a slot by certificates; nil where it states nothing.
    ///
    /// Nothing is verified here.
    ///
    /// - Throws: ``Token/TokenError`` where the card cannot be asked.
    public nonisolated func attestation(
        of slot: PIVSlot
    ) async throws(TokenError) -> AttestationChain? {
        try await timed { (token) throws(TokenError) in
            try token.onCard { card throws(TokenError) in try token.attestation(card, slot) }
        }
    }

    /// The key of a slot as the card tells of it; nil where the slot is empty.
    func key(_ card: PIVApplication, in slot: PIVSlot) throws(TokenError) -> TokenKey? {
        var evidence = KeyEvidence(metadata: KeyMetadata())
        var publicKey: PublicKey?
        switch isExtended ? try card.metadata(slot.rawValue) : .unsupported {
        case .told(let metadata):
            publicKey = metadata.publicKey
            evidence.metadata = metadata.keyMetadata
            guard publicKey != nil else { return nil }
        case .empty:
            return nil
        case .unsupported: break
        }
        evidence.attestation = try attestation(card, slot)
        if publicKey == nil, let certificate = evidence.attestation?.certificates.first {
            publicKey = CertificateKey.key(in: certificate)
            // Firmware before 5.3 tells the policies in this way only.
            if let certificate = try? X509Certificate(der: certificate) {
                let statement = AttestationStatement(certificate)
                evidence.metadata?.pinPolicy = statement.pinPolicy
                evidence.metadata?.touchPolicy = statement.touchPolicy
            }
        }
        if publicKey == nil {
            publicKey = try card.certificate(slot).flatMap(CertificateKey.key)
        }
        return publicKey.map {
            TokenKey(publicKey: $0, evidence: evidence, label: "slot \(slot)", id: [slot.rawValue])
        }
    }

    /// The key of a slot without what is slow to tell; nil where the slot is empty.
    private func publicKey(
        _ card: PIVApplication, in slot: PIVSlot
    ) throws(TokenError) -> (key: PublicKey, metadata: KeyMetadata)? {
        if isExtended {
            switch try card.metadata(slot.rawValue) {
            case .told(let metadata): return metadata.publicKey.map { ($0, metadata.keyMetadata) }
            case .empty: return nil
            case .unsupported: break
            }
        }
        return try key(card, in: slot).map { ($0.publicKey, $0.evidence.metadata ?? KeyMetadata()) }
    }

    /// The key attested by the card, and the device's own certificate.
    func attestation(
        _ card: PIVApplication, _ slot: PIVSlot
    ) throws(TokenError) -> AttestationChain? {
        guard isExtended, let own = try card.attestation(slot) else { return nil }
        let device = try card.certificate(.attestation)
        return AttestationChain(
            slot: slot.rawValue, certificates: [own] + (device.map { [$0] } ?? []))
    }

    /// The one slot with a public key, with everything that is known of the key.
    func findKey(
        _ card: PIVApplication, _ publicKey: PublicKey
    ) throws(TokenError) -> (slot: PIVSlot, key: TokenKey) {
        let slot = try findSlot(card, publicKey).slot
        guard let key = try key(card, in: slot), key.publicKey == publicKey else {
            throw TokenError(.other, "slot \(slot) of \(identity) told of another key than before")
        }
        return (slot, key)
    }

    /// The one slot with a public key, and what is known of it without attestation.
    func findSlot(
        _ card: PIVApplication, _ publicKey: PublicKey
    ) throws(TokenError) -> (slot: PIVSlot, key: TokenKey) {
        var found: [(PIVSlot, KeyMetadata)] = []
        var present: [String] = []
        for slot in PIVSlot.forKeys {
            guard let key = try self.publicKey(card, in: slot) else { continue }
            if key.key == publicKey {
                found.append((slot, key.metadata))
            } else {
                present.append("\(key.key.fingerprint) in slot \(slot)")
            }
        }
        guard let (slot, metadata) = found.first else {
            throw TokenError(
                .keyNotFound,
                "no key \(publicKey.fingerprint) is on \(identity), which holds "
                    + (present.isEmpty ? "no key" : present.joined(separator: ", ")))
        }
        guard found.count == 1 else {
            throw TokenError(
                .ambiguousKey,
                "key \(publicKey.fingerprint) is on \(identity) \(found.count) times: in slots "
                    + found.map(\.0.description).joined(separator: ", "))
        }
        try requireMatchingCertificate(card, slot, publicKey)
        let key = TokenKey(
            publicKey: publicKey, evidence: KeyEvidence(metadata: metadata),
            label: "slot \(slot)", id: [slot.rawValue])
        return (slot, key)
    }

    /// Refuses a slot whose certificate is of another key: somebody mixed things up.
    private func requireMatchingCertificate(
        _ card: PIVApplication, _ slot: PIVSlot, _ publicKey: PublicKey
    ) throws(TokenError) {
        let certificate: [UInt8]?
        do throws(TokenError) {
            certificate = try card.certificate(slot)
        } catch {
            // A packed certificate is looked at by nobody here, and signs nothing.
            guard error.code == .unsupported else { throw error }
            return
        }
        guard let certificate else { return }
        let own = CertificateKey.key(in: certificate)
        guard own == publicKey else {
            throw TokenError(
                .keyMismatch,
                "the certificate in slot \(slot) of \(identity) is not of the key "
                    + "\(publicKey.fingerprint) beside it, but of "
                    + (own.map { "\($0.fingerprint)" } ?? "no key that is known"),
                hint: "remove it: yubico-piv-tool -a delete-certificate -s \(slot)")
        }
    }
}
