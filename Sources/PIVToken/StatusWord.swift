// SPDX-License-Identifier: Apache-2.0

import Token

/// The two bytes with which a card's answer ends, ISO 7816-4 section 5.1.3.
struct StatusWord: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    let rawValue: UInt16

    init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The command was carried out.
    static let success = StatusWord(rawValue: 0x9000)
    /// A PIN, a management key or a touch is missing.
    static let securityStatus = StatusWord(rawValue: 0x6982)
    /// No tries are left.
    static let blocked = StatusWord(rawValue: 0x6983)
    /// The data is not what the command takes.
    static let wrongData = StatusWord(rawValue: 0x6A80)
    /// The card has no such function.
    static let noFunction = StatusWord(rawValue: 0x6A81)
    /// There is no such object or application.
    static let notFound = StatusWord(rawValue: 0x6A82)
    /// The parameters are none that the command takes.
    static let wrongParameters = StatusWord(rawValue: 0x6A86)
    /// There is no such key.
    static let noReference = StatusWord(rawValue: 0x6A88)
    /// The card, or the application that is selected, does not know the instruction.
    static let noInstruction = StatusWord(rawValue: 0x6D00)
    /// The card, or the application that is selected, does not know the class.
    static let noClass = StatusWord(rawValue: 0x6E00)

    /// How much of the answer is still to be fetched, where that is what the word says: 61xx.
    ///
    /// Zero stands for 256 bytes or more.
    var bytesLeft: UInt8? {
        rawValue & 0xFF00 == 0x6100 ? UInt8(truncatingIfNeeded: rawValue) : nil
    }

    /// The length of answer that the card would have liked to be asked for: 6Cxx.
    var expectedLength: UInt8? {
        rawValue & 0xFF00 == 0x6C00 ? UInt8(truncatingIfNeeded: rawValue) : nil
    }

    /// The tries that are left after a wrong PIN, where that is what the word says: 63Cx, 6983.
    var triesLeft: Int? {
        if self == .blocked { return 0 }
        return rawValue & 0xFFF0 == 0x63C0 ? Int(rawValue & 0x000F) : nil
    }

    /// Whether the word may come of another program that selected another application.
    var mayComeOfAnotherApplication: Bool {
        [.securityStatus, .noInstruction, .noClass, .noFunction, .noReference].contains(self)
    }

    /// What the word means, in words.
    var meaning: String {
        if let triesLeft, self != .blocked {
            return "wrong PIN, \(triesLeft) \(triesLeft == 1 ? "try" : "tries") left"
        }
        if let bytesLeft { return "\(bytesLeft) more bytes are to be fetched" }
        if let expectedLength { return "\(expectedLength) bytes are to be asked for" }
        return Self.meanings[self] ?? "unnamed status word"
    }

    /// The kind of fault that the word stands for.
    var code: TokenError.Code {
        switch self {
        case .securityStatus: .notLoggedIn
        case .blocked: .pinLocked
        case .noFunction, .noInstruction, .noClass: .unsupported
        default: triesLeft == nil ? .other : .pinIncorrect
        }
    }

    private static let meanings: [StatusWord: String] = [
        .success: "done",
        StatusWord(rawValue: 0x6300): "verification failed",
        StatusWord(rawValue: 0x6581): "memory of the card failed",
        StatusWord(rawValue: 0x6700): "wrong length",
        StatusWord(rawValue: 0x6882): "secure messaging is not supported",
        StatusWord(rawValue: 0x6883): "last command of a chain is missing",
        StatusWord(rawValue: 0x6884): "command chaining is not supported",
        .securityStatus: "security status not satisfied",
        .blocked: "no tries are left",
        StatusWord(rawValue: 0x6984): "reference data is not usable",
        StatusWord(rawValue: 0x6985): "conditions of use not satisfied",
        StatusWord(rawValue: 0x6987): "secure messaging data is missing",
        StatusWord(rawValue: 0x6988): "secure messaging data is wrong",
        .wrongData: "wrong data",
        .noFunction: "function not supported",
        .notFound: "no such object or application",
        StatusWord(rawValue: 0x6A84): "no space is left",
        .wrongParameters: "wrong parameters",
        .noReference: "no such key",
        StatusWord(rawValue: 0x6B00): "wrong parameters",
        .noInstruction: "instruction not supported",
        .noClass: "class not supported",
        StatusWord(rawValue: 0x6F00): "the card failed without a reason",
    ]

    /// The four hexadecimal digits.
    var description: String {
        let digits = String(rawValue, radix: 16)
        return String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }
}
