// SPDX-License-Identifier: Apache-2.0
import PIVCardSupport
import SSHCrypto
import SSHFormats
import TestSupport
import Testing
import Token
import TokenEvidence

@testable import PIVToken

@Suite("Keys, certificates and objects in the slots of a PIV card", .timeLimit(.minutes(20)))
struct SlotTests {
    @Test("a slot that holds anything is not made a key in")
    func takenSlots() async throws {
        let (bench, token, key) = try await Workbench.withKey(attests: true)
        let generated = try bench.card.control.count(instruction: 0x47)
        let taken = await tokenError {
            try await token.generate(KeyRequest(.ecdsaP256, label: "", slot: .authentication))
        }
        #expect(taken?.code == .slotTaken)
        #expect(
            taken?.description
                == "slot 9a of token \"YubiKey PIV #12345678\" (serial \"12345678\") holds the key "
                + key.fingerprint)
        try bench.card.control.send("object 5fc10a 7003010203710100fe00")
        let left = await tokenError {
            try await token.generate(KeyRequest(.ecdsaP256, label: "", slot: .signature))
        }
        #expect(left?.code == .slotTaken)
        // Without metadata, by attestation; without both, by the certificate.
        try bench.card.control.quirk("no-metadata", "on")
        let attested = await tokenError {
            try await token.generate(KeyRequest(.ecdsaP256, label: "", slot: .authentication))
        }
        #expect(attested?.code == .slotTaken)
        try bench.card.control.quirk("no-attestation", "on")
        let certified = await tokenError {
            try await token.generate(KeyRequest(.ecdsaP256, label: "", slot: .signature))
        }
        #expect(certified?.code == .slotTaken)
        #expect(try bench.card.control.count(instruction: 0x47) == generated)
    }

    @Test("a key needs a slot that is for keys, a kind that the card makes, and both secrets")
    func refusedRequests() async throws {
        let bench = try Workbench()
        let token = try await bench.open()
        func error(_ request: KeyRequest) async -> TokenError? {
            await tokenError { try await token.generate(request) }
        }
        #expect(await error(KeyRequest(.ecdsaP256, label: ""))?.code == .unsupported)
        #expect(
            await error(KeyRequest(.ecdsaP256, label: "", slot: .attestation))?.code == .unsupported
        )
        #expect(
            await error(KeyRequest(.ecdsaP521, label: "", slot: .signature))?.code == .unsupported)
        #expect(
            await error(KeyRequest(.ecdsaP256, label: "", slot: .signature))?.code == .notLoggedIn)
        try await token.login(PIN(Workbench.pin.utf8))
        let unmanaged = await error(KeyRequest(.ecdsaP256, label: "", slot: .signature))
        #expect(
            unmanaged?.description
                == "token \"YubiKey PIV #12345678\" (serial \"12345678\") wants its management key for "
                + "this, and none was given")
        try await token.authenticate(ManagementKey(Workbench.managementKey))
        // Firmware 5.4 makes no Ed25519.
        let old = await error(KeyRequest(.ed25519, label: "", slot: .signature))
        #expect(old?.code == .unsupported)
        #expect(try await token.keys() == [])
        let empty = await tokenError {
            try await token.find(try PublicKey(.ed25519(CodingTests.point)))
        }
        #expect(empty?.code == .keyNotFound)
        #expect(empty?.description.hasSuffix("which holds no key") == true)
    }

    static let policyCases: [(UInt8, PINPolicy?, TouchPolicy?)] = [
        (0x9A, .always, nil), (0x9C, .never, nil), (0x82, .once, .never), (0x95, nil, nil),
        (0x9E, nil, nil),
    ]

    @Test(
        "policies are made as asked, read back, and told",
        arguments: policyCases)
    func policies(slot: UInt8, pinPolicy: PINPolicy?, touchPolicy: TouchPolicy?) async throws {
        let slot = try #require(PIVSlot(rawValue: slot))
        let (bench, token, key) = try await Workbench.withKey(
            slot: slot, pinPolicy: pinPolicy, touchPolicy: touchPolicy, attests: true)
        let found = try await token.find(key)
        let metadata = try #require(found.evidence.metadata)
        #expect(metadata.origin == .generated)
        #expect(metadata.pinPolicy == pinPolicy ?? slot.standardPINPolicy)
        #expect(metadata.touchPolicy == touchPolicy ?? .never)
        #expect(found.id == [slot.rawValue])
        #expect(found.evidence.faults == [])
        let chain = try #require(found.evidence.attestation)
        #expect(chain.slot == slot.rawValue)
        #expect(chain.certificates.count == 2)
        #expect(chain.certificates.first.flatMap(CertificateKey.key) == key)
        if metadata.pinPolicy == .never {
            await token.close()
            let other = try await bench.open()
            _ = try await other.sign([[1]], with: key)
        } else {
            _ = try await token.sign([[1]], with: key)
        }
    }

    @Test("policies that the card does not tell are read from its attestation")
    func attestedPolicies() async throws {
        let bench = try Workbench(firmware: "5.2.7", attests: true)
        let token = try await bench.openForWork()
        let key = try await token.generate(
            KeyRequest(.ecdsaP256, label: "", slot: .authentication, pinPolicy: .always))
        #expect(key.evidence.metadata?.pinPolicy == .always)
        #expect(key.evidence.metadata?.touchPolicy == .never)
        #expect(key.evidence.metadata?.origin == nil)
        _ = try await token.sign([[1]], with: key.publicKey)
        bench.line.clear()
        _ = try await token.sign([[1], [2]], with: key.publicKey)
        #expect(bench.line.calls == ["begin", "a4", "f8", "20", "87", "20", "87", "end"])
    }

    @Test("an imported key is found, and may not be a certificate authority's")
    func importedKey() async throws {
        let bench = try Workbench(attests: true)
        let token = try await bench.openForWork()
        try await token.importKey(.cardAuthentication, scalar: [UInt8](repeating: 7, count: 32))
        let key = try #require(try await token.keys().first)
        #expect(key.evidence.metadata?.origin == .imported)
        #expect(key.evidence.attestation == nil)
        let error = await tokenError { try await token.prepare(key.publicKey) }
        #expect(error?.code == .attributeFault)
        #expect(
            error?.description
                == "key \"slot 9e\" on token \"YubiKey PIV #12345678\" (serial \"12345678\") must not "
                + "sign certificates: origin is imported, must be generated")
        // An officer's key may be.
        let approval = try await token.approvalSignature(
            over: [1, 2, 3], namespace: "test", key: key.publicKey)
        #expect(approval.publicKey == key.publicKey)
        // The same key twice is ambiguous.
        try await token.importKey(.keyManagement, scalar: [UInt8](repeating: 7, count: 32))
        let twice = await tokenError { try await token.find(key.publicKey) }
        #expect(twice?.code == .ambiguousKey)
        #expect(twice?.description.hasSuffix("2 times: in slots 9d, 9e") == true)
    }

    @Test("a certificate is written, read, found by, and refused where it is of another key")
    func certificates() async throws {
        let (bench, token, key) = try await Workbench.withKey(attests: true)
        let second = try await token.generate(
            KeyRequest(.ecdsaP384, label: "", slot: .signature)
        ).publicKey
        // What attests the key is a certificate of it, as good as any other here.
        let own = try #require(try await token.attestation(of: .authentication)?.certificates.first)
        let other = try #require(try await token.attestation(of: .signature)?.certificates.first)
        #expect(try await token.certificate(of: .authentication) == nil)
        try await token.write(certificate: own, to: .authentication)
        #expect(try await token.certificate(of: .authentication) == own)
        let refused = await tokenError {
            try await token.write(certificate: other, to: .authentication)
        }
        #expect(refused?.code == .keyMismatch)
        let garbage = await tokenError {
            try await token.write(certificate: [1, 2, 3], to: .authentication)
        }
        #expect(garbage?.code == .keyMismatch)
        try await token.prepare(key)

        // Cards that tell nothing and attest nothing know their keys by certificates alone.
        try bench.card.control.quirk("no-metadata", "on")
        try bench.card.control.quirk("no-attestation", "on")
        #expect(try await token.keys().map(\.publicKey) == [key])
        await token.forgetKeys()
        _ = try await token.sign([[1]], with: key)
        #expect(await tokenError { try await token.find(second) }?.code == .keyNotFound)
        try bench.card.control.quirk("no-metadata", "off")

        // Somebody mixes things up.
        try await token.write(PIVCertificate.object(other), to: .certificate(.authentication))
        await token.forgetKeys()
        let mixed = await tokenError { try await token.sign([[1]], with: key) }
        #expect(mixed?.code == .keyMismatch)
        #expect(
            mixed?.description
                == "the certificate in slot 9a of token \"YubiKey PIV #12345678\" (serial "
                + "\"12345678\") is not of the key \(key.fingerprint) beside it, but of "
                + second.fingerprint)
        try await token.write(certificate: nil, to: .authentication)
        #expect(try await token.certificate(of: .authentication) == nil)
        _ = try await token.sign([[1]], with: key)
    }

    @Test("a packed certificate is refused in clear words, and does not keep the key from signing")
    func packedCertificate() async throws {
        let (bench, token, key) = try await Workbench.withKey()
        try bench.card.control.send("object 5fc105 70041f8b0800710101fe00")
        let error = await tokenError { try await token.certificate(of: .authentication) }
        #expect(error?.code == .unsupported)
        #expect(error?.description == "the certificate of slot 9a is packed with gzip")
        await token.forgetKeys()
        _ = try await token.sign([[1]], with: key)
    }

    @Test(
        "objects are written and read back in pieces of every size",
        arguments: [1, 100, 240, 246, 247, 250, 255, 256, 257, 600, 3000])
    func objects(count: Int) async throws {
        let bench = try Workbench()
        let extended = try await bench.openForWork()
        let value = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ count) }
        try await extended.write(value, to: .printedInformation)
        #expect(try await extended.object(.printedInformation) == value)
        await extended.close()
        let chained = try await bench.open(answerToReset: bytes("3B80800101"))
        try await chained.authenticate(ManagementKey(Workbench.managementKey))
        try await chained.write(value.reversed(), to: .keyHistory)
        #expect(try await chained.object(.keyHistory) == value.reversed())
        try await chained.write([], to: .keyHistory)
        try await chained.write([], to: .keyHistory)
        #expect(try await chained.object(.keyHistory) == nil)
        #expect(try await chained.object(.discovery)?.first == 0x7E)
    }

    @Test("an object that is too long is refused by the card, in clear words")
    func longObject() async throws {
        let bench = try Workbench()
        let token = try await bench.openForWork()
        let error = await tokenError {
            try await token.write([UInt8](repeating: 1, count: 4000), to: .printedInformation)
        }
        #expect(error?.code == .other)
        #expect(
            error?.description.hasPrefix("object 5fc109 of the card cannot be written (PUT DATA: ")
                == true)
    }

    @Test("a card is known by its GUID where it has no serial number")
    func identifier() async throws {
        let bench = try Workbench(quirks: ["no-serial": "on"])
        let guid = "000102030405060708090a0b0c0d0e0f"
        try bench.card.control.send(
            "object 5fc102 3019" + String(repeating: "00", count: 25) + "3410" + guid + "3e00fe00")
        let token = try await bench.open()
        #expect(token.identity.serial == guid)
        #expect(token.identity.label == "YubiKey PIV")
        try await token.login(PIN(Workbench.pin.utf8))
    }
}

extension PIVToken {
    /// Brings a P-256 key to the card, as other programs do.
    func importKey(_ slot: PIVSlot, scalar: [UInt8]) throws {
        try onCard { card throws(TokenError) in
            try showManagementKey(card)
            // IMPORT ASYMMETRIC KEY is an instruction that the product has no use for.
            let command: [UInt8] = [0, 0xFE, 0x11, slot.rawValue, 34, 0x06, 32] + scalar
            let answer = try card.transport.transmit(command)
            #expect(answer == [0x90, 0x00])
        }
    }
}
