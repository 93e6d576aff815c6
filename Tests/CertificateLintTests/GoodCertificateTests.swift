// SPDX-License-Identifier: Apache-2.0
import CertificateLint
import SSHFormats
import Testing

@Suite("A certificate that nothing is wrong with")
struct GoodCertificateTests {
    @Test("a user's and a host's break no rule, whatever key signs")
    func noFindings() throws {
        let keys = try CraftedCertificate.Keys.ready.get()
        for key in [keys.authority, keys.rsa, keys.ecdsa] {
            #expect(try findings { $0.sign(by: key) } == [])
            #expect(
                try findings {
                    $0.sign(by: key)
                    $0.forHost()
                } == [])
            let inspection = try inspect { $0.sign(by: key) }
            #expect(inspection.signature == .holds)
            #expect(inspection.refusal == nil)
            #expect(inspection.signatureKey == key.publicKey)
            #expect(inspection.subjectKey == keys.subject.publicKey)
        }
    }

    @Test("every kind of key can be certified without a finding")
    func kinds() throws {
        let keys = try CraftedCertificate.Keys.ready.get()
        let point = Array(keys.ecdsa.publicKey.blob.suffix(65))
        let ed25519 = Array(keys.subject.publicKey.blob.suffix(32))
        for key in [
            keys.rsa.publicKey, keys.ecdsa.publicKey, keys.subject.publicKey,
            try PublicKey(.skECDSA(point: point, application: "ssh:")),
            try PublicKey(.skEd25519(ed25519, application: "ssh:vault")),
        ] {
            #expect(try findings { $0.certify(key) } == [], "\(key.kind)")
        }
    }
}
