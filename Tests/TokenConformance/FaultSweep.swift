// SPDX-License-Identifier: Apache-2.0

import PKCS11Token
import SoftHSMSupport
import Token

/// Lets each call of an operation go wrong in turn: each time there is a clear error or none at all,
/// the state is sound, the next try works, and no PIN is wasted.
public enum FaultSweep: String, CaseIterable, Codable, Sendable {
    /// The call returns what the standard lets it return.
    case codes = "a code of the standard"
    /// The token is gone from this call on.
    case removal = "removal"
    /// The login is lost before this call.
    case lostLogin = "a lost login"
    /// The call does not come back within its time.
    case hang = "a hang"
    /// The signature is not one of the key over the message.
    case wrongSignature = "a wrong signature"
    /// The module writes on standard error.
    case noise = "noise"

    /// Sweeps over an operation, and answers how often something went wrong on purpose.
    func sweep(_ operation: Operation) async throws -> Int {
        let token = try await FaultyToken("\(operation)-\(rawValue.filter { $0 != " " })")
        var count = 0
        for (function, calls) in try await token.calls(of: operation) {
            for number in 1...calls {
                let isAtEnd = number == 1 || number == calls
                // Of many attributes that are read alike, every fifth.
                if !isAtEnd, calls > 10, number % 5 != 0 { continue }
                for line in lines(function, number, isAtEnd: isAtEnd) {
                    do {
                        try await strike(token, operation, line)
                    } catch {
                        throw CheckFailure("\(operation), \(line): \(error)")
                    }
                    count += 1
                }
            }
        }
        return count
    }

    /// What a function may return, by the standard, or a vendor of its own mind.
    private static let all: [UInt] = [
        0x2, 0x5, 0x6, 0x7, 0x30, 0x31, 0x32, 0x50, 0x54, 0x60, 0x82, 0x90, 0x91, 0xB0, 0xB3, 0xE0,
        0xE1, 0x101, 0x190, 0x8000_0001,
    ]

    /// The rules for one call; in the middle of many alike, some of them in turn.
    private func lines(_ function: String, _ number: UInt, isAtEnd: Bool) -> [String] {
        let place = "at \(function) \(number)"
        switch self {
        case .codes:
            let codes =
                isAtEnd
                ? Self.all : [Self.all[Int(number) % Self.all.count]]
            return codes.map { "\(place) answer \($0)" }
        case .removal: return ["\(place) remove"]
        case .lostLogin: return ["\(place) lose"]
        case .hang: return isAtEnd ? ["\(place) hang"] : []
        case .wrongSignature:
            return function == "C_Sign" ? ["\(place) flip", "\(place) other"] : []
        case .noise: return isAtEnd ? ["\(place) noise"] : []
        }
    }

    private func strike(
        _ faulty: FaultyToken, _ operation: Operation, _ line: String
    ) async throws {
        let limits =
            self == .hang
            ? TimeLimits(
                call: .milliseconds(250), signature: .milliseconds(250),
                generation: .milliseconds(250), patience: .milliseconds(50))
            : .standard
        let ready =
            self == .hang
            ? try await patientlyReady(faulty, operation, limits)
            : try await faulty.ready(for: operation)
        faulty.module.tell(line)
        var done = ready
        do {
            done = try await faulty.perform(operation, on: ready, limits)
            try requireHarmless(operation, line)
        } catch let error as TokenError {
            try requireClear(error, line)
        }
        faulty.module.tell("clear")
        faulty.module.tell("insert")
        if self == .hang {
            faulty.module.tell("release")
            let path = faulty.module.path
            try await eventually("the end of the call that hangs") {
                (try? PKCS11Module(path: path).slots()) != nil
            }
        }
        if operation == .close { done = nil }
        try await faulty.recover(done)
    }

    private func patientlyReady(
        _ faulty: FaultyToken, _ operation: Operation, _ limits: TimeLimits
    ) async throws -> PKCS11Token? {
        for _ in 0..<20 {
            do {
                return try await faulty.ready(for: operation, limits)
            } catch let error as TokenError where error.code == .timedOut {
                // The machine is busy.
                let path = faulty.module.path
                try await eventually("the end of a slow call") {
                    (try? PKCS11Module(path: path).slots()) != nil
                }
            }
        }
        throw CheckFailure("the machine is too busy")
    }

    /// Refuses a success where something went wrong that nobody may pass over.
    private func requireHarmless(_ operation: Operation, _ line: String) throws {
        switch self {
        case .noise, .lostLogin: return
        case .codes, .removal, .hang, .wrongSignature:
            // What fails while a token is let go, or of a token that nobody asked for, is no matter.
            if operation == .close || operation == .open { return }
            // These are mended: a login that is lost, a handle that is stale, a start too early.
            let mended = [0x5, 0x60, 0x82, 0x101].map { " answer \($0)" }
            if self == .codes, mended.contains(where: line.hasSuffix) { return }
            throw CheckFailure("nobody was told")
        }
    }

    /// Requires that an error says what went wrong.
    private func requireClear(_ error: TokenError, _ line: String) throws {
        let text = "\(error.code): \(error)"
        let function = line.split(separator: " ")[1]
        switch self {
        case .codes:
            try require(
                text.contains(function) && text.contains("0x"), "the error is not clear: \(text)")
        case .removal:
            try require(
                [.removed, .noToken, .wrongToken].contains(error.code),
                "the error is not of a removal: \(text)")
        case .lostLogin:
            try require(
                [.notLoggedIn, .other, .keyNotFound, .unsupported].contains(error.code),
                "the error is not of a lost login: \(text)")
        case .hang:
            try require(error.code, is: .timedOut, "the kind of error")
            // On a busy machine a call before it may be the one that is too slow.
            try require(text.contains("has not answered C_"), "the error is not clear: \(text)")
        case .wrongSignature: try require(error.code, is: .wrongSignature, "the kind of error")
        case .noise: throw CheckFailure("noise is no error: \(text)")
        }
    }
}
