// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import Testing

/// One of the examples that NIST gives for the hash functions of FIPS 180-4.
struct Vector: CustomTestStringConvertible, Sendable {
    let name: String
    let message: String
    let sha256: String
    let sha384: String
    let sha512: String

    var testDescription: String { name }
    var bytes: [UInt8] { Array(message.utf8) }

    static let all = [
        Vector(
            name: "the empty message",
            message: "",
            sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            sha384: "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da"
                + "274edebfe76f65fbd51ad2f14898b95b",
            sha512: "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
                + "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"),
        Vector(
            name: "abc",
            message: "abc",
            sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            sha384: "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
                + "8086072ba1e7cc2358baeca134c825a7",
            sha512: "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"),
        Vector(
            name: "the 448-bit message",
            message: "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            sha256: "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
            sha384: "3391fdddfc8dc7393707a65b1b4709397cf8b1d162af05abfe8f450de5f36bc6"
                + "b0455a8520bc4e6f5fe95b1fe3c8452b",
            sha512: "204a8fc6dda82f0a0ced7beb8e08a41657c16ef468b228a8279be331a703c335"
                + "96fd15c13b1b07f9aa1d3bea57789ca031ad85c7a71dd70354ec631238ca3445"),
        Vector(
            name: "the 896-bit message",
            message: "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            sha256: "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1",
            sha384: "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712"
                + "fcc7c71a557e2db966c3e9fa91746039",
            sha512: "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
                + "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909"),
    ]

    static let millionTimesA = Vector(
        name: "a million times the letter a", message: String(repeating: "a", count: 1_000_000),
        sha256: "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
        sha384: "9d0e1809716474cb086e834e310a4a1ced149e9c00f248527972cec5704c2a5b"
            + "07b8b3dc38ecc4ebae97ddd87f3d8985",
        sha512: "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb"
            + "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b")
}

@Suite("Hashes")
struct HashTests {
    @Test(
        "a message hashes to the digest that NIST gives", arguments: Vector.all + [.millionTimesA])
    func vectors(_ vector: Vector) {
        #expect(SHA256Digest(hashing: vector.bytes).hex == vector.sha256)
        #expect(hexadecimal(sha384(vector.bytes)) == vector.sha384)
        #expect(hexadecimal(sha512(vector.bytes)) == vector.sha512)
    }

    @Test("a message in pieces hashes as in one", arguments: [1, 63, 64, 65, 997])
    func pieces(_ size: Int) {
        for vector in Vector.all + [.millionTimesA] where vector.bytes.count < 1000 * size {
            var hasher = SHA256Hasher()
            var rest = vector.bytes[...]
            while !rest.isEmpty {
                hasher.update(rest.prefix(size))
                rest = rest.dropFirst(size)
            }
            hasher.update([])
            #expect(hasher.finish().hex == vector.sha256)
        }
    }

    @Test("a hasher that was given nothing ends with the digest of nothing")
    func nothing() {
        #expect(SHA256Hasher().finish() == SHA256Digest(hashing: []))
    }

    @Test("bytes that do not lie in one piece hash as an array of them")
    func scattered() {
        let bytes = (0..<300).lazy.map { UInt8(truncatingIfNeeded: $0) }
        let array = Array(bytes)
        #expect(SHA256Digest(hashing: bytes) == SHA256Digest(hashing: array))
        #expect(sha384(bytes) == sha384(array))
        #expect(sha512(bytes) == sha512(array))
        var hasher = SHA256Hasher()
        hasher.update(bytes)
        #expect(hasher.finish() == SHA256Digest(hashing: array))
    }

    @Test("a digest that is not finished is thrown away without harm")
    func unfinished() {
        var hasher = SHA256Hasher()
        hasher.update([1])
    }
}

@Suite("SHA-256 digests")
struct SHA256DigestTests {
    private let digest = SHA256Digest(hashing: Array("abc".utf8))

    @Test("a digest is read back from its hexadecimal text")
    func hex() {
        #expect(SHA256Digest(hex: digest.hex) == digest)
        #expect(digest.description == digest.hex)
        #expect(digest.hex.count == 64)
    }

    @Test(
        "any other text is not a digest",
        arguments: [
            "", "ab", String(repeating: "a", count: 63), String(repeating: "a", count: 65),
            String(repeating: "A", count: 64), String(repeating: "g", count: 64),
            String(repeating: "/", count: 64), String(repeating: ":", count: 64),
            String(repeating: "`", count: 64), String(repeating: "\u{e9}", count: 32),
            " " + String(repeating: "a", count: 63),
        ])
    func notHex(_ text: String) {
        #expect(SHA256Digest(hex: text) == nil)
    }

    @Test("a digest is 32 bytes, neither 31 nor 33")
    func length() {
        #expect(SHA256Digest(bytes: digest.bytes) == digest)
        #expect(SHA256Digest(bytes: Array(digest.bytes.dropLast())) == nil)
        #expect(SHA256Digest(bytes: digest.bytes + [0]) == nil)
    }

    @Test("a digest's Base64 is the padded one")
    func base64() {
        #expect(digest.base64 == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")
    }

    @Test("digests are ordered by their first unlike byte")
    func order() throws {
        let low = try #require(SHA256Digest(bytes: [UInt8](repeating: 0, count: 32)))
        let middle = try #require(
            SHA256Digest(bytes: [UInt8](repeating: 0, count: 31) + [1]))
        let high = try #require(
            SHA256Digest(bytes: [0x80] + [UInt8](repeating: 0, count: 31)))
        #expect([high, low, middle].sorted() == [low, middle, high])
        #expect(!(low < low))
    }
}

/// The bytes in hexadecimal digits.
func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }.joined()
}
