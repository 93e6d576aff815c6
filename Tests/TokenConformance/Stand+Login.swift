// SPDX-License-Identifier: Apache-2.0

import PKCS11Token
import Token
import TokenEvidence

extension Stand {
    func showIdentity() async throws {
        let token = try await open()
        let identity = await token.identity
        for text in [identity.label, identity.serial, identity.model, identity.manufacturer] {
            try require(
                !text.unicodeScalars.contains("\0") && text.last != " ",
                "\(text.quotedForDisplay) has padding")
        }
        try require(!identity.label.isEmpty, "the token has no label")
        let evidence = try await token.evidence()
        try require(evidence.serial, is: identity.serial, "the serial number")
        await token.close()
    }

    func showLoginFirst() async throws {
        let token = try await open()
        if let token = token as? PKCS11Token { _ = try await token.publicKeys() }
        try await requireLocked(token)
        try await token.login(try PIN(pin.utf8))
        _ = try await token.keys()
        await token.close()
    }

    /// Shows that nobody is logged in.
    private func requireLocked(_ token: any TestedToken) async throws {
        if hidesKeys {
            _ = try await refusal("asking for keys", .notLoggedIn) { _ = try await token.keys() }
        } else {
            guard let key = try await token.keys().first else {
                throw CheckFailure("there is no key")
            }
            _ = try await refusal("signing", .notLoggedIn) {
                _ = try await token.approvalSignature(
                    over: [1], namespace: "conformance", key: key.publicKey)
            }
        }
    }

    func showWrongPIN() async throws {
        let token = try await open()
        let error = try await refusal("the wrong PIN", .pinIncorrect) {
            try await token.login(try PIN(wrongPIN.utf8))
        }
        try require(error.operation, is: loginCall, "the call")
        try require(error.triesLeft, is: remark, "what the flags say")
        try await requireLocked(token)
        try await token.login(try PIN(pin.utf8))
        _ = try await token.keys()
        try require(
            try await token.evidence().pinRemark, is: nil, "what the flags say after the right PIN")
        await token.close()
    }

    func showSecondLogin() async throws {
        let token = try await openAndLogIn()
        try await token.login(try PIN(pin.utf8))
        _ = try await token.keys()
        await token.close()
    }

    func showUnfitPIN() async throws {
        let token = try await open()
        let told = try await (token as? PKCS11Token)?.information()
        let shortest = told.map { $0.minimumPINLength ?? 0 } ?? 6
        let longest = told.map { $0.maximumPINLength ?? 0 } ?? 8
        if longest > 0, shortest <= longest {
            for length in [shortest - 1, longest + 1] where (1...255).contains(length) {
                let pin = try PIN([UInt8](repeating: 0x31, count: length))
                _ = try await refusal("a PIN of \(length) bytes", .pinLength) {
                    try await token.login(pin)
                }
            }
        }
        _ = try await refusal("a PIN that is not ASCII", .pinUnavailable) {
            try await token.login(try PIN("sechsß".utf8))
        }
        try require(try await token.evidence().pinRemark, is: nil, "what the flags say")
        await token.close()
    }

    func showLastSession() async throws {
        let token = try await openAndLogIn()
        let keys = try await token.keys()
        await token.close()
        _ = try await refusal("a closed token", .closed) { _ = try await token.keys() }
        let again = try await open()
        try await requireLocked(again)
        try await again.login(try PIN(pin.utf8))
        let found = try await again.keys()
        try require(
            Set(found.map(\.publicKey)), is: Set(keys.map(\.publicKey)), "what is found again")
        try require(Set(found.map(\.id)), is: Set(keys.map(\.id)), "what IDs are found again")
        await again.close()
    }
}
