// SPDX-License-Identifier: Apache-2.0

public import Token
public import TokenEvidence

extension PIVToken {
    /// Verifies the PIN, once; with one try left only where `allowLastTry` says so.
    ///
    /// What the card would refuse for its length or its characters is not sent.
    ///
    /// - Throws: ``Token/TokenError`` with the tries that are left.
    public nonisolated func login(_ pin: PIN?, allowLastTry: Bool) async throws(TokenError) {
        guard let pin else {
            throw TokenError(.pinUnavailable, "\(identity) has no PIN pad, and no PIN was given")
        }
        try PINBlock.check(pin)
        try await timed { (token) throws(TokenError) in
            try token.onCard { card throws(TokenError) in
                try token.refuseHopelessTry(card, allowLastTry)
                try token.verify(card, pin)
            }
        }
    }

    /// What the card says of itself now.
    ///
    /// - Throws: ``Token/TokenError`` where the card cannot be asked.
    public nonisolated func evidence() async throws(TokenError) -> DeviceEvidence {
        try await timed { (token) throws(TokenError) in
            try token.onCard { card throws(TokenError) in try token.evidence(card) }
        }
    }

    private func evidence(_ card: PIVApplication) throws(TokenError) -> DeviceEvidence {
        var evidence = DeviceEvidence(
            model: identity.model, serial: identity.serial, firmware: firmware)
        if isExtended, case .told(let pin) = try card.metadata(CountedSecret.pin.rawValue) {
            evidence.pinTries = pin.tries
            var defaults: [DefaultSecret] = pin.isDefault == true ? [.pin] : []
            if case .told(let puk) = try card.metadata(CountedSecret.puk.rawValue) {
                evidence.pukTries = puk.tries
                if puk.isDefault == true { defaults.append(.puk) }
            }
            if case .told(let management) = try card.metadata(0x9B), management.isDefault == true {
                defaults.append(.managementKey)
            }
            evidence.defaultSecrets = defaults
        } else if case .tries(let left) = try card.pinState() {
            evidence.pinTries = TryCount(left: left)
        }
        return evidence
    }

    /// Verifies a PIN and keeps it; forgets the old one where it is wrong.
    func verify(_ card: PIVApplication, _ pin: PIN) throws(TokenError) {
        isLoggedIn = false
        self.pin = nil
        hasShownSecret = true
        let status = try card.verify(pin)
        guard status == .success else { throw refused(.pin, .verify, status) }
        self.pin = pin
        isLoggedIn = true
        isPINDoubtful = false
    }

    /// Sees to it that the PIN is verified: by the card's own word, else with the PIN that was right
    /// before, once, and never with the last try.
    func ensureLogin(_ card: PIVApplication) throws(TokenError) {
        if isLoggedIn { return }
        // Where no PIN was given to us, somebody else's login is not ours.
        guard let pin else { throw notLoggedIn() }
        switch try card.pinState() {
        case .verified:
            isLoggedIn = true
        case .tries(let left):
            try refuseHopelessTry(.pin, left, false)
            try verify(card, pin)
        }
    }

    func notLoggedIn() -> TokenError { TokenError(.notLoggedIn, "\(identity) is not logged in") }

    /// Refuses a try that cannot succeed, or that would be the last.
    func refuseHopelessTry(
        _ card: PIVApplication, _ allowLastTry: Bool
    ) throws(TokenError) {
        // A PIN that is verified has all its tries.
        guard case .tries(let left) = try card.pinState() else { return }
        try refuseHopelessTry(.pin, left, allowLastTry)
    }

    /// Refuses a try with a PIN or PUK that has no tries, or only the last.
    func refuseHopelessTry(
        _ secret: CountedSecret, _ left: Int, _ allowLastTry: Bool
    ) throws(TokenError) {
        if left == 0 {
            throw TokenError(
                .pinLocked, "the \(secret.name) of \(identity) is locked",
                triesLeft: "0 tries left",
                hint: secret == .pin
                    ? "unblock it with the PUK"
                    : "only a reset of the application, which deletes its keys, helps")
        }
        if left == 1, !allowLastTry {
            throw TokenError(
                .lastTry, "the \(secret.name) of \(identity) was not tried",
                triesLeft: "1 try left",
                hint:
                    "one more wrong \(secret.name) locks the token; allow the last try only if sure"
            )
        }
    }

    /// The error of a PIN or PUK that the card refused.
    func refused(
        _ secret: CountedSecret, _ instruction: Instruction, _ status: StatusWord
    ) -> TokenError {
        guard let left = status.triesLeft else {
            return PIVApplication.refusal(
                instruction, status, "\(identity) did not take the \(secret.name)")
        }
        return PIVApplication.refusal(
            instruction, status,
            left == 0
                ? "\(identity): the \(secret.name) is locked"
                : "\(identity): the \(secret.name) is incorrect",
            code: left == 0 ? .pinLocked : .pinIncorrect,
            triesLeft: TryCount(left: left).description)
    }
}
