// SPDX-License-Identifier: Apache-2.0
import CPKCS11
import Token

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
