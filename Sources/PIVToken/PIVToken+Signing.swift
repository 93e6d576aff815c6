// SPDX-License-Identifier: Apache-2.0

import SSHCrypto
public import SSHFormats
public import Token
import TokenEvidence

extension PIVToken {
    /// Finds a certificate authority's key and makes ready to sign with it.
    ///
    /// - Throws: ``Token/TokenError`` where the key is not there once, something is at fault with it,
    ///   or the card cannot sign with it as SSH needs it.
    public nonisolated func prepare(_ key: PublicKey) async throws(TokenError) {
        try await timed { (token) throws(TokenError) in
            _ = try token.authorityKey(key)
        }
    }

    /// Signs whole messages with a certificate authority's key; one SSH signature for each.
    ///
    /// Every signature is verified with the key before it leaves. Where the card lost its login to
    /// another program, the PIN is verified again, once.
    ///
    /// - Throws: ``Token/TokenError`` at the first message that is not signed.
    public nonisolated func sign(
        _ messages: [[UInt8]], with key: PublicKey
    ) async throws(TokenError) -> [Signature] {
        try await timed { (token) throws(TokenError) in
            try token.sign(messages, try token.authorityKey(key))
        }
    }

    /// Signs whole messages for a caller who verifies each signature himself.
    ///
    /// - Throws: ``Token/TokenError`` at the first message that is not signed.
    public nonisolated func signUnverified(
        _ messages: [[UInt8]], with key: PublicKey
    ) async throws(TokenError) -> [UnverifiedSignature] {
        try await timed { (token) throws(TokenError) in
            var made: [UnverifiedSignature] = []
            made.reserveCapacity(messages.count)
            try token.sign(messages, try token.authorityKey(key)) {
                (signature, _) throws(TokenError) in
                made.append(UnverifiedSignature(signature))
            }
            return made
        }
    }

    /// Signs a text with an officer's key on this card, as `ssh-keygen -Y sign` would.
    ///
    /// The key need not be one that a certificate authority may have: how officers keep their keys
    /// is for the roster. The signature is verified before it is handed out.
    ///
    /// - Throws: ``Token/TokenError`` where the key is not there once, or the signature is wrong.
    public nonisolated func approvalSignature(
        over message: [UInt8], namespace: String, key: PublicKey
    ) async throws(TokenError) -> SSHSIG {
        let data = SSHSIG.signedData(
            namespace: namespace, hashAlgorithm: .sha512, messageHash: sha512(message))
        let signatures = try await timed { (token) throws(TokenError) in
            try token.sign([data], try token.slotKey(key))
        }
        do {
            guard let signature = signatures.first else { throw SSHCryptoError(.wrongSignature) }
            let approval = try SSHSIG(
                publicKey: key, namespace: namespace, hashAlgorithm: .sha512, signature: signature)
            _ = try approval.verify(message: message, namespace: namespace)
            return approval
        } catch {
            throw TokenError(.wrongSignature, "signature of \(identity) is refused: \(error)")
        }
    }

    /// The key, from memory or from the card, if it may sign certificates.
    private func authorityKey(_ key: PublicKey) throws(TokenError) -> SlotKey {
        let slotKey = try slotKey(key)
        if !slotKey.faults.isEmpty { try slotKey.key.requireNoFaults(on: identity) }
        return slotKey
    }

    /// The key, from memory or from the card.
    private func slotKey(_ key: PublicKey) throws(TokenError) -> SlotKey {
        if let known = signingKeys[key] { return known }
        let found = try onCard { card throws(TokenError) in try findSlot(card, key) }
        let slotKey = try SlotKey(found.slot, found.key)
        signingKeys[key] = slotKey
        return slotKey
    }

    /// The signatures over all messages, verified.
    private func sign(
        _ messages: [[UInt8]], _ key: SlotKey
    ) throws(TokenError) -> [Signature] {
        let check = HeldSignatures(key.verification, on: identity, count: messages.count)
        try sign(messages, key) { (signature, message) throws(TokenError) in
            try check.add(signature, over: message)
        }
        do throws(TokenError) {
            return try check.finish()
        } catch {
            signingKeys[key.key.publicKey] = nil
            throw error
        }
    }

