// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import SSHFormats
import Testing

@testable import SSHCrypto

@Suite("The table of a key that verifies many signatures")
struct CurveTableTests {
    /// The order of P-256, FIPS 186-5 (SP 800-186 section 3.2.1.3).
    private static let order = bytes(
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")

    /// A key on P-256 that signs.
    private final class Pair {
        let publicKey: PublicKey
        private let key: OpaquePointer

        init() throws {
            let made = try #require(EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nil))
            defer { EVP_PKEY_CTX_free(made) }
            var key: OpaquePointer?
            #expect(EVP_PKEY_keygen_init(made) == 1)
            #expect(EVP_PKEY_CTX_set_ec_paramgen_curve_nid(made, NID_X9_62_prime256v1) == 1)
            #expect(EVP_PKEY_keygen(made, &key) == 1)
            self.key = try #require(key)
            var point = [UInt8](repeating: 0, count: 65)
            var length = 0
            #expect(
                EVP_PKEY_get_octet_string_param(key, "encoded-pub-key", &point, 65, &length) == 1)
            publicKey = try PublicKey(.ecdsa(.p256, point: point))
        }

        deinit { EVP_PKEY_free(key) }

        func sign(_ message: [UInt8]) throws -> (r: [UInt8], s: [UInt8]) {
            var signature = [UInt8](repeating: 0, count: 80)
            var length = signature.count
            let context = try #require(EVP_MD_CTX_new())
            defer { EVP_MD_CTX_free(context) }
            #expect(EVP_DigestSignInit_ex(context, nil, "SHA256", nil, nil, key, nil) == 1)
            #expect(
                EVP_DigestSign(context, &signature, &length, message, message.count) == 1)
            // DER: a sequence of two integers.
            let first = Int(signature[3])
            let second = Int(signature[5 + first])
            let r = signature[4..<(4 + first)].drop { $0 == 0 }
            let s = signature[(6 + first)..<(6 + first + second)].drop { $0 == 0 }
            return (Array(r), Array(s))
        }
    }

    private static func table(of key: PublicKey) throws -> CurveTable {
        guard case .ecdsa(_, let point) = key.material else {
            throw SSHCryptoError(.wrongSignature)
        }
        return try #require(CurveTable(point))
    }

    private static func digest(_ message: [UInt8]) -> [UInt8] {
        SHA256Digest(hashing: message).bytes
    }

    @Test("it takes every signature of its key, and none over another message or by another key")
    func agrees() throws {
        let (pair, other) = (try Pair(), try Pair())
        let (table, otherTable) = (
            try Self.table(of: pair.publicKey), try Self.table(of: other.publicKey)
        )
        for number in 0..<200 {
            let message = Array("message \(number)".utf8)
            let (r, s) = try pair.sign(message)
            #expect(table.accepts(r: r, s: s, over: Self.digest(message)))
            #expect(!table.accepts(r: r, s: s, over: Self.digest(message + [0])))
            #expect(!table.accepts(r: s, s: r, over: Self.digest(message)))
            #expect(!otherTable.accepts(r: r, s: s, over: Self.digest(message)))
        }
    }

    @Test("numbers that are zero, the order or above it are none of a signature")
    func bounds() throws {
        let pair = try Pair()
        let table = try Self.table(of: pair.publicKey)
        let message = Array("message".utf8)
        let (r, s) = try pair.sign(message)
        let above = Self.order.dropLast() + [Self.order[31] + 1]
        for number in [[], [0], Self.order, Array(above), [UInt8](repeating: 0xFF, count: 40)] {
            #expect(!table.accepts(r: number, s: s, over: Self.digest(message)))
            #expect(!table.accepts(r: r, s: number, over: Self.digest(message)))
        }
        // The same numbers and the order more are the same modulo it, and yet another encoding.
        #expect(!table.accepts(r: Self.sum(r, Self.order), s: s, over: Self.digest(message)))
        #expect(!table.accepts(r: r, s: Self.sum(s, Self.order), over: Self.digest(message)))
    }

    @Test("a key for many verifies as one for few does, whatever bit of a signature is turned")
    func verdicts() throws {
        let pair = try Pair()
        let many = try VerificationKey(forMany: pair.publicKey)
        let few = try VerificationKey(pair.publicKey)
        let message = Array("message".utf8)
        let (r, s) = try pair.sign(message)
        func verdicts(_ r: [UInt8], _ s: [UInt8]) throws -> [Bool] {
            let signature = try Signature(algorithm: .ecdsaP256, value: .ecdsa(r: r, s: s))
            return [many, few].map { (try? $0.verify(signature, over: message)) != nil }
        }
        #expect(try verdicts(r, s) == [true, true])
        for bit in 0..<240 {
            var (turnedR, turnedS) = (r, s)
            turnedR[turnedR.count - 1 - bit / 8] ^= 1 << (bit % 8)
            turnedS[turnedS.count - 1 - bit / 8] ^= 1 << (bit % 8)
            #expect(try verdicts(turnedR, s) == [false, false])
            #expect(try verdicts(r, turnedS) == [false, false])
        }
    }

    @Test("what is no point of the curve has no table")
    func points() throws {
        let pair = try Pair()
        guard case .ecdsa(_, var point) = pair.publicKey.material else { return }
        #expect(CurveTable([]) == nil)
        point[64] ^= 1
        #expect(CurveTable(point) == nil)
    }

    private static func sum(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        var sum: [UInt8] = []
        var carry = 0
        for place in 0..<33 {
            let value =
                carry + (place < left.count ? Int(left[left.count - 1 - place]) : 0)
                + (place < right.count ? Int(right[right.count - 1 - place]) : 0)
            sum.insert(UInt8(value & 255), at: 0)
            carry = value >> 8
        }
        return sum
    }
}
