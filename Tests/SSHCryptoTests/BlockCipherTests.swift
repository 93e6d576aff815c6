// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import Testing

@Suite("Block ciphers")
struct BlockCipherTests {
    /// FIPS 197 appendix C, and the first block of SP 800-67's example.
    static let vectors: [(BlockCipher.Algorithm, key: String, plain: String, cipher: String)] = [
        (
            .aes128, "000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff",
            "69c4e0d86a7b0430d8cdb78070b4c55a"
        ),
        (
            .aes192, "000102030405060708090a0b0c0d0e0f1011121314151617",
            "00112233445566778899aabbccddeeff", "dda97ca4864cdfe06eaf70a0ec0d7191"
        ),
        (
            .aes256, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
            "00112233445566778899aabbccddeeff", "8ea2b7ca516745bfeafc49904b496089"
        ),
        (
            .tripleDES, "0123456789abcdef23456789abcdef01456789abcdef0123",
            "5468652071756663", "a826fd8ce53b855f"
        ),
    ]

    @Test(
        "one block is encrypted as the standards' examples say, and decrypted back",
        arguments: vectors)
    func examples(
        algorithm: BlockCipher.Algorithm, key: String, plain: String, cipher: String
    ) throws {
        let key = bytes(key)
        let ready = try BlockCipher(algorithm, key: key.span.bytes)
        #expect(try ready.encrypt(bytes(plain)) == bytes(cipher))
        #expect(try ready.decrypt(bytes(cipher)) == bytes(plain))
    }

    @Test(
        "a key or a block of another length is refused", arguments: BlockCipher.Algorithm.allCases)
    func lengths(algorithm: BlockCipher.Algorithm) throws {
        for length in [0, algorithm.keyLength - 1, algorithm.keyLength + 1] {
            let key = [UInt8](repeating: 1, count: length)
            #expect(throws: SSHCryptoError.self) {
                _ = try BlockCipher(algorithm, key: key.span.bytes).encrypt([])
            }
        }
        let key = [UInt8](repeating: 1, count: algorithm.keyLength)
        let ready = try BlockCipher(algorithm, key: key.span.bytes)
        for length in [0, algorithm.blockLength - 1, algorithm.blockLength + 1] {
            let block = [UInt8](repeating: 1, count: length)
            var refusals = 0
            do { _ = try ready.encrypt(block) } catch { refusals += 1 }
            do { _ = try ready.decrypt(block) } catch { refusals += 1 }
            #expect(refusals == 2)
        }
    }

    private func bytes(_ digits: String) -> [UInt8] {
        let digits = Array(digits)
        return stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0...($0 + 1)]), radix: 16)
        }
    }
}