    /// Signs all messages, one after the other, and hands out each signature as it comes.
    private func sign(
        _ messages: [[UInt8]], _ key: SlotKey,
        _ handOut: (Signature, [UInt8]) throws(TokenError) -> Void
    ) throws(TokenError) {
        // What the card cannot take is said before the first command goes to it.
        var inputs: [[UInt8]] = []
        inputs.reserveCapacity(messages.count)
        for message in messages {
            inputs.append(try SigningInput.bytes(for: message, key.key.publicKey))
        }
        do throws(TokenError) {
            // A PIN goes to the PIV application and to no other: where each signature wants it, the
            // application is selected anew for each group.
            try onCard(selecting: key.wantsPINEachTime) { card throws(TokenError) in
                for (message, input) in zip(messages, inputs) {
                    try handOut(try signature(card, input, key.key.publicKey), message)
                }
            }
        } catch {
            signingKeys[key.key.publicKey] = nil
            throw error
        }
    }

    /// One signature, as the card gave it.
    private func signature(
        _ card: PIVApplication, _ input: [UInt8], _ publicKey: PublicKey
    ) throws(TokenError) -> Signature {
        guard let key = signingKeys[publicKey] else {
            throw TokenError(.keyNotFound, "key \(publicKey.fingerprint) is not ready")
        }
        return try signRecovering(card, input, key).signature(for: publicKey)
    }

    /// Makes one signature of the card, a second time where another program took the login away.
    func signRecovering(
        _ card: PIVApplication, _ input: [UInt8], _ key: SlotKey
    ) throws(TokenError) -> RawSignature {
        switch try attempt(card, input, key) {
        case .success(let bytes): return try raw(bytes, key)
        case .failure(let refusal):
            guard refusal.status.mayComeOfAnotherApplication else {
                throw refused(key, refusal.status)
            }
            if refusal.status == .securityStatus { try refuseMissingTouch(card, key) }
        }
        card.isDisturbed = true
        try select(card)
        if isExtended, case .told(let metadata) = try card.metadata(key.slot.rawValue),
            metadata.publicKey != key.key.publicKey
        {
            throw TokenError(
                .keyMismatch, "slot \(key.slot) of \(identity) holds another key than before")
        }
        switch try attempt(card, input, key) {
        case .success(let bytes):
            if key.key.evidence.metadata?.pinPolicy == nil, key.pinPolicy == .once {
                // A card that does not tell, and wants the PIN each time: it will next time as well.
                signingKeys[key.key.publicKey]?.pinPolicy = .always
            }
            return try raw(bytes, key)
        case .failure(let refusal):
            if refusal.status == .securityStatus { try refuseMissingTouch(card, key) }
            throw refused(key, refusal.status)
        }
    }

    private func attempt(
        _ card: PIVApplication, _ input: [UInt8], _ key: SlotKey
    ) throws(TokenError) -> Result<[UInt8], PIVApplication.SignatureRefused> {
        if key.wantsPINEachTime {
            guard let pin else { throw notLoggedIn() }
            if isPINDoubtful { try refuseHopelessTry(card, false) }
            try verify(card, pin)
        } else if key.pinPolicy != .never {
            try ensureLogin(card)
        }
        return try card.sign(input, key.algorithm, key.slot, key.waitsFor)
    }

    /// Where the card refuses although the PIN is verified, it was a touch that did not come.
    private func refuseMissingTouch(_ card: PIVApplication, _ key: SlotKey) throws(TokenError) {
        guard key.touchPolicy != .never else { return }
        if key.pinPolicy != .never {
            guard case .verified = try card.pinState() else { return }
        }
        throw TokenError(
            .timedOut, "\(identity) was not touched in time",
            operation: Instruction.authenticate.name,
            status: UInt(StatusWord.securityStatus.rawValue),
            statusName: StatusWord.securityStatus.meaning,
            hint: "touch it while it blinks")
    }

    private func refused(_ key: SlotKey, _ status: StatusWord) -> TokenError {
        PIVApplication.refusal(
            .authenticate, status, "\(identity) did not sign with the key in slot \(key.slot)")
    }

    /// The signature in the bytes that SSH wants.
    private func raw(_ bytes: [UInt8], _ key: SlotKey) throws(TokenError) -> RawSignature {
        guard let curve = key.algorithm.curve else { return RawSignature(bytes) }
        guard let sides = ECDSASignature.sides(bytes, curve) else {
            throw TokenError(
                .wrongSignature,
                "\(identity) gave \(bytes.count) bytes that are no ECDSA signature in DER")
        }
        return RawSignature(sides)
    }
}
