// SPDX-License-Identifier: Apache-2.0

import SSHCrypto
import Token
import TokenEvidence

extension PIVApplication {
    private static let reference: UInt8 = 0x9B
    private static let template: UInt32 = 0x7C
    private static let witness: UInt32 = 0x80
    private static let challenge: UInt32 = 0x81
    private static let response: UInt32 = 0x82

    /// The cipher of the card's management key.
    ///
    /// A card that does not tell has triple DES, as the standard began with.
    func managementAlgorithm() throws(TokenError) -> ManagementKey.Algorithm {
        guard case .told(let metadata) = try metadata(Self.reference) else { return .tripleDES }
        guard let algorithm = ManagementKey.Algorithm(rawValue: metadata.algorithm) else {
            throw Self.garbled(.getMetadata)
        }
        return algorithm
    }

    /// Shows the card the management key, and has it show that it knows the key too: mutual
    /// authentication, SP 800-73-4 part 2 appendix A.1.
    ///
    /// The challenge is as long as the cipher's block, and random.
    func authenticate(
        _ key: ManagementKey, _ algorithm: ManagementKey.Algorithm, challenge: [UInt8]
    ) throws(TokenError) {
        guard key.length == algorithm.keyLength else {
            throw TokenError(
                .managementKeyRefused,
                "management key of \(key.length) bytes was not tried: that of the card is "
                    + "\(algorithm), of \(algorithm.keyLength) bytes")
        }
        try key.withBytes { bytes throws(TokenError) in
            let cipher: BlockCipher
            do throws(SSHCryptoError) {
                cipher = try BlockCipher(algorithm.cipher, key: bytes)
            } catch {
                throw TokenError(.other, "management key: \(error)")
            }
            try authenticate(cipher, algorithm, challenge)
        }
    }

    private func authenticate(
        _ cipher: borrowing BlockCipher, _ algorithm: ManagementKey.Algorithm,
        _ challenge: [UInt8]
    ) throws(TokenError) {
        let first = try ask(algorithm, TLV.encode(Self.witness, []), Self.witness)
        guard first.count == algorithm.cipher.blockLength else {
            throw Self.garbled(.authenticate)
        }
        let second = try ask(
            algorithm,
            TLV.encode(Self.witness, try cipher.decrypted(first))
                + TLV.encode(Self.challenge, challenge), Self.response)
        guard second == (try cipher.encrypted(challenge)) else {
            throw TokenError(
                .managementKeyRefused, "the card does not know the management key itself",
                hint: "this may be no card but a thing that collects secrets")
        }
    }

    private func ask(
        _ algorithm: ManagementKey.Algorithm, _ data: [UInt8], _ wanted: UInt32
    ) throws(TokenError) -> [UInt8] {
        let answer = try send(
            CommandAPDU(
                .authenticate, p1: algorithm.rawValue, p2: Self.reference,
                data: TLV.encode(Self.template, data)))
        guard answer.status == .success else {
            throw Self.refusal(
                .authenticate, answer.status, "the card refused the management key",
                code: .managementKeyRefused)
        }
        guard let outer = TLV(answer.data), outer.tag == Self.template,
            let value = outer.objects?.value(wanted)
        else { throw Self.garbled(.authenticate) }
        return Array(value)
    }

    /// Puts another management key in the place of the one that was shown before.
    func setManagementKey(
        _ key: ManagementKey, _ algorithm: ManagementKey.Algorithm, touch: TouchPolicy
    ) throws(TokenError) -> StatusWord {
        let parameter: UInt8 =
            switch touch {
            case .never: 0xFF
            case .always: 0xFE
            case .cached: 0xFD
            }
        return try sendSecret(
            .setManagementKey, p1: 0xFF, p2: parameter, count: 3 + key.length
        ) { bytes in
            bytes += [algorithm.rawValue, Self.reference, UInt8(truncatingIfNeeded: key.length)]
            key.withBytes { span in
                for index in 0..<span.byteCount {
                    bytes.append(unsafe span.unsafeLoad(fromByteOffset: index, as: UInt8.self))
                }
            }
        }.status
    }
}

extension BlockCipher {
    /// A block encrypted, with an error of the token's kind.
    fileprivate borrowing func encrypted(_ block: [UInt8]) throws(TokenError) -> [UInt8] {
        do throws(SSHCryptoError) {
            return try encrypt(block)
        } catch {
            throw TokenError(.other, "management key: \(error)")
        }
    }

    /// A block decrypted, with an error of the token's kind.
    fileprivate borrowing func decrypted(_ block: [UInt8]) throws(TokenError) -> [UInt8] {
        do throws(SSHCryptoError) {
            return try decrypt(block)
        } catch {
            throw TokenError(.other, "management key: \(error)")
        }
    }
}
