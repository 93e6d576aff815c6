// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import Glibc

/// What only an administrator of tokens does, and the product therefore cannot: set them up.
struct TokenAdministrator {
    private let path: String
    private let list: CK_FUNCTION_LIST

    /// Loads and initialises the module; nobody ever finalises it.
    init(_ path: String) {
        self.path = path
        var list: UnsafeMutablePointer<CK_FUNCTION_LIST>?
        let entry = unsafeBitCast(
            Self.symbol("C_GetFunctionList", path), to: CK_C_GetFunctionList.self)
        Self.check(entry(&list), "C_GetFunctionList")
        guard let list else { fatalError("no function list in \(path)") }
        self.list = list.pointee
        var arguments = CK_C_INITIALIZE_ARGS()
        arguments.flags = CKF_OS_LOCKING_OK
        Self.check(list.pointee.C_Initialize?(&arguments), "C_Initialize")
    }

    /// The slots whose tokens are set up, with their serial numbers.
    func tokens() -> [(slot: CK_SLOT_ID, serial: String)] {
        slots().compactMap { slot, information in
            guard information.flags & CKF_TOKEN_INITIALIZED != 0 else { return nil }
            return (
                slot,
                withUnsafeBytes(of: information.serialNumber) {
                    String(decoding: $0, as: UTF8.self)
                }
            )
        }
    }

    /// Sets the token up that is in the spare slot; SoftHSM always has one.
    func initialize(_ label: String, officerPIN: String) {
        let spare = slots().first { $0.information.flags & CKF_TOKEN_INITIALIZED == 0 }
        guard let spare else { fatalError("no spare slot") }
        typealias Function =
            @convention(c) (
                CK_SLOT_ID, UnsafePointer<CK_BYTE>, CK_ULONG, UnsafePointer<CK_BYTE>
            ) -> CK_RV
        let function = unsafeBitCast(Self.symbol("C_InitToken", path), to: Function.self)
        let padded = Array(label.utf8) + [UInt8](repeating: 0x20, count: 32 - label.utf8.count)
        let pin = Array(officerPIN.utf8)
        Self.check(function(spare.slot, pin, CK_ULONG(pin.count), padded), "C_InitToken")
    }

    /// Gives the token's user a PIN.
    func setPIN(_ slot: CK_SLOT_ID, officerPIN: String, pin: String) {
        typealias Function =
            @convention(c) (
                CK_SESSION_HANDLE, UnsafePointer<CK_BYTE>, CK_ULONG
            ) -> CK_RV
        let function = unsafeBitCast(Self.symbol("C_InitPIN", path), to: Function.self)
        let officer = Array(officerPIN.utf8)
        let user = Array(pin.utf8)
        var session: CK_SESSION_HANDLE = 0
        let flags = CKF_SERIAL_SESSION | CKF_RW_SESSION
        Self.check(list.C_OpenSession?(slot, flags, nil, nil, &session), "C_OpenSession")
        Self.check(
            list.C_Login?(session, CKU_SO, officer, CK_ULONG(officer.count)), "C_Login")
        Self.check(function(session, user, CK_ULONG(user.count)), "C_InitPIN")
        Self.check(list.C_Logout?(session), "C_Logout")
        Self.check(list.C_CloseSession?(session), "C_CloseSession")
    }

    private func slots() -> [(slot: CK_SLOT_ID, information: CK_TOKEN_INFO)] {
        // Asking for the number alone makes SoftHSM add a spare slot where it has none.
        var count: CK_ULONG = 0
        Self.check(list.C_GetSlotList?(1, nil, &count), "C_GetSlotList")
        var slots = [CK_SLOT_ID](repeating: 0, count: Int(count))
        Self.check(list.C_GetSlotList?(1, &slots, &count), "C_GetSlotList")
        return slots.prefix(Int(count)).map { slot in
            (slot, information(slot))
        }
    }

    private func information(_ slot: CK_SLOT_ID) -> CK_TOKEN_INFO {
        var information = CK_TOKEN_INFO()
        Self.check(list.C_GetTokenInfo?(slot, &information), "C_GetTokenInfo")
        return information
    }

    private static func symbol(_ name: String, _ path: String) -> UnsafeMutableRawPointer {
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL), let symbol = dlsym(handle, name)
        else { fatalError("no \(name) in \(path)") }
        return symbol
    }

    private static func check(_ value: CK_RV?, _ function: String) {
        guard value == CKR_OK else {
            fatalError("\(function) returned \(value.map { String($0, radix: 16) } ?? "nothing")")
        }
    }
}
