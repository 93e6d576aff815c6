// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// The library context of libcrypto in which all of this module's work is done.
///
/// It is our own, so neither the system's `openssl.cnf` nor an engine or provider that a PKCS#11
/// module brings into the process takes part: hashes and verdicts come from libcrypto's own
/// default provider. A context may be shared by threads.
@safe final class LibraryContext: @unchecked Sendable {
    /// The one context.
    static let shared = LibraryContext()

    /// The context itself; valid as long as this object.
    let pointer: OpaquePointer

    private init() {
        guard let context = unsafe OSSL_LIB_CTX_new() else {
            // Before any input is read: the process has no memory left for a single hash.
            fatalError("libcrypto cannot make a library context")
        }
        unsafe pointer = context
    }

    deinit { unsafe OSSL_LIB_CTX_free(pointer) }
}
