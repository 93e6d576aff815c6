// SPDX-License-Identifier: Apache-2.0

import Token

/// A secret of the card that it counts wrong tries of, SP 800-73-4 part 1 table 4a.
enum CountedSecret: UInt8, Sendable {
    case pin = 0x80
    case puk = 0x81

    var name: String { self == .pin ? "PIN" : "PUK" }
}

/// What the card says of the PIN when it is asked without one.
enum PINState: Hashable, Sendable {
    /// It was verified, so all tries are left.
    case verified
    /// It was not, and so many tries are left.
    case tries(Int)
}

extension PIVApplication {
    /// Asks whether the PIN was verified, and for its tries; none is spent.
    func pinState() throws(TokenError) -> PINState {
        let status = try send(CommandAPDU(.verify, p2: 0x80, expectsData: false)).status
        if status == .success { return .verified }
        guard let left = status.triesLeft else {
            throw Self.refusal(.verify, status, "the card does not tell of its PIN")
        }
        return .tries(left)
    }

    /// Has the card verify a PIN; a wrong one counts.
    func verify(_ pin: PIN) throws(TokenError) -> StatusWord {
        try sendSecret(
            .verify, p2: CountedSecret.pin.rawValue, count: PINBlock.length
        ) { PINBlock.append(pin, to: &$0) }.status
    }

    /// Has the card put a new PIN or PUK in the place of the one that is given too.
    func change(
        _ secret: CountedSecret, from old: PIN, to new: PIN
    ) throws(TokenError) -> StatusWord {
        try sendSecret(
            .changeReference, p2: secret.rawValue, count: 2 * PINBlock.length
        ) {
            PINBlock.append(old, to: &$0)
            PINBlock.append(new, to: &$0)
        }.status
    }

    /// Has the card take a new PIN, and all its tries back, because of the PUK.
    func unblock(_ puk: PIN, newPIN: PIN) throws(TokenError) -> StatusWord {
        try sendSecret(
            .resetRetryCounter, p2: CountedSecret.pin.rawValue, count: 2 * PINBlock.length
        ) {
            PINBlock.append(puk, to: &$0)
            PINBlock.append(newPIN, to: &$0)
        }.status
    }
}
