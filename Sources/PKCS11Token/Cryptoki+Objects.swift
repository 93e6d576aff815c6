// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import Token

// Objects that are no keys.
extension Cryptoki {
    /// Calls `C_CreateObject`.
    func create(
        _ session: CK_SESSION_HANDLE, _ template: AttributeTemplate
    ) throws(TokenError) -> CK_OBJECT_HANDLE {
        let function = try unsafe entry("C_CreateObject", list.pointee.C_CreateObject)
        var object: CK_OBJECT_HANDLE = 0
        let value = unsafe template.withAttributes { attributes, count in
            unsafe function(session, attributes, count, &object)
        }
        try Self.check("C_CreateObject", value)
        return object
    }

    /// Calls `C_DestroyObject`.
    func destroy(
        _ session: CK_SESSION_HANDLE, _ object: CK_OBJECT_HANDLE
    ) throws(TokenError) {
        let function = try unsafe entry("C_DestroyObject", list.pointee.C_DestroyObject)
        try Self.check("C_DestroyObject", function(session, object))
    }
}
