// SPDX-License-Identifier: Apache-2.0

import CPKCS11

/// A way of a token to make keys or signatures.
public struct PKCS11Mechanism: Hashable, Sendable {
    /// The `CKM` number.
    public let type: UInt
    /// The smallest key, in bits for RSA and elliptic curves; a token may not say.
    public let minimumKeySize: UInt
    /// The largest key.
    public let maximumKeySize: UInt
    /// The `CKF` flags of the mechanism, as the module gave them.
    public let flags: UInt

    init(_ type: CK_MECHANISM_TYPE, _ information: CK_MECHANISM_INFO) {
        self.type = type
        minimumKeySize = information.ulMinKeySize
        maximumKeySize = information.ulMaxKeySize
        flags = information.flags
    }

    /// Whether the token signs so.
    public var signs: Bool { flags & CKF_SIGN != 0 }

    /// Whether the token makes key pairs so.
    public var generatesKeyPairs: Bool { flags & CKF_GENERATE_KEY_PAIR != 0 }

    /// The name of a mechanism that Conclave uses; of others, the number.
    public var name: String {
        switch type {
        case CKM_RSA_PKCS_KEY_PAIR_GEN: "CKM_RSA_PKCS_KEY_PAIR_GEN"
        case CKM_RSA_PKCS: "CKM_RSA_PKCS"
        case CKM_EC_KEY_PAIR_GEN: "CKM_EC_KEY_PAIR_GEN"
        case CKM_ECDSA: "CKM_ECDSA"
        case CKM_EC_EDWARDS_KEY_PAIR_GEN: "CKM_EC_EDWARDS_KEY_PAIR_GEN"
        case CKM_EDDSA: "CKM_EDDSA"
        default: "0x\(String(type, radix: 16))"
        }
    }
}
