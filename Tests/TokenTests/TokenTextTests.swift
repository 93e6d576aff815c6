// SPDX-License-Identifier: Apache-2.0

import SSHFormats
import Testing
import Token
import TokenEvidence

@Suite("What is said of tokens")
struct TokenTextTests {
    @Test("labels from outside cannot move the cursor or hide")
    func quoted() {
        #expect("ca".quotedForDisplay == "\"ca\"")
        #expect("".quotedForDisplay == "\"\"")
        #expect("a\"b\\c".quotedForDisplay == "\"a\\\"b\\\\c\"")
        #expect("a\u{1B}[2J\n".quotedForDisplay == "\"a\\u{1b}[2J\\u{a}\"")
        #expect("\u{202E}b\u{200B}".quotedForDisplay == "\"\\u{202e}b\\u{200b}\"")
        #expect("a\u{A0}\u{2000}b c".quotedForDisplay == "\"a\\u{a0}\\u{2000}b c\"")
        #expect(
            "\u{34F}\u{3164}\u{2800}\u{FE0F}".quotedForDisplay
                == "\"\\u{34f}\\u{3164}\\u{2800}\\u{fe0f}\"")
        #expect("Schlüssel 鍵".quotedForDisplay == "\"Schlüssel 鍵\"")
    }

    @Test("an error says what, the tries left, the call and its value")
    func errorText() {
        let plain = TokenError(.noToken, "no token matches \"pkcs11:\"")
        #expect(plain.description == "no token matches \"pkcs11:\"")
        let full = TokenError(
            .pinIncorrect, "the PIN is incorrect", operation: "C_Login", status: 0xA0,
            statusName: "CKR_PIN_INCORRECT", triesLeft: "one try left", hint: "think")
        #expect(
            full.description
                == "the PIN is incorrect, one try left (C_Login: CKR_PIN_INCORRECT, 0xa0)")
        #expect(full != plain)
    }

    @Test("a token is named by label and serial number")
    func identity() {
        let identity = TokenIdentity(
            label: "ca\u{7}", serial: "12", model: "m", manufacturer: "x")
        #expect(identity.description == "token \"ca\\u{7}\" (serial \"12\")")
    }

    @Test("a flawless key has no faults")
    func flawless() {
        #expect(Self.flawless.faults == [])
    }

    @Test("each attribute that must be so and is not is named")
    func faults() {
        let demands: [(String, WritableKeyPath<ModuleClaims, Bool?>, Bool)] = [
            ("CKA_SENSITIVE", \.sensitive, true),
            ("CKA_ALWAYS_SENSITIVE", \.alwaysSensitive, true),
            ("CKA_EXTRACTABLE", \.extractable, false),
            ("CKA_NEVER_EXTRACTABLE", \.neverExtractable, true),
            ("CKA_LOCAL", \.local, true),
            ("CKA_MODIFIABLE", \.modifiable, false),
        ]
        for (name, attribute, demanded) in demands {
            var evidence = Self.flawless
            evidence[keyPath: attribute] = !demanded
            #expect(evidence.faults == ["\(name) is \(!demanded), must be \(demanded)"])
            evidence[keyPath: attribute] = nil
            #expect(evidence.faults == ["\(name) is not told, must be \(demanded)"])
        }
    }

    @Test("attributes that are free are no faults")
    func freeAttributes() {
        for attribute in [
            \.isPrivate, \.sign, \.token, \.alwaysAuthenticate,
        ] as [WritableKeyPath<ModuleClaims, Bool?>] {
            for value in [true, false, nil] {
                var evidence = Self.flawless
                evidence[keyPath: attribute] = value
                #expect(evidence.faults == [])
            }
        }
        #expect(Self.flawless.attributes.count == 10)
    }

    @Test("the kinds of key have the names that people type")
    func kinds() {
        #expect(
            CAKeyKind.allCases.map(\.description) == [
                "ecdsa-p256", "ecdsa-p384", "ecdsa-p521", "rsa-2048", "rsa-3072", "rsa-4096",
                "ed25519",
            ])
        #expect(CAKeyKind(rawValue: "rsa-1024") == nil)
        for kind in CAKeyKind.allCases where kind.modulusBits == nil {
            #expect(kind.keyKind.shortName == kind.rawValue)
        }
    }

    @Test("a kind describes keys of its size alone")
    func describes() throws {
        var modulus = [UInt8](repeating: 0xFF, count: 256)
        let rsa2048 = try PublicKey(.rsa(exponent: [1, 0, 1], modulus: modulus))
        #expect(CAKeyKind.rsa2048.describes(rsa2048))
        #expect(!CAKeyKind.rsa3072.describes(rsa2048))
        #expect(!CAKeyKind.ecdsaP256.describes(rsa2048))
        modulus[0] = 0x7F
        let rsa2047 = try PublicKey(.rsa(exponent: [1, 0, 1], modulus: modulus))
        #expect(!CAKeyKind.rsa2048.describes(rsa2047))
    }

    static let flawless = ModuleClaims(
        sensitive: true, alwaysSensitive: true, extractable: false, neverExtractable: true,
        local: true, modifiable: false, isPrivate: true, sign: true, token: true,
        alwaysAuthenticate: false)
}
