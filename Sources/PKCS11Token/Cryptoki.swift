// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import Token

/// The functions of a module, with arguments and results as Swift has them.
///
/// Each failure keeps the function's name and the value that it returned. The function list is never
/// written and the module is never unloaded; it was told to lock (`CKF_OS_LOCKING_OK`), so calls
/// may come from any thread, those on one session one after the other.
@safe struct Cryptoki: @unchecked Sendable {
    let list: UnsafePointer<CK_FUNCTION_LIST>
    /// Who is told which call is under way; nil where nobody waits for it.
    var watch: CallWatch?
    /// Whether calls are made also for a token that was given up: those that clear away.
    var isClearingAway = false

    /// The functions, for a thread that is watched.
    func watched(by watch: CallWatch?, clearingAway: Bool = false) -> Cryptoki {
        var copy = self
        copy.watch = watch
        copy.isClearingAway = clearingAway
        return copy
    }

    /// Notes that a call begins.
    ///
    /// - Throws: Where the token was given up.
    func begin(_ operation: String) throws(TokenError) {
        guard let watch else { return }
        do throws(TokenError) {
            try watch.begin(Self.kind(operation), operation)
        } catch {
            if !isClearingAway { throw error }
        }
    }

    /// What the call of a function may take its time for.
    private static func kind(_ operation: String) -> CallWatch.Kind {
        switch operation {
        case "C_GenerateKeyPair": .generation
        case "C_Sign", "C_Login": .signature
        default: .call
        }
    }

    /// Fails unless the function returned `CKR_OK`.
    static func check(_ operation: String, _ value: CK_RV) throws(TokenError) {
        guard value == CKR_OK else { throw ReturnValue.error(operation, value) }
    }

    /// An entry of the list, which a module may leave empty; its call begins now.
    func entry<Function>(
        _ operation: String, _ function: Function?
    ) throws(TokenError) -> Function {
        try begin(operation)
        guard let function else {
            throw TokenError(.unsupported, "the module has no \(operation)")
        }
        return function
    }

    /// Calls `C_Initialize`; false where someone else in this process has done so.
    ///
    /// A text for the module stands where the standard has a reserved word, and behind it there are
    /// zeros: modules that take a text have a longer structure, with a reserved word of its own.
    func initialize(_ text: String?) throws(TokenError) -> Bool {
        let function = try unsafe entry("C_Initialize", list.pointee.C_Initialize)
        var arguments = unsafe (CK_C_INITIALIZE_ARGS(), (0, 0) as (UInt, UInt))
        unsafe arguments.0.flags = CKF_OS_LOCKING_OK
        let value: CK_RV
        if let text {
            value = unsafe text.withCString { pointer in
                unsafe arguments.0.pReserved = UnsafeMutableRawPointer(mutating: pointer)
                return unsafe function(&arguments)
            }
        } else {
            value = unsafe function(&arguments)
        }
        if value == CKR_CRYPTOKI_ALREADY_INITIALIZED { return false }
        try Self.check("C_Initialize", value)
        return true
    }

    /// Calls `C_Finalize`.
    func finalize() throws(TokenError) {
        let function = try unsafe entry("C_Finalize", list.pointee.C_Finalize)
        try Self.check("C_Finalize", function(nil))
    }

    /// Calls `C_GetInfo`.
    func information() throws(TokenError) -> CK_INFO {
        let function = try unsafe entry("C_GetInfo", list.pointee.C_GetInfo)
        var information = CK_INFO()
        try Self.check("C_GetInfo", unsafe function(&information))
        return information
    }

    /// Calls `C_GetSlotList` for all slots, with a token or without.
    func slots() throws(TokenError) -> [CK_SLOT_ID] {
        let function = try unsafe entry("C_GetSlotList", list.pointee.C_GetSlotList)
        return try unsafe Self.list("C_GetSlotList") { buffer, count in
            unsafe function(0, buffer, count)
        }
    }

    /// Calls `C_GetSlotInfo`.
    func slotInformation(_ slot: CK_SLOT_ID) throws(TokenError) -> CK_SLOT_INFO {
        let function = try unsafe entry("C_GetSlotInfo", list.pointee.C_GetSlotInfo)
        var information = CK_SLOT_INFO()
        try Self.check("C_GetSlotInfo", unsafe function(slot, &information))
        return information
    }

    /// Calls `C_GetTokenInfo`.
    func tokenInformation(_ slot: CK_SLOT_ID) throws(TokenError) -> CK_TOKEN_INFO {
        let function = try unsafe entry("C_GetTokenInfo", list.pointee.C_GetTokenInfo)
        var information = CK_TOKEN_INFO()
        try Self.check("C_GetTokenInfo", unsafe function(slot, &information))
        return information
    }

    /// Calls `C_GetMechanismList`.
    func mechanisms(_ slot: CK_SLOT_ID) throws(TokenError) -> [CK_MECHANISM_TYPE] {
        let function = try unsafe entry(
            "C_GetMechanismList", list.pointee.C_GetMechanismList)
        return try unsafe Self.list("C_GetMechanismList") { buffer, count in
            unsafe function(slot, buffer, count)
        }
    }

    /// Calls `C_GetMechanismInfo`.
    func mechanismInformation(
        _ slot: CK_SLOT_ID, _ mechanism: CK_MECHANISM_TYPE
    ) throws(TokenError) -> CK_MECHANISM_INFO {
        let function = try unsafe entry(
            "C_GetMechanismInfo", list.pointee.C_GetMechanismInfo)
        var information = CK_MECHANISM_INFO()
        try Self.check("C_GetMechanismInfo", unsafe function(slot, mechanism, &information))
        return information
    }

    /// The most numbers that a list may have; more is no answer of a sound module.
    private static let maximumListLength: CK_ULONG = 4096

    /// Asks for the length of a list, then for the list; anew where it grew in between.
    private static func list(
        _ operation: String,
        _ call: (UnsafeMutablePointer<CK_ULONG>?, UnsafeMutablePointer<CK_ULONG>) -> CK_RV
    ) throws(TokenError) -> [CK_ULONG] {
        for _ in 0..<3 {
            var count: CK_ULONG = 0
            try check(operation, unsafe call(nil, &count))
            guard count <= maximumListLength else {
                throw TokenError(.moduleFault, "\(operation) tells of \(count) entries")
            }
            let room = count
            var numbers = [CK_ULONG](repeating: 0, count: Int(room))
            let value = unsafe call(&numbers, &count)
            if value == CKR_BUFFER_TOO_SMALL { continue }
            try check(operation, value)
            return Array(numbers.prefix(Int(min(count, room))))
        }
        throw ReturnValue.error(operation, CKR_BUFFER_TOO_SMALL)
    }
}
