// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import Glibc
import Synchronization
import Token

/// A module in memory: loaded once for each file, never unloaded, initialised while it is used.
///
/// `C_Initialize` is called for the first use and `C_Finalize` when the last token is closed: some
/// modules leave a card logged in after `C_Logout`, and only this resets it; some find a card that
/// was away only after it. Where someone else in the process has initialised the module, it is
/// theirs to finalise.
final class LoadedModule: Sendable {
    let path: String
    let cryptoki: Cryptoki
    /// What `C_Initialize` is given beside the flags; nil for nothing.
    let initialization: String?
    private let state = Mutex(State())
    /// How many calls have not come back for which nobody waits any longer.
    private let stuckCalls = Atomic<Int>(0)

    private struct State {
        var isInitialized = false
        var isOurs = false
        var uses = 0
        var hasOpenedToken = false
        var openSlots: Set<CK_SLOT_ID> = []
    }

    private static let registry = Mutex<[String: LoadedModule]>([:])

    /// The module of a path; the same for each path that leads to the same file.
    ///
    /// - Throws: Also where it is loaded with another text for its initialisation.
    static func load(
        _ path: String, initialization: String? = nil
    ) throws(TokenError) -> LoadedModule {
        guard path.hasPrefix("/") else {
            throw TokenError(
                .moduleMissing, "module path \(path.quotedForDisplay) is not absolute")
        }
        guard let resolved = unsafe realpath(path, nil) else {
            let reason = unsafe String(cString: strerror(errno))
            throw TokenError(.moduleMissing, "module \(path.quotedForDisplay): \(reason)")
        }
        defer { unsafe free(resolved) }
        let file = unsafe String(cString: resolved)
        return try registry.withLock { modules throws(TokenError) in
            if let module = modules[file] {
                guard module.initialization == initialization else {
                    throw TokenError(
                        .moduleFault,
                        "module \(path.quotedForDisplay) is loaded with another initialization",
                        hint: "use it with one initialization only in one run of the program")
                }
                return module
            }
            let module = try LoadedModule(path, file, initialization)
            modules[file] = module
            return module
        }
    }

    private init(
        _ path: String, _ file: String, _ initialization: String?
    ) throws(TokenError) {
        self.path = path
        self.initialization = initialization
        guard let handle = unsafe dlopen(file, RTLD_NOW | RTLD_LOCAL) else {
            let reason = unsafe dlerror().map { unsafe String(cString: $0) } ?? "no reason given"
            throw TokenError(
                .moduleFault, "module \(path.quotedForDisplay) cannot be loaded: \(reason)",
                hint: reason.contains("ELFCLASS32")
                    ? "it is a library for programs of 32 bits; install the one of 64 bits" : nil)
        }
        guard let symbol = unsafe dlsym(handle, "C_GetFunctionList") else {
            throw TokenError(
                .moduleFault,
                "\(path.quotedForDisplay) is no PKCS#11 module: it has no C_GetFunctionList")
        }
        let getFunctionList = unsafe unsafeBitCast(symbol, to: CK_C_GetFunctionList.self)
        var list: UnsafeMutablePointer<CK_FUNCTION_LIST>?
        try Cryptoki.check("C_GetFunctionList", unsafe getFunctionList(&list))
        guard let list = unsafe list else {
            throw TokenError(
                .moduleFault, "module \(path.quotedForDisplay) gave no function list")
        }
        let version = unsafe list.pointee.version
        guard version.major == 2 || version.major == 3 else {
            throw TokenError(
                .moduleFault,
                "module \(path.quotedForDisplay) is of Cryptoki \(version.text), not 2 or 3")
        }
        unsafe cryptoki = Cryptoki(list: UnsafePointer(list))
    }

    /// Runs `body` with the module initialised.
    func use<Result>(
        _ body: (Cryptoki) throws(TokenError) -> Result
    ) throws(TokenError) -> Result {
        try retain(nil)
        defer { release(nil) }
        return try body(cryptoki)
    }

    /// Initialises the module, unless that is done, and counts a use of it.
    func retain(_ watch: CallWatch?) throws(TokenError) {
        try change { state throws(TokenError) in
            if !state.isInitialized {
                let cryptoki = cryptoki.watched(by: watch)
                state.isOurs = try retryOnce { () throws(TokenError) in
                    try cryptoki.initialize(initialization)
                }
                state.isInitialized = true
            }
            state.uses += 1
        }
    }

    /// Ends a use, and of the last one the module's.
    func release(_ watch: CallWatch?) {
        state.withLock { state in
            state.uses -= 1
            if state.uses == 0, state.hasOpenedToken { finalize(&state, watch) }
        }
    }

    /// Finalises and initialises the module where nobody else uses it; false where somebody does.
    ///
    /// The caller has a use of its own.
    func restart(_ watch: CallWatch?) throws(TokenError) -> Bool {
        try change { state throws(TokenError) in
            guard state.uses == 1, state.isOurs else { return false }
            finalize(&state, watch)
            state.isOurs = try cryptoki.watched(by: watch).initialize(initialization)
            state.isInitialized = true
            return true
        }
    }

    /// Notes that nobody waits any longer for a call that has not come back.
    func abandonCall() { stuckCalls.add(1, ordering: .sequentiallyConsistent) }

    /// Notes that such a call has come back after all.
    func callReturned() { stuckCalls.subtract(1, ordering: .sequentiallyConsistent) }

    /// Changes the state, unless a call is stuck that may have it in its hands.
    private func change<Result>(
        _ body: (inout State) throws(TokenError) -> Result
    ) throws(TokenError) -> Result {
        while true {
            guard stuckCalls.load(ordering: .sequentiallyConsistent) <= 0 else {
                throw TokenError(
                    .timedOut,
                    "module \(path.quotedForDisplay) has not come back from a call, "
                        + "and is not usable in this program",
                    hint: "end the program, and start it again")
            }
            let result = try state.withLockIfAvailable { state throws(TokenError) in
                try body(&state)
            }
            if let result { return result }
            usleep(1_000)
        }
    }

    /// Notes that a slot's token is open; false where it is already.
    func reserve(_ slot: CK_SLOT_ID) -> Bool {
        state.withLock { state in
            state.hasOpenedToken = true
            return state.openSlots.insert(slot).inserted
        }
    }

    /// Notes that a slot's token is open no more.
    func surrender(_ slot: CK_SLOT_ID) {
        _ = state.withLock { $0.openSlots.remove(slot) }
    }

    /// A module that fails to finalise is not usable in any other way either; what follows says so.
    private func finalize(_ state: inout State, _ watch: CallWatch?) {
        if state.isOurs {
            try? cryptoki.watched(by: watch, clearingAway: true).finalize()
        }
        state.isInitialized = false
        state.isOurs = false
        state.hasOpenedToken = false
    }
}

/// Tries a second time, after a moment, what failed in the way of a module that starts while another
/// process has its files open.
///
/// SoftHSM before 2.7 does so. Never to be used for a login.
func retryOnce<Result>(
    _ body: () throws(TokenError) -> Result
) throws(TokenError) -> Result {
    do throws(TokenError) {
        return try body()
    } catch {
        guard error.status == CKR_GENERAL_ERROR else { throw error }
        usleep(100_000)
        return try body()
    }
}
