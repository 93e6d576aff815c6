// SPDX-License-Identifier: Apache-2.0
import PIVCardSupport
import SSHCrypto
import SSHFormats
import Testing
import Token
import TokenEvidence

@testable import PIVToken

/// Each command of each operation goes wrong in each way: the error is clear, nothing wrong leaves, no
/// try of the PIN is spent, and the next try works.
@Suite("Faults of a PIV card at each command", .timeLimit(.minutes(20)))
struct FaultTests {
    /// What is done with a token, and what of it may work although a command failed.
    enum Operation: String, CaseIterable, Sendable {
        case login
        case evidence
        case keys
        case find
        case prepare
        case signCold
        case signOnce
        case signAlways
        case authenticate
        case readObject
        case writeObject
        case attest

        func run(_ token: PIVToken, _ keys: [PublicKey]) async throws {
            switch self {
            case .login: try await token.login(PIN(Workbench.pin.utf8))
            case .evidence: _ = try await token.evidence()
            case .keys:
                // A card that says that a slot is empty is believed.
                let found = try await token.keys().map(\.publicKey)
                #expect(!found.isEmpty && found.allSatisfy(keys.contains))
            case .find: #expect(try await token.find(keys[0]).publicKey == keys[0])
            case .prepare:
                await token.forgetKeys()
                try await token.prepare(keys[1])
            case .signCold:
                await token.forgetKeys()
                try await sign(token, keys[0])
            case .signOnce: try await sign(token, keys[0])
            case .signAlways: try await sign(token, keys[1])
            case .authenticate:
                try await token.authenticate(ManagementKey(Workbench.managementKey))
            case .readObject: _ = try await token.object(.discovery)
            case .writeObject: try await token.write([1, 2, 3], to: .printedInformation)
            case .attest: _ = try await token.attestation(of: .signature)
            }
        }

        private func sign(_ token: PIVToken, _ key: PublicKey) async throws {
            let verification = try VerificationKey(key)
            let messages: [[UInt8]] = [[1], [2]]
            for (message, signature) in zip(messages, try await token.sign(messages, with: key)) {
                try verification.verify(signature, over: message)
            }
        }
    }

    static let faults = [
        "vanish-before", "vanish-after", "status 6982", "status 6983", "status 6a80", "status 6a82",
        "status 6a88", "status 6d00", "status 6f00", "status 63c0", "status 9000",
        "answer aabbccdd9000", "answer 7c03800190", "answer 7c82ffff9000", "truncate 1",
        "truncate 3", "answer 6100", "answer 6c20", "logout", "deselect",
    ]

