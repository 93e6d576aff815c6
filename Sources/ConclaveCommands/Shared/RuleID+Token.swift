// SPDX-License-Identifier: Apache-2.0
import Documents
import Token

extension RuleID {
    /// The rule that a token's fault goes by, `Docs/Security/Rules.md`: one for each kind of fault.
    init(_ code: TokenError.Code) {
        switch code {
        case .pinIncorrect: self = RuleID("TOKEN-PIN-INCORRECT")
        case .pinLocked: self = RuleID("TOKEN-PIN-LOCKED")
        case .lastTry: self = RuleID("TOKEN-PIN-LAST-TRY")
        case .pinUnavailable: self = RuleID("TOKEN-PIN-UNAVAILABLE")
        case .pinLength: self = RuleID("TOKEN-PIN-LENGTH")
        case .notLoggedIn: self = RuleID("TOKEN-LOGIN-LOST")
        case .noToken: self = RuleID("TOKEN-NONE")
        case .ambiguousToken: self = RuleID("TOKEN-AMBIGUOUS")
        case .wrongToken: self = RuleID("TOKEN-WRONG")
        case .tokenInUse: self = RuleID("TOKEN-IN-USE")
        case .removed: self = RuleID("TOKEN-REMOVED")
        case .closed: self = RuleID("TOKEN-CLOSED")
        case .timedOut: self = RuleID("TOKEN-TIMED-OUT")
        case .invalidURI: self = RuleID("TOKEN-URI")
        case .unsupported: self = RuleID("TOKEN-UNSUPPORTED")
        case .wrongSignature: self = RuleID("TOKEN-SIGNATURE-WRONG")
        case .keyNotFound: self = RuleID("TOKEN-KEY-NONE")
        case .ambiguousKey: self = RuleID("TOKEN-KEY-AMBIGUOUS")
        case .keyMismatch: self = RuleID("TOKEN-KEY-MISMATCH")
        case .labelTaken: self = RuleID("TOKEN-LABEL-TAKEN")
        case .slotTaken: self = RuleID("TOKEN-SLOT-TAKEN")
        case .attributeFault: self = RuleID("TOKEN-KEY-UNFIT")
        case .managementKeyRefused: self = RuleID("TOKEN-MANAGEMENT-KEY")
        case .moduleMissing: self = RuleID("TOKEN-MODULE-MISSING")
        case .moduleFault: self = RuleID("TOKEN-MODULE-UNUSABLE")
        case .moduleCrashed: self = RuleID("TOKEN-MODULE-CRASHED")
        case .noService: self = RuleID("TOKEN-SERVICE-NONE")
        case .noReader: self = RuleID("TOKEN-READER-NONE")
        case .other: self = RuleID("TOKEN-FAILED")
        }
    }
}

extension TokenError {
    /// The fault as one line, with the rule that it goes by.
    var lineWithRule: String { "\(self) (\(RuleID(code)))" }
}
