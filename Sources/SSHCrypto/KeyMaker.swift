// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Synchronization

/// What makes libcrypto's keys of one type out of their numbers, found once.
///
/// libcrypto looks for it by its name, which takes longer than the making. One thread at a time uses
/// the context that has found it; who finds another at work makes a new one.
@safe final class KeyMaker: @unchecked Sendable {
    private let type: String
    private let context: OpaquePointer
    private let turn = Mutex(())

    /// Makes keys of the type that libcrypto has under this name.
    ///
    /// - Throws: ``SSHCryptoError`` where it has none.
    init(_ type: String) throws(SSHCryptoError) {
        let mark = ErrorMark()
        let context = unsafe EVP_PKEY_CTX_new_from_name(LibraryContext.shared.pointer, type, nil)
        guard let context = unsafe context else { throw mark.failure("EVP_PKEY_CTX_new_from_name") }
        self.type = type
        unsafe self.context = context
        guard unsafe EVP_PKEY_fromdata_init(context) == 1 else {
            throw mark.failure("EVP_PKEY_fromdata_init")
        }
        mark.forget()
    }

    deinit { unsafe EVP_PKEY_CTX_free(context) }

    /// The public key of these numbers, which the caller frees.
    ///
    /// - Throws: ``SSHCryptoError`` where libcrypto does not take them.
    func key(of parameters: inout KeyParameters) throws(SSHCryptoError) -> OpaquePointer {
        let mark = ErrorMark()
        var key: OpaquePointer?
        let made = unsafe parameters.withPointer { parameters in
            turn.withLockIfAvailable { _ in
                unsafe EVP_PKEY_fromdata(context, &key, publicKeySelection, parameters)
            }
        }
        guard let made else {
            mark.forget()
            return unsafe try KeyMaker(type).key(of: &parameters)
        }
        guard made == 1, let key = unsafe key else { throw mark.failure("EVP_PKEY_fromdata") }
        mark.forget()
        return unsafe key
    }
}

/// The types of keys that libcrypto makes for us.
enum KeyType {
    case rsa, ec, ed25519

    /// What makes keys of the type.
    var maker: Result<KeyMaker, SSHCryptoError> {
        switch self {
        case .rsa: Self.rsaMaker
        case .ec: Self.ecMaker
        case .ed25519: Self.ed25519Maker
        }
    }

    private static let rsaMaker = made("RSA")
    private static let ecMaker = made("EC")
    private static let ed25519Maker = made("ED25519")

    private static func made(_ name: String) -> Result<KeyMaker, SSHCryptoError> {
        Result { () throws(SSHCryptoError) in try KeyMaker(name) }
    }
}

/// `EVP_PKEY_PUBLIC_KEY`, a macro of macros that Swift does not see.
private let publicKeySelection =
    OSSL_KEYMGMT_SELECT_ALL_PARAMETERS | OSSL_KEYMGMT_SELECT_PUBLIC_KEY
