// SPDX-License-Identifier: Apache-2.0
import CPKCS11
public import Token

/// A slot of a module: a place for a token, and the token in it.
public struct PKCS11Slot: Sendable {
    /// The module's number for the slot; it may change from one start to the next.
    public let id: UInt
    /// What the module calls the slot: for a reader, its name.
    public let name: String
    /// The token in the slot; nil where there is none that the module recognises.
    public let token: PKCS11TokenInformation?
    /// Why the token could not be asked, where it could not.
    public let fault: TokenError?

    init(_ id: CK_SLOT_ID, of cryptoki: Cryptoki) throws(TokenError) {
        self.id = id
        let information = try cryptoki.slotInformation(id)
        name = fixedText(information.slotDescription)
        guard information.flags & CKF_TOKEN_PRESENT != 0 else {
            token = nil
            fault = nil
            return
        }
        do throws(TokenError) {
            let information = try retryOnce { () throws(TokenError) in
                try cryptoki.tokenInformation(id)
            }
            token = PKCS11TokenInformation(information)
            fault = nil
        } catch {
            token = nil
            let isEmpty =
                error.status == CKR_TOKEN_NOT_PRESENT || error.status == CKR_TOKEN_NOT_RECOGNIZED
            fault = isEmpty ? nil : error
        }
    }
}

extension CK_VERSION {
    /// The version as people write it.
    var text: String { "\(major).\(minor)" }
}
