// SPDX-License-Identifier: Apache-2.0

import SSHCrypto
import Testing
import Token

@testable import PKCS11Token

@Suite("Where a private key's public half is found")
struct PublicHalfTests {
    /// Ways to show a public half.
    private func module(
        object: UInt = 0, own: UInt = 0, certificate: UInt = 0
    ) -> HostileModule {
        let hostile = HostileModule()
        hostile["public-object"] = object
        hostile["own-point"] = own
        hostile["certificate"] = certificate
        return hostile
    }

    @Test(
        "in a public object, in its own attributes, or in a certificate",
        arguments: [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1), (0, 1, 1), (1, 0, 3)]
            as [(UInt, UInt, UInt)])
    func found(object: UInt, own: UInt, certificate: UInt) async throws {
        let hostile = module(object: object, own: own, certificate: certificate)
        let token = try await hostile.openAndLogIn()
        #expect(try await token.keys().map(\.publicKey) == [HostileModule.publicKey])
        let shown = try await token.publicKeys().map(\.key)
        #expect(shown == (object == 0 && certificate == 0 ? [] : [HostileModule.publicKey]))
        #expect(try await token.sign([[1]], with: HostileModule.publicKey).count == 1)
        await token.close()
    }

    @Test("nowhere where the token shows none, or only what is no certificate", arguments: [0, 3])
    func nowhere(certificate: UInt) async throws {
        let token = try await module(certificate: certificate).openAndLogIn()
        #expect(try await token.keys() == [])
        await token.close()
    }

    @Test("a certificate of another key beside it is refused, and named", arguments: [true, false])
    func mismatch(isShownByItself: Bool) async throws {
        let hostile = module(
            object: isShownByItself ? 0 : 1, own: isShownByItself ? 1 : 0, certificate: 2)
        let token = try await hostile.openAndLogIn()
        let other = try #require(
            try await token.publicKeys().map(\.key).first { $0 != HostileModule.publicKey })
        #expect(try await token.keys().map(\.publicKey) == [HostileModule.publicKey])
        let error = await refusal { try await token.prepare(HostileModule.publicKey) }
        #expect(error.code == .keyMismatch)
        #expect(
            error.description
                == "certificate \"paper\" (ID 01) on token \"hostile\" (serial \"666\") is of key "
                + "\(other.fingerprint), and not of the key beside it, "
                + "\(HostileModule.publicKey.fingerprint)")
        #expect(error.hint == "put the key's own certificate in its place, or none")
        let absent = await refusal { _ = try await token.find(other) }
        #expect(absent.code == .keyNotFound)
        #expect(hostile["signatures"] == 0)
        await token.close()
    }

    @Test("a certificate of another key alone makes a key whose signatures are found wrong")
    func certificateAlone() async throws {
        let hostile = module(certificate: 2)
        let token = try await hostile.openAndLogIn()
        let key = try #require(try await token.keys().first).publicKey
        #expect(key != HostileModule.publicKey)
        let error = await refusal { _ = try await token.sign([[1]], with: key) }
        #expect(error.code == .wrongSignature)
        await token.close()
    }
}
