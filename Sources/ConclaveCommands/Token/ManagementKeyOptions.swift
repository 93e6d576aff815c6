// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import PIVToken
import Token

/// Where a PIV card's management key comes from: never from an argument, and never by itself.
struct ManagementKeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Read a PIV card's management key, in hexadecimal digits, from this descriptor's first "
                + "line; otherwise from the terminal.",
            valueName: "number"))
    var managementKeyFD: Int32?

    mutating func validate() throws {
        if let managementKeyFD {
            try Descriptor.keepToOurselves(managementKeyFD, option: "--management-key-fd")
        }
    }

    /// Asks for the management key and shows it to the card.
    ///
    /// The key from the factory is not known to this program: whoever wants it types it.
    ///
    /// - Throws: `TokenError` where there is none to read, or the card has another.
    func authenticate(to card: PIVToken) async throws(TokenError) {
        let digits: PIN
        if let managementKeyFD {
            digits = try PIN.read(fromDescriptor: managementKeyFD)
        } else {
            digits = try PIN.readFromTerminal(
                prompt: "management key of \(card.identity), in hexadecimal digits: ")
        }
        let key = try digits.withBytes { bytes throws(TokenError) in
            try unsafe bytes.withUnsafeBytes { digits throws(TokenError) in
                unsafe try ManagementKey(hexDigits: digits)
            }
        }
        try await card.authenticate(key)
    }
}
