// SPDX-License-Identifier: Apache-2.0
import SSHFormats
import Testing
import Token
import TokenEvidence

@testable import PIVToken

@Suite("Commands, answers and data objects of smart cards")
struct CodingTests {
    @Test(
        "a command of up to 255 bytes is one short piece in every form",
        arguments: [0, 1, 255])
    func shortCommands(count: Int) {
        let data = [UInt8](repeating: 5, count: count)
        let command = CommandAPDU(.authenticate, p1: 0x11, p2: 0x9A, data: data)
        let length = count == 0 ? [] : [UInt8(count)]
        #expect(command.encoded(.chained) == [[0, 0x87, 0x11, 0x9A] + length + data + [0]])
        #expect(command.encoded(.extended) == command.encoded(.chained))
        let silent = CommandAPDU(.putData, p1: 0x3F, p2: 0xFF, data: data, expectsData: false)
        #expect(silent.encoded(.chained) == [[0, 0xDB, 0x3F, 0xFF] + length + data])
    }

    @Test("a longer command is chained, or one extended piece")
    func longCommands() {
        let data = (0..<600).map { UInt8(truncatingIfNeeded: $0) }
        let command = CommandAPDU(.authenticate, p1: 7, p2: 0x9C, data: data)
        let pieces = command.encoded(.chained)
        #expect(pieces.map(\.count) == [260, 260, 5 + 90 + 1])
        #expect(pieces.map { $0.first } == [0x10, 0x10, 0x00])
        #expect(pieces.flatMap { $0.dropFirst(5).prefix(Int($0[4])) } == data)
        #expect(pieces.last?.last == 0)
        #expect(
            command.encoded(.extended) == [[0, 0x87, 7, 0x9C, 0, 2, 0x58] + data + [0, 0]])
        let silent = CommandAPDU(.putData, data: data, expectsData: false)
        #expect(silent.encoded(.extended) == [[0, 0xDB, 0, 0, 0, 2, 0x58] + data])
    }

    @Test("T=0 has a place for one length only")
    func byteOriented() {
        #expect(
            CommandAPDU(.select, p1: 4, data: [1]).encoded(.byteOriented) == [
                [0, 0xA4, 4, 0, 1, 1]
            ])
        #expect(CommandAPDU(.getVersion).encoded(.byteOriented) == [[0, 0xFD, 0, 0, 0]])
    }

    @Test("an answer is data and a status word, and needs both of its bytes")
    func answers() {
        #expect(ResponseAPDU(bytes: []) == nil)
        #expect(ResponseAPDU(bytes: [0x90]) == nil)
        #expect(ResponseAPDU(bytes: [0x90, 0]) == ResponseAPDU([], .success))
        #expect(
            ResponseAPDU(bytes: [1, 2, 0x6A, 0x82]) == ResponseAPDU([1, 2], .notFound))
    }

    @Test("tries are read from 63Cx and 6983 and from nothing else")
    func tries() {
        func tries(_ number: UInt16) -> Int? { StatusWord(rawValue: number).triesLeft }
        #expect(tries(0x63C0) == 0)
        #expect(tries(0x63CF) == 15)
        #expect(tries(0x6983) == 0)
        for other: UInt16 in [0x6300, 0x63BF, 0x63D0, 0x6982, 0x9000, 0x62C1] {
            #expect(tries(other) == nil)
        }
        #expect(StatusWord(rawValue: 0x63C1).meaning == "wrong PIN, 1 try left")
        #expect(StatusWord(rawValue: 0x63C2).meaning == "wrong PIN, 2 tries left")
        #expect(StatusWord(rawValue: 0x6D00).meaning == "instruction not supported")
        #expect(StatusWord(rawValue: 0x1234).meaning == "unnamed status word")
    }

    @Test(
        "a data object is written with the shortest length and read back",
        arguments: [0, 1, 0x7F, 0x80, 0xFF, 0x100, 0xFFFF, 0x10000])
    func lengths(count: Int) throws {
        let value = [UInt8](repeating: 9, count: count)
        for tag: UInt32 in [0x53, 0x7F49, 0x5FC105] {
            let bytes = TLV.encode(tag, value)
            let object = try #require(TLV(bytes))
            #expect(object.tag == tag)
            #expect(Array(object.value) == value)
            #expect(TLV(bytes + [0]) == nil)
            if !bytes.isEmpty { #expect(TLV(bytes.dropLast()) == nil) }
        }
    }

    @Test(
        "what is no data object is read as none",
        arguments: [
            "", "53", "5F", "5FC1", "5FC105", "5FC18501", "5380", "538400000001", "5381", "538201",
            "5302aa", "53ff",
        ])
    func noObject(digits: String) {
        #expect(TLV(bytes(digits)) == nil)
        #expect(TLVReader.objects(in: bytes(digits)[...]) == (digits.isEmpty ? [] : nil))
    }

    @Test("an object that is there twice has no value")
    func twice() throws {
        let objects = try #require(TLVReader.objects(in: bytes("8001aa8001bb8101cc")[...]))
        #expect(objects.value(0x80) == nil)
        #expect(objects.value(0x81) == [0xCC])
        #expect(objects.value(0x82) == nil)
    }

    @Test("each slot has the object of its certificate")
    func certificates() {
        let expected: [UInt8: UInt32] = [
            0x9A: 0x5FC105, 0x9C: 0x5FC10A, 0x9D: 0x5FC10B, 0x9E: 0x5FC101, 0x82: 0x5FC10D,
            0x83: 0x5FC10E, 0x94: 0x5FC11F, 0x95: 0x5FC120, 0xF9: 0x5FFF01,
        ]
        for (slot, tag) in expected {
            #expect(PIVSlot(rawValue: slot).map { PIVObject.certificate($0).tag } == tag)
        }
        #expect(PIVObject.certificate(.signature).name == [0x5C, 3, 0x5F, 0xC1, 0x0A])
        #expect(PIVObject.discovery.name == [0x5C, 1, 0x7E])
        #expect(PIVObject(tag: 0x5F0000) != nil)
        #expect(PIVObject(tag: 0x5EFFFF) == nil)
        #expect(PIVObject(tag: 0x600000) == nil)
        #expect(PIVObject(tag: 0x53) == nil)
        #expect("\(PIVObject.keyHistory)" == "5fc10c")
    }

    @Test("a card's capabilities and name are found behind the interface bytes")
    func answerToReset() {
        let yubiKey5 = AnswerToReset(
            bytes("3BFD1300008131FE158073C021C057597562694B657940"))
        #expect(yubiKey5.takesExtendedLength)
        #expect(yubiKey5.namesYubiKey)
        let yubiKey4 = AnswerToReset(bytes("3BF81300008131FE15597562696B657934D4"))
        #expect(!yubiKey4.takesExtendedLength)
        #expect(yubiKey4.namesYubiKey)
        let plain = AnswerToReset(bytes("3B80800101"))
        #expect(!plain.takesExtendedLength)
        #expect(!plain.namesYubiKey)
        #expect(plain.historical == [])
        let short = AnswerToReset(bytes("3BFD1300008131FE158073C0218057597562694B657940"))
        #expect(!short.takesExtendedLength)
    }

    @Test("metadata of keys, PIN and management key is read as the card tells it")
    func metadata() throws {
        let pin = try #require(PIVMetadata(bytes("0101ff05010106020302")))
        #expect(pin.tries == TryCount(left: 2, total: 3))
        #expect(pin.isDefault == true)
        let management = try #require(PIVMetadata(bytes("01010a0202 0001 050100")))
        #expect(management.algorithm == 0x0A)
        #expect(management.isDefault == false)
        #expect(management.publicKey == nil)
        let key = try #require(PIVMetadata(bytes("0101e0 02020302 030101 0422 8620") + Self.point))
        #expect(key.pinPolicy == .always)
        #expect(key.touchPolicy == .always)
        #expect(key.origin == .generated)
        #expect(key.publicKey?.material == .ed25519(Self.point))
        #expect(
            key.keyMetadata
                == KeyMetadata(origin: .generated, pinPolicy: .always, touchPolicy: .always))
        // Unknown policies are not told; a key that is none, fields of another length or twice are no
        // metadata.
        #expect(try #require(PIVMetadata(bytes("010111 02020900"))).pinPolicy == nil)
        for fault in [
            "0101", "0102e000", "020101", "010111010111", "0101e0 0402 8600", "060103", "01010a00",
        ] {
            #expect(PIVMetadata(bytes(fault)) == nil, "\(fault)")
        }
    }

    static let point = bytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")

    @Test(
        "an ECDSA signature is exactly the DER of two numbers that fit the curve",
        arguments: [
            ("3006020101020102", true), ("30080202008002020080", true),
            ("300702020001020102", false), ("300602018002020102", false),
            ("3006020101020180", false), ("3006020101020101 00", false), ("30050201010201", false),
            ("308106020101020102", false), ("3080020101020102", false), ("3006020101030102", false),
            ("3003020101", false), ("3009020101020102020103", false), ("30040200020101", false),
            ("", false), ("30", false), ("3000", false),
        ])
    func ecdsa(digits: String, isTaken: Bool) {
        #expect((ECDSASignature.sides(bytes(digits), .p256)?.count == 64) == isTaken)
    }

    @Test("numbers of an ECDSA signature may be as long as a coordinate and no longer")
    func longNumbers() {
        let r = [UInt8](repeating: 0xFF, count: 32)
        func signature(_ r: [UInt8]) -> [UInt8] {
            TLV.encode(0x30, TLV.encode(2, [0] + r) + TLV.encode(2, [1]))
        }
        #expect(
            ECDSASignature.sides(signature(r), .p256) == r + [UInt8](repeating: 0, count: 31) + [1])
        #expect(ECDSASignature.sides(signature(r + [0xFF]), .p256) == nil)
        #expect(ECDSASignature.sides(signature(r + [0xFF]), .p384)?.count == 96)
    }

    @Test("a certificate object is read plain, and refused where it is packed")
    func certificateObjects() throws {
        let object = PIVCertificate.object([1, 2, 3])
        #expect(object == bytes("7003010203710100fe00"))
        #expect(try PIVCertificate.certificate(in: object, .signature) == [1, 2, 3])
        #expect(try PIVCertificate.certificate(in: bytes("700101"), .signature) == [1])
        for packed in ["7003010203710101fe00", "70041f8b0800710100fe00"] {
            let error = #expect(throws: TokenError.self) {
                try PIVCertificate.certificate(in: bytes(packed), .signature)
            }
            #expect(error?.code == .unsupported)
            #expect(error?.detail == "the certificate of slot 9c is packed with gzip")
        }
        for fault in ["", "7003", "710100", "70010170010171010"] {
            #expect(throws: TokenError.self) {
                try PIVCertificate.certificate(in: bytes(fault), .signature)
            }
        }
    }

    @Test("a message for Ed25519 is refused above what the card takes, before it is sent")
    func longMessages() throws {
        let key = try PublicKey(.ed25519(Self.point))
        let limit = SigningInput.maximumMessageLength
        let fits = [UInt8](repeating: 1, count: limit)
        #expect(try SigningInput.bytes(for: fits, key) == fits)
        let error = #expect(throws: TokenError.self) {
            try SigningInput.bytes(for: fits + [1], key)
        }
        #expect(
            error?.description
                == "message of 3063 bytes exceeds the 3062 that a PIV card takes to sign with Ed25519"
        )
    }
}
