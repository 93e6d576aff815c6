// SPDX-License-Identifier: Apache-2.0

/// What a token, its module or its PIN would not do, with the call and the value that said so.
public struct TokenError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kinds of fault that callers tell apart.
    public enum Code: String, CaseIterable, Hashable, Sendable {
        /// The token refused the PIN; the token counts these tries.
        case pinIncorrect
        /// The token takes no PIN any more.
        case pinLocked
        /// One more wrong PIN would lock the token, so it was not tried.
        case lastTry
        /// No PIN could be read from the terminal or the descriptor.
        case pinUnavailable
        /// The operation needs a login first, or the token has forgotten the login.
        case notLoggedIn
        /// No token matches.
        case noToken
        /// More than one token matches.
        case ambiguousToken
        /// The token is open already, elsewhere in this program.
        case tokenInUse
        /// The token holds no such key.
        case keyNotFound
        /// The token holds the key, or its ID, more than once.
        case ambiguousKey
        /// The label for a new key is on the token already.
        case labelTaken
        /// A key's attributes are not what a certificate authority's key must have.
        case attributeFault
        /// The token went away, or its module says so.
        case removed
        /// The token was closed by its owner.
        case closed
        /// There is no module at the path.
        case moduleMissing
        /// The file is no usable module.
        case moduleFault
        /// The module or token lacks what is asked of it.
        case unsupported
        /// The token did not answer within its time.
        case timedOut
        /// The token is not the one that was asked for; no PIN went to it.
        case wrongToken
        /// The PIN is shorter or longer than the token takes; it was not tried.
        case pinLength
        /// A certificate on the token is not of the key beside it.
        case keyMismatch
        /// The slot for a new key holds one already.
        case slotTaken
        /// The token refused its management key.
        case managementKeyRefused
        /// The program that looked at a module for us ended without an answer.
        case moduleCrashed
        /// The system's service for smart cards does not run.
        case noService
        /// There is no reader for smart cards.
        case noReader
        /// The signature is not one of the key over the message.
        case wrongSignature
        /// The text is no token URI that is understood.
        case invalidURI
        /// Any other value that a call returned.
        case other
    }

    /// The kind of fault.
    public let code: Code
    /// The function that failed, as the standard spells it: `C_Login`; empty where none was called.
    public let operation: String
    /// The value that the function returned, a `CKR` number; zero where none was called.
    public let status: UInt
    /// The name of that value: `CKR_PIN_INCORRECT`; empty where none was called.
    public let statusName: String
    /// What the token's flags say of the tries that are left; nil where they say nothing.
    public let triesLeft: String?
    /// What went wrong, in lower case, values quoted.
    public let detail: String
    /// What the reader can do about it, for a line of its own.
    public let hint: String?

    /// Makes an error of what is known about it.
    public init(
        _ code: Code, _ detail: String, operation: String = "", status: UInt = 0,
        statusName: String = "", triesLeft: String? = nil, hint: String? = nil
    ) {
        self.code = code
        self.detail = detail
        self.operation = operation
        self.status = status
        self.statusName = statusName
        self.triesLeft = triesLeft
        self.hint = hint
    }

    /// The fault as one line: what went wrong, the tries left, the call and its value.
    public var description: String {
        var text = detail
        if let triesLeft { text += ", \(triesLeft)" }
        if !operation.isEmpty {
            text += " (\(operation): \(statusName), 0x\(String(status, radix: 16)))"
        }
        return text
    }
}
