// SPDX-License-Identifier: Apache-2.0

/// What a token says of itself: the claims that tell one token from another.
///
/// The texts are without the padding of the wire (blanks or zero bytes).
public struct TokenIdentity: Hashable, Sendable, CustomStringConvertible {
    /// How the token is reached, and with that in which form it is named.
    public let scheme: TokenURI.Scheme
    /// The label that was given when the token was set up.
    public let label: String
    /// The serial number that the maker gave.
    public let serial: String
    /// The model.
    public let model: String
    /// The maker.
    public let manufacturer: String

    /// Makes the identity of these texts.
    public init(
        scheme: TokenURI.Scheme = .pkcs11, label: String, serial: String, model: String,
        manufacturer: String
    ) {
        self.scheme = scheme
        self.label = label
        self.serial = serial
        self.model = model
        self.manufacturer = manufacturer
    }

    /// The URI that finds this token and no other, without module path or PIN.
    public var uri: TokenURI {
        TokenURI(
            scheme: scheme, token: label, serial: serial, model: model, manufacturer: manufacturer)
    }

    /// The token as errors and screens name it: label and serial.
    public var description: String {
        "token \(label.quotedForDisplay) (serial \(serial.quotedForDisplay))"
    }
}
