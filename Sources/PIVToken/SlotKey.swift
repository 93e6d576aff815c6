// SPDX-License-Identifier: Apache-2.0

import SSHCrypto
import SSHFormats
import Token
import TokenEvidence

/// A private key in a slot, found and ready: no command but those that sign is left to send.
struct SlotKey {
    let slot: PIVSlot
    let algorithm: PIVAlgorithm
    let key: TokenKey
    let faults: [String]
    /// What every signature is verified with before it leaves.
    let verification: VerificationKey
    /// When the key wants the PIN; where the card does not tell, what the slot is made for.
    var pinPolicy: PINPolicy
    let touchPolicy: TouchPolicy

    init(_ slot: PIVSlot, _ key: TokenKey) throws(TokenError) {
        guard let algorithm = PIVAlgorithm(key.publicKey) else {
            throw TokenError(
                .unsupported,
                "key in slot \(slot) of kind \(key.publicKey.kind.shortName) and "
                    + "\(key.publicKey.bitSize) bits is not one to sign with")
        }
        do throws(SSHCryptoError) {
            verification = try VerificationKey(key.publicKey)
        } catch {
            throw TokenError(.attributeFault, "key in slot \(slot) is not sound: \(error)")
        }
        self.slot = slot
        self.key = key
        self.algorithm = algorithm
        faults = key.evidence.faults
        pinPolicy = key.evidence.metadata?.pinPolicy ?? slot.standardPINPolicy
        touchPolicy = key.evidence.metadata?.touchPolicy ?? .never
    }

    /// Whether the PIN is wanted before each signature.
    var wantsPINEachTime: Bool { pinPolicy == .always || pinPolicy == .matchAlways }

    /// What a signature may wait for.
    var waitsFor: CallWatch.Kind {
        switch touchPolicy {
        case .never: .signature
        case .always: .touch
        case .cached: .perhapsTouch
        }
    }
}

extension PIVSlot {
    /// When the standard wants the PIN for the slot's key, SP 800-73-4 part 1 table 5.
    var standardPINPolicy: PINPolicy {
        switch self {
        case .signature: .always
        case .cardAuthentication: .never
        default: .once
        }
    }
}
