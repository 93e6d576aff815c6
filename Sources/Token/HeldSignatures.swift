// SPDX-License-Identifier: Apache-2.0

public import SSHCrypto
public import SSHFormats
import Workers

/// Signatures that are verified while the token makes the next ones; none is handed out before all are.
///
/// A task of Swift's verifies what is there and ends; the token's thread starts it where it is
/// needed, and lends a hand with what is left in the end. So nothing waits for a thread to be free.
public final class HeldSignatures: Sendable {
    private let key: VerificationKey
    private let token: TokenIdentity
    private let count: Int
    private let state = Monitor(State())

    private struct State {
        var signatures: [Signature] = []
        var messages: [[UInt8]] = []
        /// The first signature that nobody has taken to verify.
        var next = 0
        var hasHelper = false
        var hasHadHelper = false
        var fault: TokenError?
    }

    /// How many signatures wait before somebody is called to verify them.
    ///
    /// The first call is early: what is made faster than it is verified keeps the helper busy from then
    /// on. One that has run out of work is called for more of it.
    private static let firstBatch = 2
    private static let batch = 8

    /// Verifies `count` signatures of a key.
    public init(_ key: VerificationKey, on token: TokenIdentity, count: Int) {
        self.key = key
        self.token = token
        self.count = count
        state.withLock { state in
            state.signatures.reserveCapacity(count)
            state.messages.reserveCapacity(count)
        }
    }

    /// Adds a signature.
    ///
    /// - Throws: ``TokenError`` where one that was added before is wrong.
    public func add(_ signature: Signature, over message: [UInt8]) throws(TokenError) {
        let (fault, needsHelper) = state.withLock { state in
            state.signatures.append(signature)
            state.messages.append(message)
            // A thread that is woken for each of them takes the token's own time.
            let needsHelper =
                !state.hasHelper && state.signatures.count < count
                && state.signatures.count - state.next
                    >= (state.hasHadHelper ? Self.batch : Self.firstBatch)
            if needsHelper {
                state.hasHelper = true
                state.hasHadHelper = true
            }
            return (state.fault, needsHelper)
        }
        if let fault { throw fault }
        if needsHelper { Task.detached { self.help() } }
    }

    /// All signatures, verified.
    ///
    /// - Throws: ``TokenError`` where one of them is wrong.
    public func finish() throws(TokenError) -> [Signature] {
        while let place = state.withLock({ Self.take(&$0) }) { verify(place) }
        let (signatures, fault) = state.wait { state in
            state.hasHelper ? nil : (state.signatures, state.fault)
        }
        if let fault { throw fault }
        return signatures
    }

    private func help() {
        while let place = state.change({ state in
            let place = Self.take(&state)
            if place == nil { state.hasHelper = false }
            return place
        }) {
            verify(place)
        }
    }

    private typealias Place = (number: Int, signature: Signature, message: [UInt8])

    private static func take(_ state: inout State) -> Place? {
        guard state.fault == nil, state.next < state.signatures.count else { return nil }
        defer { state.next += 1 }
        return (state.next + 1, state.signatures[state.next], state.messages[state.next])
    }

    private func verify(_ place: Place) {
        do {
            try key.verify(place.signature, over: place.message)
        } catch {
            let place = count == 1 ? "signature" : "signature \(place.number) of \(count)"
            let fault = TokenError(
                .wrongSignature, "\(place) by \(token) is refused: \(error)",
                hint: "no signature was handed out; the token is broken, or another one than before"
            )
            state.change { $0.fault = $0.fault ?? fault }
        }
    }
}
