// SPDX-License-Identifier: Apache-2.0

import CPKCS11
public import Token

/// A slot of a module: a place for a token, and the token in it.
public struct PKCS11Slot: Sendable {
    /// The module's number for the slot; it may change from one start to the next.
    public let id: UInt
    /// What the module calls the slot: for a reader, its name.
    public let name: String
    /// The token in the slot; nil where there is none that the module recognises.
    public let token: PKCS11TokenInformation?
    /// Why the token could not be asked, where it could not.
    public let fault: TokenError?

    init(_ id: CK_SLOT_ID, of cryptoki: Cryptoki) throws(TokenError) {
        self.id = id
        let information = try cryptoki.slotInformation(id)
        name = fixedText(information.slotDescription)
        guard information.flags & CKF_TOKEN_PRESENT != 0 else {
            token = nil
            fault = nil
            return
        }
        do throws(TokenError) {
            let information = try retryOnce { () throws(TokenError) in
                try cryptoki.tokenInformation(id)
            }
            token = PKCS11TokenInformation(information)
            fault = nil
        } catch {
            token = nil
            let isEmpty =
                error.status == CKR_TOKEN_NOT_PRESENT || error.status == CKR_TOKEN_NOT_RECOGNIZED
            fault = isEmpty ? nil : error
        }
    }
}

/// What a module tells of a token before anyone logs in.
public struct PKCS11TokenInformation: Hashable, Sendable {
    /// The texts that tell one token from another.
    public let identity: TokenIdentity
    /// What the token is and can do.
    public let flags: PKCS11TokenFlags
    /// The hardware's version, `major.minor`.
    public let hardwareVersion: String
    /// The firmware's version, `major.minor`.
    public let firmwareVersion: String
    /// The shortest PIN, in bytes; nil where the token doesn't say.
    public let minimumPINLength: Int?
    /// The longest PIN, in bytes; nil where the token doesn't say.
    public let maximumPINLength: Int?

    init(_ information: CK_TOKEN_INFO) {
        identity = TokenIdentity(
            label: fixedText(information.label), serial: fixedText(information.serialNumber),
            model: fixedText(information.model),
            manufacturer: fixedText(information.manufacturerID))
        flags = PKCS11TokenFlags(rawValue: information.flags)
        hardwareVersion = information.hardwareVersion.text
        firmwareVersion = information.firmwareVersion.text
        minimumPINLength = Int(exactly: information.ulMinPinLen)
        maximumPINLength = Int(exactly: information.ulMaxPinLen)
    }
}

/// The flags of `CK_TOKEN_INFO` that matter here.
public struct PKCS11TokenFlags: OptionSet, Hashable, Sendable {
    /// The flags as the module gave them.
    public let rawValue: UInt

    /// Takes flags as a module gives them.
    public init(rawValue: UInt) { self.rawValue = rawValue }

    /// `CKF_LOGIN_REQUIRED`.
    public static let loginRequired = Self(rawValue: CKF_LOGIN_REQUIRED)
    /// `CKF_USER_PIN_INITIALIZED`.
    public static let pinInitialized = Self(rawValue: CKF_USER_PIN_INITIALIZED)
    /// `CKF_PROTECTED_AUTHENTICATION_PATH`: the token asks for the PIN on a pad of its own.
    public static let protectedAuthenticationPath = Self(
        rawValue: CKF_PROTECTED_AUTHENTICATION_PATH)
    /// `CKF_TOKEN_INITIALIZED`.
    public static let initialized = Self(rawValue: CKF_TOKEN_INITIALIZED)
    /// `CKF_WRITE_PROTECTED`.
    public static let writeProtected = Self(rawValue: CKF_WRITE_PROTECTED)
    /// `CKF_USER_PIN_COUNT_LOW`: a wrong PIN was given since the last right one.
    public static let pinCountLow = Self(rawValue: CKF_USER_PIN_COUNT_LOW)
    /// `CKF_USER_PIN_FINAL_TRY`: one more wrong PIN locks the token.
    public static let pinFinalTry = Self(rawValue: CKF_USER_PIN_FINAL_TRY)
    /// `CKF_USER_PIN_LOCKED`.
    public static let pinLocked = Self(rawValue: CKF_USER_PIN_LOCKED)
    /// `CKF_USER_PIN_TO_BE_CHANGED`.
    public static let pinToBeChanged = Self(rawValue: CKF_USER_PIN_TO_BE_CHANGED)

    /// What the flags say of the tries that are left; nil where they say nothing.
    public var triesLeft: String? {
        if contains(.pinLocked) { return "no try left" }
        if contains(.pinFinalTry) { return "one try left" }
        if contains(.pinCountLow) { return "fewer tries left than at first" }
        return nil
    }
}

extension CK_VERSION {
    /// The version as people write it.
    var text: String { "\(major).\(minor)" }
}
