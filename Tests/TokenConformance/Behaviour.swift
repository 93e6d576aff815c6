// SPDX-License-Identifier: Apache-2.0

import SSHCrypto
import SSHFormats
import Token

/// What every token does, whatever is behind it, in sentences.
public enum Behaviour: String, CaseIterable, Codable, Sendable {
    /// Opening needs no PIN, and the token names itself.
    case identity = "a token is opened without a PIN, and names itself without padding"
    /// Keys are private before the login.
    case loginFirst = "keys are asked for after a login, and not before"
    /// A wrong PIN.
    case wrongPIN =
        "a wrong PIN is tried once, is named with what the flags say, and spoils nothing"
    /// A second login.
    case secondLogin = "a login that is there already is as good as a new one"
    /// Lengths.
    case unfitPIN = "a PIN that the token cannot have costs no try"
    /// What others made.
    case foreignKeys = "keys that other programs made are found by their public keys"
    /// A key that is not there.
    case absentKey = "a key that is not there is named, with those that are"
    /// Attributes.
    case claims = "an authority's key must be what the module claims of one made by us, and no less"
    /// Approvals.
    case approvals = "an officer's signatures verify, with every key"
    /// The judge.
    case judge = "another program signs with the same keys, and all signatures verify"
    /// Generation.
    case generation = "keys are made that may be an authority's, or the token says why not"
    /// A long run.
    case manySignatures = "a hundred signatures in a row verify"
    /// The end.
    case lastSession = "the token's close ends the login, and the next program finds it as it was"
    /// A lost login.
    case lostLogin = "a login that another program has ended is made anew, and nothing is noticed"
    /// Removal.
    case removal = "a token that goes away is gone at once, and is itself when it is back"

    /// Shows the behaviour on a back end that runs.
    func show(on stand: Stand) async throws {
        switch self {
        case .identity: try await stand.showIdentity()
        case .loginFirst: try await stand.showLoginFirst()
        case .wrongPIN: try await stand.showWrongPIN()
        case .secondLogin: try await stand.showSecondLogin()
        case .unfitPIN: try await stand.showUnfitPIN()
        case .foreignKeys: try await stand.showForeignKeys()
        case .absentKey: try await stand.showAbsentKey()
        case .claims: try await stand.showClaims()
        case .approvals: try await stand.showApprovals()
        case .judge: try await stand.showJudge()
        case .generation: try await stand.showGeneration()
        case .manySignatures: try await stand.showManySignatures()
        case .lastSession: try await stand.showLastSession()
        case .lostLogin: try await stand.showLostLogin()
        case .removal: try await stand.showRemoval()
        }
    }
}
