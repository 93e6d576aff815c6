// SPDX-License-Identifier: Apache-2.0
import PIVCardSupport
import SSHFormats
import Testing
import Token
import TokenEvidence

@testable import PIVToken

/// Every prefix, every flipped byte, and bytes behind the end: no answer of a card is fatal.
@Suite("Parsers of what cards say, with answers that are damaged")
struct ParserFuzzTests {
    /// Everything that reads an answer.
    private static func readAll(_ bytes: [UInt8]) {
        _ = ResponseAPDU(bytes: bytes)
        _ = TLV(bytes)?.objects
        _ = TLVReader.objects(in: bytes[...])
        _ = PIVMetadata(bytes)
        _ = CertificateKey.key(in: bytes)
        _ = ECDSASignature.sides(bytes, .p256)
        _ = ECDSASignature.sides(bytes, .p384)
        let reset = AnswerToReset(bytes)
        _ = (reset.takesExtendedLength, reset.namesYubiKey)
        _ = try? PIVCertificate.certificate(in: bytes, .signature)
        for algorithm in PIVAlgorithm.allCases { _ = PIVPublicKey.key(algorithm, bytes[...]) }
    }

    private static func damage(_ bytes: [UInt8]) {
        for count in 0...bytes.count { readAll(Array(bytes.prefix(count))) }
        for index in bytes.indices {
            var changed = bytes
            for mask: UInt8 in [0x01, 0x80] {
                changed[index] = bytes[index] ^ mask
                readAll(changed)
            }
        }
        for byte: UInt8 in [0, 0x30, 0x7F, 0xFF] { readAll(bytes + [byte]) }
    }

    @Test("recorded answers of all kinds can be damaged anywhere")
    func recordedAnswers() async throws {
        let bench = try Workbench(attests: true)
        let token = try await bench.openForWork()
        let key = try await token.generate(KeyRequest(.ecdsaP384, label: "", slot: .signature))
        _ = try await token.sign([[1]], with: key.publicKey)
        _ = try await token.evidence()
        _ = try await token.attestation(of: .signature)
        var seen: Set<String> = []
        for exchange in try bench.card.control.exchanges() {
            guard let answer = exchange.answer, seen.insert(answer).inserted else { continue }
            Self.damage(bytes(answer))
            Self.damage(bytes(String(answer.dropLast(4))))
        }
        #expect(seen.count > 10)
        // A certificate as a whole, which came in pieces.
        let chain = try #require(try await token.attestation(of: .signature))
        for certificate in chain.certificates {
            #expect(CertificateKey.key(in: certificate) != nil)
            Self.damage(certificate)
            Self.damage(PIVCertificate.object(certificate))
        }
        await token.close()
    }

    @Test("lengths that promise more than there is, and tags without an end, are refused")
    func promises() {
        for length in ["7f", "81ff", "82ffff", "83ffffff", "84ffffffff", "ff", "80"] {
            for tag in ["53", "7f49", "5fc105", "5fff", "5fffff", "1f", "1fff80"] {
                Self.readAll(bytes(tag + length + "00"))
            }
        }
        Self.readAll([UInt8](repeating: 0x30, count: 10_000))
        Self.readAll([UInt8](repeating: 0xFF, count: 10_000))
    }
}
