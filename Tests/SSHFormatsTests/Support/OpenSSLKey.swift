// SPDX-License-Identifier: Apache-2.0
import SSHFormats

/// A private key that the `openssl` command holds, to sign what this code encodes.
struct OpenSSLKey {
    let kind: KeyKind
    let publicKey: PublicKey
    private let path: String
    private let workshop: Workshop

    init(_ kind: KeyKind, in workshop: Workshop) throws {
        self.kind = kind
        self.workshop = workshop
        path = "\(workshop.path)/\(kind.shortName).pem"
        let options =
            switch kind {
            case .rsa: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
            case .ed25519: ["-algorithm", "ed25519"]
            default:
                ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:\(Self.curveName(kind))"]
            }
        try workshop.expect(["openssl", "genpkey", "-out", path] + options)
        let der = try workshop.expect([
            "openssl", "pkey", "-in", path, "-pubout", "-outform", "DER",
        ])
        switch kind {
        case .rsa:
            let pem = try workshop.expect(["openssl", "pkey", "-in", path, "-pubout"])
            let file = try workshop.write("rsa-public.pem", pem)
            let line = try workshop.expect(["ssh-keygen", "-i", "-m", "PKCS8", "-f", file])
            publicKey = try PublicKey(line: String(decoding: line.dropLast(), as: UTF8.self))
        case .ed25519: publicKey = try PublicKey(.ed25519(Array(der.suffix(32))))
        default:
            guard let curve = kind.curve else { throw NotRead(path: kind.rawValue) }
            let point = Array(der.suffix(2 * curve.coordinateLength + 1))
            publicKey = try PublicKey(.ecdsa(curve, point: point))
        }
    }

    private static func curveName(_ kind: KeyKind) -> String {
        switch kind.curve {
        case .p384: "P-384"
        case .p521: "P-521"
        default: "P-256"
        }
    }

    /// Signs bytes by an algorithm of the key's kind.
    func sign(_ message: [UInt8], by algorithm: Signature.Algorithm) throws -> Signature {
        let file = try workshop.write("message-\(algorithm.rawValue)", message)
        let digest: [String] =
            switch algorithm {
            case .rsaSHA256, .ecdsaP256: ["-digest", "sha256"]
            case .ecdsaP384: ["-digest", "sha384"]
            case .rsaSHA512, .ecdsaP521: ["-digest", "sha512"]
            default: []
            }
        let raw = try workshop.expect(
            ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", path, "-in", file] + digest)
        let value: Signature.Value
        switch kind {
        case .rsa: value = .rsa(raw)
        case .ed25519: value = .ed25519(raw)
        default:
            let numbers = try Self.numbers(of: raw)
            value = .ecdsa(r: numbers[0], s: numbers[1])
        }
        return try Signature(algorithm: algorithm, value: value)
    }

    /// The two integers of a DER sequence.
    private static func numbers(of der: [UInt8]) throws -> [[UInt8]] {
        var rest = der.dropFirst(der[1] == 0x81 ? 3 : 2)
        var numbers: [[UInt8]] = []
        while rest.count > 2 {
            let head = Array(rest.prefix(2))
            guard head[0] == 2 else { break }
            numbers.append(Array(rest.dropFirst(2).prefix(Int(head[1]))))
            rest = rest.dropFirst(2 + Int(head[1]))
        }
        guard numbers.count == 2, rest.isEmpty else { throw NotRead(path: "DER") }
        return numbers
    }
}
