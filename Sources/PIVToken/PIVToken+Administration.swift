// SPDX-License-Identifier: Apache-2.0

import SSHCrypto
public import Token
public import TokenEvidence

extension PIVToken {
    /// The cipher of the card's management key, which decides how long the key is.
    ///
    /// - Throws: ``Token/TokenError`` where the card cannot be asked.
    public nonisolated func managementAlgorithm()
        async throws(TokenError) -> ManagementKey.Algorithm
    {
        try await timed { (token) throws(TokenError) in
            try token.onCard { card throws(TokenError) in try card.managementAlgorithm() }
        }
    }

    /// Shows the card its management key, by mutual authentication, and keeps it for what wants it.
    ///
    /// The key itself is not sent. It is kept, hidden, until the card is closed.
    ///
    /// - Throws: ``Token/TokenError`` where the key is another, or the card does not know it itself.
    public nonisolated func authenticate(_ key: ManagementKey) async throws(TokenError) {
        try await timed { (token) throws(TokenError) in
            try token.onCard { card throws(TokenError) in
                token.managementKey = nil
                try token.show(card, key)
                token.managementKey = key
            }
        }
    }

    /// Puts another PIN in the place of the old one.
    ///
    /// - Throws: ``Token/TokenError`` where the old one is wrong, with the tries that are left.
    public nonisolated func changePIN(
        from old: PIN, to new: PIN, allowLastTry: Bool = false
    ) async throws(TokenError) {
        try PINBlock.check(old, named: "old PIN")
        try PINBlock.check(new, named: "new PIN")
        try await timed { (token) throws(TokenError) in
            try token.onCard { card throws(TokenError) in
                try token.refuseHopelessTry(card, allowLastTry)
                token.hasShownSecret = true
                let status = try card.change(.pin, from: old, to: new)
                guard status == .success else {
                    throw token.refused(.pin, .changeReference, status)
                }
                // Whether a change counts as a login differs; the new PIN is right in any case.
                if token.pin != nil { token.pin = new }
                token.isLoggedIn = false
            }
        }
    }

    /// Puts another PUK in the place of the old one.
    ///
    /// - Throws: ``Token/TokenError`` where the old one is wrong, with the tries that are left.
    public nonisolated func changePUK(
        from old: PIN, to new: PIN, allowLastTry: Bool = false
    ) async throws(TokenError) {
        try PINBlock.check(old, named: "old PUK")
        try PINBlock.check(new, named: "new PUK")
        try await timed { (token) throws(TokenError) in
            try token.onCard { card throws(TokenError) in
                try token.refuseHopelessPUK(card, allowLastTry)
                token.hasShownSecret = true
                let status = try card.change(.puk, from: old, to: new)
                guard status == .success else {
                    throw token.refused(.puk, .changeReference, status)
                }
            }
        }
    }

    /// Puts a new PIN in place and gives it all its tries, because of the PUK.
    ///
    /// - Throws: ``Token/TokenError`` where the PUK is wrong, with the tries that are left.
    public nonisolated func unblockPIN(
        puk: PIN, newPIN: PIN, allowLastTry: Bool = false
    ) async throws(TokenError) {
        try PINBlock.check(puk, named: "PUK")
        try PINBlock.check(newPIN, named: "new PIN")
        try await timed { (token) throws(TokenError) in
            try token.onCard { card throws(TokenError) in
                try token.refuseHopelessPUK(card, allowLastTry)
                token.hasShownSecret = true
                let status = try card.unblock(puk, newPIN: newPIN)
                guard status == .success else {
                    throw token.refused(.puk, .resetRetryCounter, status)
                }
                token.pin = nil
                token.isLoggedIn = false
            }
        }
    }

    /// Puts another management key in the place of the one that was shown, and keeps it.
    ///
    /// - Throws: ``Token/TokenError`` where none was shown, or the card does not take this one.
    public nonisolated func changeManagementKey(
        to key: ManagementKey, _ algorithm: ManagementKey.Algorithm, touch: TouchPolicy = .never
    ) async throws(TokenError) {
        try requireExtensions("other management keys")
        guard key.length == algorithm.keyLength else {
            throw TokenError(
                .unsupported,
                "management key of \(key.length) bytes is none of \(algorithm), which has "
                    + "\(algorithm.keyLength)")
        }
        try await timed { (token) throws(TokenError) in
            try token.onCard { card throws(TokenError) in
                try token.showManagementKey(card)
                let status = try card.setManagementKey(key, algorithm, touch: touch)
                guard status == .success else {
                    throw PIVApplication.refusal(
                        .setManagementKey, status,
                        "\(token.identity) did not take a management key of \(algorithm)")
                }
                token.managementKey = key
            }
        }
    }

    /// Sets how many tries PIN and PUK have.
    ///
    /// The card puts both back to those of the factory: change them at once. A login and the
    /// management key come before.
    ///
    /// - Throws: ``Token/TokenError`` where the card does not take the numbers, from 1 to 255.
    public nonisolated func setTries(pin: UInt8, puk: UInt8) async throws(TokenError) {
        try requireExtensions("other numbers of tries")
        guard pin > 0, puk > 0 else {
            throw TokenError(.unsupported, "a PIN or PUK without tries could never be given")
        }
        try await timed { (token) throws(TokenError) in
            try token.onCard { card throws(TokenError) in
                try token.showManagementKey(card)
                try token.ensureLogin(card)
                let status = try card.send(
                    CommandAPDU(.setPINRetries, p1: pin, p2: puk, expectsData: false)
                ).status
                guard status == .success else {
                    throw PIVApplication.refusal(
                        .setPINRetries, status,
                        "\(token.identity) did not take \(pin) and \(puk) tries")
                }
                token.pin = nil
                token.isLoggedIn = false
            }
        }
    }

    /// Refuses what only a card with Yubico's extensions can do.
    private nonisolated func requireExtensions(_ what: String) throws(TokenError) {
        guard isExtended else { throw TokenError(.unsupported, "\(identity) knows no \(what)") }
    }

    /// Shows the card the management key that was right before.
    func showManagementKey(_ card: PIVApplication) throws(TokenError) {
        guard let managementKey else {
            throw TokenError(
                .notLoggedIn, "\(identity) wants its management key for this, and none was given")
        }
        try show(card, managementKey)
    }

    private func show(_ card: PIVApplication, _ key: ManagementKey) throws(TokenError) {
        hasShownSecret = true
        let algorithm = isExtended ? try card.managementAlgorithm() : .tripleDES
        try card.authenticate(
            key, algorithm, challenge: Self.random(algorithm.cipher.blockLength))
    }

    /// Refuses a try with a PUK that has none left, or the last; where the card tells.
    private func refuseHopelessPUK(
        _ card: PIVApplication, _ allowLastTry: Bool
    ) throws(TokenError) {
        guard isExtended, case .told(let metadata) = try card.metadata(CountedSecret.puk.rawValue),
            let tries = metadata.tries
        else { return }
        try refuseHopelessTry(.puk, tries.left, allowLastTry)
    }
}
