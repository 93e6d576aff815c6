// SPDX-License-Identifier: Apache-2.0
public import SSHCrypto
public import SSHFormats
public import TokenEvidence

/// A device's attestation, made by OpenSSL: root, intermediate, the device's certificate, the key's.
///
/// Each test changes the one thing that it is about.
public struct Attested {
    /// Firmware 5.4.3, as an extension.
    public static let firmware = "1.3.6.1.4.1.41482.3.3=DER:050403"
    /// Serial number 28751259, as an extension.
    public static let serial = "1.3.6.1.4.1.41482.3.7=DER:020401b6b59b"
    /// PIN always, touch always, as an extension.
    public static let policies = "1.3.6.1.4.1.41482.3.8=DER:0302"
    /// A USB-C keychain of the FIPS series, as an extension.
    public static let formFactor = "1.3.6.1.4.1.41482.3.9=DER:83"
    /// All extensions of a statement.
    public static let statement = [firmware, serial, policies, formFactor]
    /// The extension of an authority.
    public static let authority = "basicConstraints=critical,CA:TRUE"

    /// Where everything was made.
    public let maker: CertificateMaker
    /// The root's certificate.
    public let root: X509Certificate
    /// The intermediate's certificate.
    public let intermediate: X509Certificate
    /// The device's certificate, of slot f9.
    public let device: X509Certificate
    /// The key's certificate: the statement.
    public let leaf: X509Certificate

    /// Makes a chain; all of it is as it should be, unless an argument says otherwise.
    public init(
        subject: String = "/CN=YubiKey PIV Attestation 9c", extensions: [String] = statement,
        deviceExtensions: [String] = [], intermediateExtensions: [String] = [authority],
        deviceSubject: String = "/CN=Yubico PIV Attestation", isRSA: Bool = false,
        isOther: Bool = false, key: PublicKey? = nil
    ) throws {
        maker = try CertificateMaker()
        let set = isOther ? "other" : "first"
        for name in ["root", "intermediate", "f9"] {
            try maker.take("\(set)-\(name)", as: name)
        }
        if let key {
            try maker.take(key, as: "ca")
        } else {
            try maker.take("\(set)-\(isRSA ? "rsa" : "ca")", as: "ca")
        }
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
    public var roots: [AttestationRoot] { [AttestationRoot(pin: root.subjectPublicKeyInfo.digest)] }

    /// The CA key.
    public func key() throws -> PublicKey { try leaf.subjectPublicKeyInfo.publicKey() }

    /// What the device says of itself, in agreement with the attestation.
    public func expectation() throws -> AttestationVerdict.Expectation {
        AttestationVerdict.Expectation(
            key: try key(), slot: 0x9C, firmware: FirmwareVersion(5, 4, 3), serial: "28751259",
            metadata: KeyMetadata(origin: .generated, pinPolicy: .always, touchPolicy: .always))
    }

    /// The verdict over these certificates, or over all.
    public func verdict(
        _ certificates: [X509Certificate]? = nil,
        expectation: AttestationVerdict.Expectation? = nil, roots: [AttestationRoot]? = nil
    ) throws -> AttestationVerdict {
        AttestationVerdict(
            certificates: (certificates ?? [leaf, device, intermediate, root]).map(\.bytes),
            expectation: try expectation ?? self.expectation(), roots: roots ?? self.roots)
    }
}
