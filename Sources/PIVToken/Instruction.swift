// SPDX-License-Identifier: Apache-2.0

/// The instructions that are sent to a PIV card: SP 800-73-4 part 2 section 3, and Yubico's own.
enum Instruction: UInt8, Hashable, Sendable {
    /// One of Yubico's application for one-time passwords: with P1 = 10, the serial number.
    case otpRequest = 0x01
    /// VERIFY.
    case verify = 0x20
    /// CHANGE REFERENCE DATA.
    case changeReference = 0x24
    /// RESET RETRY COUNTER.
    case resetRetryCounter = 0x2C
    /// GENERATE ASYMMETRIC KEY PAIR.
    case generate = 0x47
    /// GENERAL AUTHENTICATE.
    case authenticate = 0x87
    /// SELECT.
    case select = 0xA4
    /// GET RESPONSE, ISO 7816-4 section 7.6.1.
    case getResponse = 0xC0
    /// GET DATA.
    case getData = 0xCB
    /// PUT DATA.
    case putData = 0xDB
    /// Yubico's GET METADATA, since firmware 5.3.
    case getMetadata = 0xF7
    /// Yubico's GET SERIAL, since firmware 5.0.
    case getSerial = 0xF8
    /// Yubico's ATTEST, since firmware 4.3.
    case attest = 0xF9
    /// Yubico's SET PIN RETRIES.
    case setPINRetries = 0xFA
    /// Yubico's GET VERSION.
    case getVersion = 0xFD
    /// Yubico's SET MANAGEMENT KEY.
    case setManagementKey = 0xFF

    /// The name that errors use.
    var name: String {
        switch self {
        case .otpRequest: "OTP REQUEST"
        case .verify: "VERIFY"
        case .changeReference: "CHANGE REFERENCE DATA"
        case .resetRetryCounter: "RESET RETRY COUNTER"
        case .generate: "GENERATE ASYMMETRIC KEY PAIR"
        case .authenticate: "GENERAL AUTHENTICATE"
        case .select: "SELECT"
        case .getResponse: "GET RESPONSE"
        case .getData: "GET DATA"
        case .putData: "PUT DATA"
        case .getMetadata: "GET METADATA"
        case .getSerial: "GET SERIAL"
        case .attest: "ATTEST"
        case .setPINRetries: "SET PIN RETRIES"
        case .getVersion: "GET VERSION"
        case .setManagementKey: "SET MANAGEMENT KEY"
        }
    }
}
