// SPDX-License-Identifier: Apache-2.0

import SSHCrypto
import SSHFormats
public import Token
import TokenEvidence

extension PIVToken {
    /// Makes a key pair in an empty slot, and tries it.
    ///
    /// Before it come ``authenticate(_:)`` and a login. Nothing but the key is written: software that
    /// wants a certificate beside it must bring one.
    ///
    /// - Throws: ``Token/TokenError`` where the slot is taken, the card makes no such key, what is
    ///   read back is at fault, or a test signature does not verify. In the last two cases the key is
    ///   still there, and the hint says how to remove it.
    public nonisolated func generate(_ request: KeyRequest) async throws(TokenError) -> TokenKey {
        guard let slot = request.slot, slot != .attestation else {
            throw TokenError(
                .unsupported, "a key on a PIV card needs a slot",
                hint: "name one of 9a, 9c, 9d, 9e, 82 to 95")
        }
        guard let algorithm = PIVAlgorithm(request.kind) else {
            throw TokenError(.unsupported, "a PIV card makes no key of kind \(request.kind)")
        }
        guard isExtended || (request.pinPolicy == nil && request.touchPolicy == nil) else {
            throw TokenError(
                .unsupported, "\(identity) knows no PIN or touch policy of a key",
                hint: "leave the policies out; the slot decides when the PIN is wanted")
        }
        return try await timed { (token) throws(TokenError) in
            try token.generate(request, algorithm, slot)
        }
    }

    private func generate(
        _ request: KeyRequest, _ algorithm: PIVAlgorithm, _ slot: PIVSlot
    ) throws(TokenError) -> TokenKey {
        let publicKey = try onCard { card throws(TokenError) in
            if (request.pinPolicy ?? slot.standardPINPolicy) != .never { try ensureLogin(card) }
            try requireEmpty(card, slot)
            try showManagementKey(card)
            return try card.generate(algorithm, slot, request.pinPolicy, request.touchPolicy)
        }
        do throws(TokenError) {
            return try tryOut(request, publicKey, slot)
        } catch {
            throw TokenError(
                error.code, "the new key in slot \(slot) is refused: \(error.detail)",
                operation: error.operation, status: error.status, statusName: error.statusName,
                triesLeft: error.triesLeft,
                hint: "the key is still there; to remove it, make another one in slot \(slot) with "
                    + "yubico-piv-tool -a generate, or reset the application")
        }
    }

    /// Refuses a slot in which anything is: what is made there takes its place for ever.
    private func requireEmpty(_ card: PIVApplication, _ slot: PIVSlot) throws(TokenError) {
        let hint = "choose another slot; nothing is ever overwritten"
        switch isExtended ? try card.metadata(slot.rawValue) : .unsupported {
        case .told(let metadata):
            let name = metadata.publicKey?.fingerprint ?? "that SSH has no form for"
            throw TokenError(
                .slotTaken, "slot \(slot) of \(identity) holds the key \(name)", hint: hint)
        case .empty: break
        case .unsupported:
            // What was imported without a certificate cannot be known here.
            if let key = try key(card, in: slot) {
                throw TokenError(
                    .slotTaken,
                    "slot \(slot) of \(identity) holds the key \(key.publicKey.fingerprint)",
                    hint: hint)
            }
        }
        guard try card.object(.certificate(slot)) == nil else {
            throw TokenError(
                .slotTaken,
                "slot \(slot) of \(identity) holds a certificate, and no key that is told",
                hint: "choose another slot, or remove it: "
                    + "yubico-piv-tool -a delete-certificate -s \(slot)")
        }
    }

    /// Reads the new key back, demands that nothing is at fault, and has it sign.
    private func tryOut(
        _ request: KeyRequest, _ publicKey: PublicKey, _ slot: PIVSlot
    ) throws(TokenError) -> TokenKey {
        let sanity = publicKey.sanityFaults()
        guard sanity.isEmpty else {
            throw TokenError(.attributeFault, sanity.joined(separator: "; "))
        }
        return try onCard { card throws(TokenError) in
            var key = TokenKey(
                publicKey: publicKey, evidence: KeyEvidence(metadata: KeyMetadata()),
                label: "slot \(slot)", id: [slot.rawValue])
            if isExtended, let told = try self.key(card, in: slot) {
                guard told.publicKey == publicKey else {
                    throw TokenError(.keyMismatch, "the card tells of another key than it made")
                }
                key = told
            }
            try requireAsAsked(key, request)
            try key.requireNoFaults(on: identity)
            let ready = try SlotKey(slot, key)
            let message = Array("conclave: first signature of a new key\n".utf8) + Self.random(32)
            let input = try SigningInput.bytes(for: message, publicKey)
            let signature = try signRecovering(card, input, ready).signature(for: publicKey)
            do throws(SSHCryptoError) {
                try ready.verification.verify(signature, over: message)
            } catch {
                throw TokenError(.wrongSignature, "its first signature is wrong: \(error)")
            }
            return key
        }
    }

    /// Refuses a key whose policies are not those that were asked for.
    private func requireAsAsked(_ key: TokenKey, _ request: KeyRequest) throws(TokenError) {
        let told = key.evidence.metadata ?? KeyMetadata()
        if let asked = request.pinPolicy, let made = told.pinPolicy, made != asked {
            throw TokenError(.attributeFault, "its PIN policy is \(made), not \(asked)")
        }
        if let asked = request.touchPolicy, let made = told.touchPolicy, made != asked {
            throw TokenError(.attributeFault, "its touch policy is \(made), not \(asked)")
        }
    }

    /// Random bytes of the system's.
    static func random(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: .min ... .max) }
    }
}
