// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import SSHFormats

/// Makes user certificates such as an organisation hands out: Ed25519, two principals, and the five
/// extensions that `ssh-keygen -s` sets by itself.
struct CertificateMaker {
    /// The authority, the same in every run.
    let authority: SoftwareKey

    init() throws {
        authority = try SoftwareKey("authority")
    }

    /// The certificate of this serial; each is for a key of its own.
    func certificate(_ serial: UInt64) throws -> Certificate {
        let subject = try SoftwareKey("subject \(serial)").publicKey()
        let fields = try CertificateFields(
            nonce: SHA256Digest(hashing: Array("nonce \(serial)".utf8)).bytes,
            publicKey: subject, serial: serial, kind: .user, keyID: Self.keyID(serial),
            validPrincipals: ["alice", "operators"], validAfter: 1_767_225_600,
            validBefore: 1_798_761_600, criticalOptions: [],
            extensions: [
                .permitX11Forwarding, .permitAgentForwarding, .permitPortForwarding, .permitPTY,
                .permitUserRC,
            ], signatureKey: authority.publicKey())
        let toBeSigned = try fields.toBeSigned()
        return try Certificate(toBeSigned: toBeSigned, signature: authority.sign(toBeSigned))
    }

    /// Fills a folder with the certificates of the serials from 1, each in a file of its own.
    func fill(_ folder: String, count: Int) throws {
        for serial in 1...UInt64(count) {
            let line = try certificate(serial).line(comment: "alice@example.org")
            try write([line], to: "\(folder)/\(serial)-cert.pub")
        }
    }

    /// The key ID of the certificate of this serial.
    static func keyID(_ serial: UInt64) -> String {
        "alice@example.org/\(serial)"
    }
}
