// SPDX-License-Identifier: Apache-2.0

/// What a token says of itself: the claims that tell one token from another.
///
/// The texts are without the padding of the wire (blanks or zero bytes).
public struct TokenIdentity: Hashable, Sendable, CustomStringConvertible {
    /// The label that was given when the token was set up.
    public let label: String
    /// The serial number that the maker gave.
    public let serial: String
    /// The model.
    public let model: String
    /// The maker.
    public let manufacturer: String

    /// Makes the identity of these texts.
    public init(label: String, serial: String, model: String, manufacturer: String) {
        self.label = label
        self.serial = serial
        self.model = model
        self.manufacturer = manufacturer
    }

    /// The URI that finds this token and no other, RFC 7512, without module path or PIN.
    public var uri: TokenURI {
        TokenURI(token: label, serial: serial, model: model, manufacturer: manufacturer)
    }

    /// The token as errors and screens name it: label and serial.
    public var description: String {
        "token \(label.quotedForDisplay) (serial \(serial.quotedForDisplay))"
    }
}
