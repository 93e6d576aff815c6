// SPDX-License-Identifier: Apache-2.0

import SSHCrypto
import SSHFormats
import SoftHSMSupport
import Testing
import Token
import TokenEvidence

@testable import PKCS11Token

@Suite("Finding keys")
struct KeyTests {
    @Test("keys that other programs made are found by their public keys, with their attributes")
    func foreignKeys() async throws {
        let token = try await TestToken(SoftHSM.plainForeignToken).open()
        let visible = try await token.publicKeys()
        #expect(visible.map(\.label).sorted() == ["edwards", "extractable", "plain"])
        try await token.login(try TestToken.pin())
        for (key, label) in visible {
            let found = try await token.find(key)
            #expect(found.publicKey == key)
            #expect(found.label == label)
            #expect(found.evidence.claims?.extractable == (label == "extractable"))
            #expect(found.evidence.claims?.modifiable == true)
            #expect(found.evidence.claims?.local == true)
        }
        #expect(Set(try await token.keys().map(\.publicKey)) == Set(visible.map(\.key)))

        // What another program made may be taken out, or changed so that it can: no authority's.
        for (key, label) in visible {
            let error = await refusal { _ = try await token.sign([[1]], with: key) }
            #expect(error.code == .attributeFault)
            let faults =
                label == "extractable"
                ? "CKA_EXTRACTABLE is true, must be false; "
                    + "CKA_NEVER_EXTRACTABLE is false, must be true; "
                : ""
            #expect(
                error.description
                    == "key \"\(label)\" on \(token.identity) must not sign certificates: "
                    + "\(faults)CKA_MODIFIABLE is true, must be false")
            let again = await refusal { try await token.prepare(key) }
            #expect(again == error)
        }
        await token.close()
    }

    @Test("a key that is not there is named, with those that are")
    func absent() async throws {
        let token = try await TestToken("search").openAndLogIn()
        let empty = await refusal { _ = try await token.find(HostileModule.publicKey) }
        #expect(empty.code == .keyNotFound)
        #expect(
            empty.description
                == "no key \(HostileModule.publicKey.fingerprint) is on "
                + "\(token.identity), which holds no public key")
        let key = try await token.generate(KeyRequest(.ecdsaP256, label: "present"))
        let error = await refusal {
            _ = try await token.sign([[1]], with: HostileModule.publicKey)
        }
        #expect(error.code == .keyNotFound)
        #expect(
            error.description
                == "no key \(HostileModule.publicKey.fingerprint) is on "
                + "\(token.identity), which holds \(key.publicKey.fingerprint)")
        await token.close()
    }

    @Test("private keys that cannot be told apart are ambiguous, those that can are not")
    func alike() async throws {
        let token = try await TestToken(SoftHSM.ambiguousToken).openAndLogIn()
        for (key, _) in try await token.publicKeys() {
            guard key.kind != .rsa else {
                // RSA's private objects show the modulus, so one ID for two keys does no harm.
                _ = try await token.find(key)
                continue
            }
            let error = await refusal { _ = try await token.find(key) }
            #expect(error.code == .ambiguousKey)
            #expect(
                error.description.hasPrefix(
                    "2 private keys on \(token.identity) may be that of \(key.fingerprint): "))
            #expect(error.description.contains("\"one\" (ID 05)"))
            #expect(error.description.contains("\"other\" (ID 05)"))
        }
        await token.close()
    }

    @Test(
        "a point is read with the OCTET STRING around it and without", arguments: [0, 1] as [UInt])
    func rawPoint(raw: UInt) async throws {
        let hostile = HostileModule()
        hostile["raw-point"] = raw
        let token = try await hostile.openAndLogIn()
        #expect(try await token.keys().map(\.publicKey) == [HostileModule.publicKey])
        await token.close()
    }

    @Test("points of other lengths, or in other wrappings, are none")
    func points() {
        let point = [UInt8](repeating: 4, count: 65)
        #expect(KeyNumbers.unwrap(point, length: 65) == point)
        #expect(KeyNumbers.unwrap([4, 65] + point, length: 65) == point)
        #expect(KeyNumbers.unwrap([4, 0x81, 65] + point, length: 65) == nil)
        #expect(KeyNumbers.unwrap([3, 65] + point, length: 65) == nil)
        #expect(KeyNumbers.unwrap([4, 64] + point, length: 65) == nil)
        #expect(KeyNumbers.unwrap([4, 65] + point + [0], length: 65) == nil)
        let long = [UInt8](repeating: 4, count: 133)
        #expect(KeyNumbers.unwrap(long, length: 133) == long)
        #expect(KeyNumbers.unwrap([4, 0x81, 133] + long, length: 133) == long)
        #expect(KeyNumbers.unwrap([4, 133] + long, length: 133) == nil)
        let edwards = [UInt8](repeating: 4, count: 32)
        #expect(KeyNumbers.unwrap(edwards, length: 32) == edwards)
        #expect(KeyNumbers.unwrap([4, 32] + edwards, length: 32) == edwards)
        #expect(KeyNumbers.unwrap([], length: 32) == nil)
    }

    @Test("a public key without a private key that can sign is told apart from none")
    func publicAlone() async throws {
        let hostile = HostileModule()
        hostile["signs"] = 0
        let token = try await hostile.openAndLogIn()
        #expect(try await token.keys() == [])
        let error = await refusal { _ = try await token.find(HostileModule.publicKey) }
        #expect(error.code == .keyNotFound)
        #expect(
            error.description
                == "token \"hostile\" (serial \"666\") holds the public key "
                + "\(HostileModule.publicKey.fingerprint), "
                + "and no private key with the same ID that can sign")
        await token.close()
    }

    @Test("a search that fails is an error, not an empty token")
    func searchFails() async throws {
        let hostile = HostileModule()
        let token = try await hostile.openAndLogIn()
        hostile["find-result"] = 0x5
        let error = await refusal { _ = try await token.keys() }
        #expect(
            error.description
                == "the token or its module failed (C_FindObjects: CKR_GENERAL_ERROR, 0x5)")
        await token.close()
    }
}
