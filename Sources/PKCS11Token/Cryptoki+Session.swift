// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import Token

// Sessions, login, objects.
extension Cryptoki {
    /// Calls `C_OpenSession`.
    func openSession(
        _ slot: CK_SLOT_ID, writable: Bool
    ) throws(TokenError) -> CK_SESSION_HANDLE {
        let function = try unsafe entry("C_OpenSession", list.pointee.C_OpenSession)
        let flags = CKF_SERIAL_SESSION | (writable ? CKF_RW_SESSION : 0)
        var session: CK_SESSION_HANDLE = 0
        try Self.check("C_OpenSession", unsafe function(slot, flags, nil, nil, &session))
        return session
    }

    /// Calls `C_CloseSession`.
    func closeSession(_ session: CK_SESSION_HANDLE) throws(TokenError) {
        let function = try unsafe entry("C_CloseSession", list.pointee.C_CloseSession)
        try Self.check("C_CloseSession", function(session))
    }

    /// Calls `C_GetSessionInfo`; whether the user is logged in.
    func isLoggedIn(_ session: CK_SESSION_HANDLE) throws(TokenError) -> Bool {
        let function = try unsafe entry("C_GetSessionInfo", list.pointee.C_GetSessionInfo)
        var information = CK_SESSION_INFO()
        try Self.check("C_GetSessionInfo", unsafe function(session, &information))
        return information.state == CKS_RO_USER_FUNCTIONS
            || information.state == CKS_RW_USER_FUNCTIONS
    }

    /// Calls `C_Login`, once; without a PIN for a token with a pad of its own.
    ///
    /// The value is the caller's to judge, since some failures are a success.
    func login(
        _ session: CK_SESSION_HANDLE, _ user: CK_USER_TYPE, _ pin: PIN?
    ) throws(TokenError) -> CK_RV {
        let function = try unsafe entry("C_Login", list.pointee.C_Login)
        guard let pin else { return function(session, user, nil, 0) }
        return pin.withBytes { bytes in
            unsafe bytes.withUnsafeBytes { buffer in
                unsafe function(
                    session, user, buffer.assumingMemoryBound(to: CK_BYTE.self).baseAddress,
                    CK_ULONG(buffer.count))
            }
        }
    }

    /// Calls `C_Logout`.
    func logout(_ session: CK_SESSION_HANDLE) throws(TokenError) {
        let function = try unsafe entry("C_Logout", list.pointee.C_Logout)
        try Self.check("C_Logout", function(session))
    }

    /// The most objects that a search may find.
    static let maximumObjects = 10_000

    /// Calls `C_FindObjectsInit`, `C_FindObjects` until nothing is left, and `C_FindObjectsFinal`.
    func find(
        _ session: CK_SESSION_HANDLE, _ template: AttributeTemplate
    ) throws(TokenError) -> [CK_OBJECT_HANDLE] {
        let end = try unsafe entry("C_FindObjectsFinal", list.pointee.C_FindObjectsFinal)
        let next = try unsafe entry("C_FindObjects", list.pointee.C_FindObjects)
        let start = try unsafe entry("C_FindObjectsInit", list.pointee.C_FindObjectsInit)
        try Self.check(
            "C_FindObjectsInit",
            unsafe template.withAttributes { unsafe start(session, $0, $1) })
        var objects: [CK_OBJECT_HANDLE] = []
        var value = CKR_OK
        repeat {
            var found = [CK_OBJECT_HANDLE](repeating: 0, count: 64)
            var count: CK_ULONG = 0
            try begin("C_FindObjects")
            value = unsafe next(session, &found, CK_ULONG(found.count), &count)
            guard value == CKR_OK, count > 0 else { break }
            objects += found.prefix(Int(min(count, CK_ULONG(found.count))))
        } while objects.count <= Self.maximumObjects
        // The search is ended also where it failed, or the session takes no other.
        try begin("C_FindObjectsFinal")
        let ending = end(session)
        try Self.check("C_FindObjects", value)
        try Self.check("C_FindObjectsFinal", ending)
        guard objects.count <= Self.maximumObjects else {
            throw TokenError(
                .moduleFault, "the token holds more than \(Self.maximumObjects) objects")
        }
        return objects
    }

    /// The longest attribute that is read, in bytes.
    static let maximumAttributeLength: CK_ULONG = 65_536

    /// Calls `C_GetAttributeValue` for one attribute; nil where the object has none, or the module
    /// doesn't tell it.
    func attribute(
        _ session: CK_SESSION_HANDLE, _ object: CK_OBJECT_HANDLE, _ type: CK_ATTRIBUTE_TYPE
    ) throws(TokenError) -> [UInt8]? {
        let function = try unsafe entry(
            "C_GetAttributeValue", list.pointee.C_GetAttributeValue)
        var attribute = unsafe CK_ATTRIBUTE(type: type, pValue: nil, ulValueLen: 0)
        guard try Self.isTold(unsafe function(session, object, &attribute, 1)) else { return nil }
        let length = unsafe attribute.ulValueLen
        guard length != CK_UNAVAILABLE_INFORMATION else { return nil }
        guard length <= Self.maximumAttributeLength else {
            throw TokenError(
                .moduleFault,
                "attribute 0x\(String(type, radix: 16)) of \(length) bytes exceeds "
                    + "\(Self.maximumAttributeLength)")
        }
        var bytes = [UInt8](repeating: 0, count: Int(length))
        let value = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe attribute.pValue = buffer.baseAddress
            return unsafe function(session, object, &attribute, 1)
        }
        guard try Self.isTold(value), unsafe attribute.ulValueLen <= length else { return nil }
        return Array(bytes.prefix(Int(unsafe attribute.ulValueLen)))
    }

    private static func isTold(_ value: CK_RV) throws(TokenError) -> Bool {
        switch value {
        case CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_SENSITIVE: return false
        default:
            try check("C_GetAttributeValue", value)
            return true
        }
    }

    /// An attribute that is true or false; nil where it is neither, or not told.
    func flag(
        _ session: CK_SESSION_HANDLE, _ object: CK_OBJECT_HANDLE, _ type: CK_ATTRIBUTE_TYPE
    ) throws(TokenError) -> Bool? {
        guard let bytes = try attribute(session, object, type), bytes.count == 1 else {
            return nil
        }
        return bytes.first != 0
    }

    /// An attribute that is a number; nil where it is not told.
    func number(
        _ session: CK_SESSION_HANDLE, _ object: CK_OBJECT_HANDLE, _ type: CK_ATTRIBUTE_TYPE
    ) throws(TokenError) -> CK_ULONG? {
        guard let bytes = try attribute(session, object, type),
            bytes.count == MemoryLayout<CK_ULONG>.size
        else { return nil }
        return unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(as: CK_ULONG.self) }
    }
}
