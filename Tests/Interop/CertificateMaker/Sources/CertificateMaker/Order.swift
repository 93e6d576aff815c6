// SPDX-License-Identifier: Apache-2.0
import SSHFormats

/// A certificate that somebody wants, and by which algorithm he will sign it.
struct Order {
    let fields: CertificateFields
    let algorithm: Signature.Algorithm

    /// Reads a line of fields: `key`, `authority`, `algorithm`, `kind`, `nonce`, `serial`, `key-id`,
    /// `after`, `before`, and any number of `principal`, `option` and `extension`.
    init(_ line: String) throws {
        var values: [String: [String]] = [:]
        for part in line.split(separator: "\t") {
            guard let end = part.firstIndex(of: "=") else {
                throw Mistake("\(part) is no name with a value")
            }
            values[String(part[..<end]), default: []].append(
                String(part[part.index(after: end)...]))
        }
        func single(_ name: String) throws -> String {
            guard let all = values[name], all.count == 1 else {
                throw Mistake("\(name) is not there once")
            }
            return all[0]
        }
        func number(_ name: String) throws -> UInt64 {
            guard let number = UInt64(try single(name)) else {
                throw Mistake("\(name) is no number")
            }
            return number
        }
        guard let algorithm = Signature.Algorithm(rawValue: try single("algorithm")) else {
            throw Mistake("the algorithm is not known")
        }
        self.algorithm = algorithm
        fields = CertificateFields(
            nonce: try bytes(try single("nonce")),
            publicKey: try PublicKey(line: try single("key")),
            serial: try number("serial"),
            kind: try single("kind") == "host" ? .host : .user,
            keyID: try single("key-id"),
            validPrincipals: values["principal", default: []],
            validAfter: try number("after"),
            validBefore: try number("before"),
            criticalOptions: try values["option", default: []].map(CriticalOption.init(text:)),
            extensions: try values["extension", default: []]
                .map(CertificateExtension.init(text:)),
            signatureKey: try PublicKey(line: try single("authority")))
    }
}
