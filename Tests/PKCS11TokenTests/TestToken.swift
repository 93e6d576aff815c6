// SPDX-License-Identifier: Apache-2.0

import SoftHSMSupport
import Token

@testable import PKCS11Token

/// A token of SoftHSM for one test.
struct TestToken {
    let uri: TokenURI

    /// Makes a token.
    init(_ label: String) {
        uri = TokenURI(token: label, serial: SoftHSM.makeToken(label))
    }

    /// Takes a token that another program has filled.
    init(_ foreign: SoftHSM.ForeignToken) {
        SoftHSM.start()
        uri = TokenURI(token: foreign.label)
    }

    static func module() throws -> PKCS11Module {
        SoftHSM.start()
        return try PKCS11Module(path: SoftHSM.modulePath)
    }

    func open() async throws -> PKCS11Token { try await Self.module().open(uri) }

    func openAndLogIn() async throws -> PKCS11Token {
        let token = try await open()
        try await token.login(try Self.pin())
        return token
    }

    static func pin() throws -> PIN { try PIN(SoftHSM.pin.utf8) }
}
