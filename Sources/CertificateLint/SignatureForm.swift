// SPDX-License-Identifier: Apache-2.0
import SSHFormats

/// Signatures in a form that some readers put right before they verify.
enum SignatureForm {
    /// The signature with an RSA number padded to the length of the modulus, or with the numbers of
    /// ECDSA without needless zeros; nil where that does not make a signature of the key.
    static func padded(_ parts: SignatureParts?, for key: PublicKey) -> Signature? {
        guard let parts, let name = parts.algorithm, name.count <= 64,
            let algorithm = Signature.Algorithm(rawValue: String(decoding: name, as: UTF8.self)),
            let value = value(parts, for: key)
        else { return nil }
        do throws(FormatError) {
            return try Signature(algorithm: algorithm, value: value)
        } catch {
            return nil
        }
    }

    private static func value(_ parts: SignatureParts, for key: PublicKey) -> Signature.Value? {
        switch key.material {
        case .rsa(_, let modulus):
            guard let number = parts.value, !number.isEmpty, number.count < modulus.count else {
                return nil
            }
            let zeros = [UInt8](repeating: 0, count: modulus.count - number.count)
            return .rsa(zeros + number)
        case .ecdsa:
            guard let r = parts.r, let s = parts.s, let first = r.first, let second = s.first,
                first < 0x80, second < 0x80
            else { return nil }
            return .ecdsa(r: Array(r.drop { $0 == 0 }), s: Array(s.drop { $0 == 0 }))
        default: return nil
        }
    }
}
