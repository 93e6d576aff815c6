// SPDX-License-Identifier: Apache-2.0
import PKCS11Token
import Token

/// What a PIN must be to be worth a try: each wrong try counts.
struct PINRules: Equatable, Sendable {
    /// The shortest PIN, in bytes.
    var minimum = 1
    /// The longest PIN, in bytes.
    var maximum = PIN.maximumLength

    /// A PIV card's PIN, SP 800-73-4 part 2 section 3.2.1: the card pads it to eight bytes.
    static let piv = PINRules(minimum: 6, maximum: 8)

    /// The rules of a token, as far as it tells them.
    static func of(_ token: any Token) async throws(TokenError) -> PINRules {
        guard let token = token as? PKCS11Token else { return piv }
        let told = try await token.information()
        var rules = PINRules()
        // Some modules tell zeros, or a longest PIN below the shortest: that is nothing to go by.
        let shortest = told.minimumPINLength ?? 0
        let longest = told.maximumPINLength ?? 0
        guard longest > 0, shortest <= longest else { return rules }
        rules.minimum = max(1, shortest)
        rules.maximum = min(longest, PIN.maximumLength)
        return rules
    }

    /// Refuses a PIN that the token cannot take.
    ///
    /// - Throws: `TokenError`; nothing in it tells how long the PIN is.
    func check(_ pin: PIN, for identity: TokenIdentity) throws(TokenError) {
        let (count, isASCII) = pin.withBytes { bytes in
            unsafe bytes.withUnsafeBytes { unsafe ($0.count, $0.allSatisfy { $0 < 0x80 }) }
        }
        guard isASCII else {
            throw TokenError(
                .pinUnavailable,
                "the PIN for \(identity) has a character that is not ASCII; it was not tried",
                hint: "another keyboard or setting would send other bytes; is it the right layout?")
        }
        guard (minimum...max(minimum, maximum)).contains(count) else {
            throw TokenError(
                .pinLength,
                "the PIN for \(identity) is not of \(minimum) to \(maximum) characters; "
                    + "it was not tried")
        }
    }
}
