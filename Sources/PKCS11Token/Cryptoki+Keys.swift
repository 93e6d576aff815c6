// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import Token

// What is done with keys.
extension Cryptoki {
    /// The room for a signature, in bytes: the longest, RSA's, is as long as its modulus.
    private static let signatureRoom = 2048

    /// Calls `C_SignInit` for a mechanism without parameter.
    func signInit(
        _ session: CK_SESSION_HANDLE, _ mechanism: CK_MECHANISM_TYPE, _ key: CK_OBJECT_HANDLE
    ) throws(TokenError) {
        let function = try unsafe entry("C_SignInit", list.pointee.C_SignInit)
        var choice = unsafe CK_MECHANISM(
            mechanism: mechanism, pParameter: nil, ulParameterLen: 0)
        try Self.check("C_SignInit", unsafe function(session, &choice, key))
    }

    /// Calls `C_Sign`, with room enough at once.
    func sign(
        _ session: CK_SESSION_HANDLE, _ data: [UInt8]
    ) throws(TokenError) -> [UInt8] {
        let function = try unsafe entry("C_Sign", list.pointee.C_Sign)
        var value = CKR_OK
        let signature = unsafe [UInt8](unsafeUninitializedCapacity: Self.signatureRoom) {
            buffer, count in
            var length = CK_ULONG(buffer.count)
            value = unsafe function(
                session, data, CK_ULONG(data.count), buffer.baseAddress, &length)
            count = value == CKR_OK ? Int(min(length, CK_ULONG(buffer.count))) : 0
        }
        try Self.check("C_Sign", value)
        return signature
    }

    /// Calls `C_GenerateKeyPair` for a mechanism without parameter; the two handles.
    func generateKeyPair(
        _ session: CK_SESSION_HANDLE, _ mechanism: CK_MECHANISM_TYPE,
        publicTemplate: AttributeTemplate, privateTemplate: AttributeTemplate
    ) throws(TokenError) -> (publicKey: CK_OBJECT_HANDLE, privateKey: CK_OBJECT_HANDLE) {
        let function = try unsafe entry("C_GenerateKeyPair", list.pointee.C_GenerateKeyPair)
        var choice = unsafe CK_MECHANISM(
            mechanism: mechanism, pParameter: nil, ulParameterLen: 0)
        var publicKey: CK_OBJECT_HANDLE = 0
        var privateKey: CK_OBJECT_HANDLE = 0
        let value = unsafe publicTemplate.withAttributes { publicList, publicCount in
            unsafe privateTemplate.withAttributes { privateList, privateCount in
                unsafe function(
                    session, &choice, publicList, publicCount, privateList, privateCount,
                    &publicKey, &privateKey)
            }
        }
        try Self.check("C_GenerateKeyPair", value)
        return (publicKey, privateKey)
    }

    /// Calls `C_GenerateRandom`.
    func random(_ session: CK_SESSION_HANDLE, count: Int) throws(TokenError) -> [UInt8] {
        let function = try unsafe entry("C_GenerateRandom", list.pointee.C_GenerateRandom)
        var bytes = [UInt8](repeating: 0, count: count)
        try Self.check("C_GenerateRandom", unsafe function(session, &bytes, CK_ULONG(count)))
        return bytes
    }
}