    @Test("an operation survives each fault", arguments: Operation.allCases)
    func sweep(operation: Operation) async throws {
        let bench = try Workbench(attests: operation == .find || operation == .attest)
        let control = bench.card.control
        var token = try await bench.openForWork()
        let keys = [
            try await token.generate(
                KeyRequest(.ecdsaP256, label: "", slot: .authentication)
            ).publicKey,
            try await token.generate(KeyRequest(.ecdsaP256, label: "", slot: .signature)).publicKey,
        ]
        try await operation.run(token, keys)
        let start = try control.count()
        try await operation.run(token, keys)
        let commands = try control.count() - start
        #expect(commands > 0)
        for fault in Self.faults {
            for index in 1...commands {
                try control.fault("\(fault) nth \(index)")
                let error = await tokenError { try await operation.run(token, keys) }
                let place = "\(operation), \(fault), command \(index)"
                try control.clearFaults()
                if fault.hasPrefix("vanish") {
                    #expect(error?.code == .removed, "\(place): \(String(describing: error))")
                    try control.insert()
                }
                if let error {
                    #expect(!error.description.isEmpty)
                    #expect(error.code != .wrongSignature, "\(place): \(error)")
                    // What is there is as it was: a removed card is opened anew, a lost login is made.
                    if error.code == .removed {
                        let again = await tokenError { try await operation.run(token, keys) }
                        #expect(again?.code == .removed, "\(place)")
                        await token.close()
                        token = try await bench.openForWork()
                    }
                }
                if let second = await tokenError({ try await operation.run(token, keys) }) {
                    #expect(
                        [.notLoggedIn, .managementKeyRefused].contains(second.code)
                            || second.code == error?.code,
                        "\(place): \(String(describing: error)), then \(second)")
                    try await token.authenticate(ManagementKey(Workbench.managementKey))
                    try await token.login(PIN(Workbench.pin.utf8))
                    try await operation.run(token, keys)
                }
                let tries = try control.tries()
                #expect(tries.pin == 3, "\(place)")
                #expect(tries.puk == 3, "\(place)")
            }
        }
        await token.close()
    }

    @Test("opening survives each fault")
    func opening() async throws {
        let bench = try Workbench()
        let control = bench.card.control
        try await bench.open().close()
        let commands = try control.count()
        #expect(commands == 3)
        for fault in Self.faults {
            for index in 1...commands {
                try control.fault("\(fault) nth \(index)")
                // What a card says of itself is believed here; a URI holds it against what is wanted.
                let error = await tokenError { try await bench.open().close() }
                try control.clearFaults()
                if fault.hasPrefix("vanish") {
                    #expect(error?.code == .removed, "\(fault), command \(index)")
                    try control.insert()
                }
                let token = try await bench.open()
                #expect(token.identity.serial == "12345678")
                await token.close()
            }
        }
    }

    @Test("making a key survives each fault, and never takes the place of another")
    func generation() async throws {
        let bench = try Workbench(firmware: "5.7.1")
        let control = bench.card.control
        var token = try await bench.openForWork()
        let slot = PIVSlot.keyManagement
        let request = KeyRequest(.ecdsaP256, label: "", slot: slot)
        let start = try control.count()
        _ = try await token.generate(request)
        let commands = try control.count() - start
        try await token.removeKey(slot)
        for fault in [
            "vanish-after", "status 6982", "status 6f00", "answer aabbccdd9000", "deselect",
        ] {
            for index in 1...commands {
                try control.fault("\(fault) nth \(index)")
                let error = await tokenError { try await token.generate(request) }
                try control.clearFaults()
                if fault.hasPrefix("vanish") {
                    #expect(error?.code == .removed)
                    try control.insert()
                }
                if error?.code == .removed {
                    await token.close()
                    token = try await bench.openForWork()
                }
                if error == nil {
                    #expect(
                        await tokenError { try await token.generate(request) }?.code == .slotTaken
                    )
                }
                // The slot is empty or taken; as long as it is empty, the next try works.
                let next = await tokenError { try await token.generate(request) }
                let place = "\(fault), command \(index): \(String(describing: error))"
                #expect(
                    next == nil || next?.code == .slotTaken,
                    "\(place), then \(String(describing: next))")
                #expect(try control.tries().pin == 3)
                try await token.removeKey(slot)
            }
        }
        await token.close()
    }

    @Test(
        "a signature in a form or of a key that it should not be does not leave",
        arguments: [
            ("signature", "wrong"), ("signature", "empty"), ("ecdsa", "padded"),
            ("ecdsa", "long-length"), ("ecdsa", "raw"), ("ecdsa", "trailing"),
        ])
    func wrongSignatures(quirk: String, value: String) async throws {
        let (bench, token, key) = try await Workbench.withKey()
        try bench.card.control.quirk(quirk, value)
        // The numbers of a signature are at random, and some have no form but the right one.
        let error = await tokenError { try await token.sign([[1], [2], [3], [4]], with: key) }
        #expect(error?.code == .wrongSignature, "\(String(describing: error))")
        #expect(error?.description.contains("YubiKey PIV #12345678") == true)
        try bench.card.control.quirk(quirk, quirk == "ecdsa" ? "minimal" : "honest")
        _ = try await token.sign([[1]], with: key)
    }

    @Test("an Ed25519 key that signs the first 32 bytes alone is found out")
    func prefixOnly() async throws {
        let (bench, token, key) = try await Workbench.withKey(.ed25519, firmware: "5.7.1")
        try bench.card.control.quirk("signature", "prefix")
        _ = try await token.sign([[UInt8](repeating: 1, count: 32)], with: key)
        let error = await tokenError {
            try await token.sign([[UInt8](repeating: 1, count: 33)], with: key)
        }
        #expect(error?.code == .wrongSignature)
        #expect(error?.hint?.hasPrefix("no signature was handed out") == true)
    }

    @Test("a new key whose first signature is wrong is refused, and said to be there still")
    func wrongFirstSignature() async throws {
        let bench = try Workbench(quirks: ["signature": "wrong"])
        let token = try await bench.openForWork()
        let error = await tokenError {
            try await token.generate(KeyRequest(.ecdsaP256, label: "", slot: .signature))
        }
        #expect(error?.code == .wrongSignature)
        #expect(error?.description.hasPrefix("the new key in slot 9c is refused: ") == true)
        #expect(error?.hint?.hasPrefix("the key is still there") == true)
    }
}

extension PIVToken {
    /// Forgets where the keys are, as before the first signature.
    func forgetKeys() { signingKeys = [:] }

    /// Empties a slot, as no program does that holds keys dear: with firmware 5.7, MOVE KEY.
    func removeKey(_ slot: PIVSlot) throws {
        try onCard { card throws(TokenError) in
            try showManagementKey(card)
            _ = try card.transport.transmit([0, 0xF6, 0xFF, slot.rawValue])
        }
    }
}
