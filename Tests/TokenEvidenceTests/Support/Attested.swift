// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import SSHFormats
import TokenEvidence

/// A device's attestation, made by OpenSSL: root, intermediate, the device's certificate, the key's.
///
/// Each test changes the one thing that it is about.
struct Attested {
    static let firmware = "1.3.6.1.4.1.41482.3.3=DER:050403"
    static let serial = "1.3.6.1.4.1.41482.3.7=DER:020401b6b59b"
    static let policies = "1.3.6.1.4.1.41482.3.8=DER:0302"
    static let formFactor = "1.3.6.1.4.1.41482.3.9=DER:83"
    static let statement = [firmware, serial, policies, formFactor]
    static let authority = "basicConstraints=critical,CA:TRUE"

    let maker: CertificateMaker
    let root: X509Certificate
    let intermediate: X509Certificate
    let device: X509Certificate
    let leaf: X509Certificate

    init(
        subject: String = "/CN=YubiKey PIV Attestation 9c", extensions: [String] = statement,
        deviceExtensions: [String] = [], intermediateExtensions: [String] = [authority],
        deviceSubject: String = "/CN=Yubico PIV Attestation", isRSA: Bool = false,
        isOther: Bool = false
    ) throws {
        maker = try CertificateMaker()
        let set = isOther ? "other" : "first"
        for name in ["root", "intermediate", "f9"] {
            try maker.take("\(set)-\(name)", as: name)
        }
        try maker.take("\(set)-\(isRSA ? "rsa" : "ca")", as: "ca")
        root = try maker.certificate(
            "root", key: "root", subject: "/CN=Site Root", extensions: [Self.authority])
        intermediate = try maker.certificate(
            "intermediate", key: "intermediate", subject: "/CN=Site Intermediate",
            issuer: ("root", "root"), extensions: intermediateExtensions)
        device = try maker.certificate(
            "f9", key: "f9", subject: deviceSubject, issuer: ("intermediate", "intermediate"),
            extensions: deviceExtensions)
        leaf = try maker.certificate(
            "leaf", key: "ca", subject: subject, issuer: ("f9", "f9"), extensions: extensions)
    }

    /// The pin of the root.
    var roots: [AttestationRoot] { [AttestationRoot(pin: root.subjectPublicKeyInfo.digest)] }

    /// The CA key.
    func key() throws -> PublicKey { try leaf.subjectPublicKeyInfo.publicKey() }

    /// What the device says of itself, in agreement with the attestation.
    func expectation() throws -> AttestationVerdict.Expectation {
        AttestationVerdict.Expectation(
            key: try key(), slot: 0x9C, firmware: FirmwareVersion(5, 4, 3), serial: "28751259",
            metadata: KeyMetadata(origin: .generated, pinPolicy: .always, touchPolicy: .always))
    }

    /// The verdict over these certificates, or over all.
    func verdict(
        _ certificates: [X509Certificate]? = nil,
        expectation: AttestationVerdict.Expectation? = nil, roots: [AttestationRoot]? = nil
    ) throws -> AttestationVerdict {
        AttestationVerdict(
            certificates: (certificates ?? [leaf, device, intermediate, root]).map(\.bytes),
            expectation: try expectation ?? self.expectation(), roots: roots ?? self.roots)
    }
}
