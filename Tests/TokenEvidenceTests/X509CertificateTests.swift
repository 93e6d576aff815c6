// SPDX-License-Identifier: Apache-2.0
import AttestationSupport
import SSHCrypto
import SSHFormats
import TestSupport
import Testing

@Suite("X.509 certificates") struct X509CertificateTests {
    @Test(
        "a key is read as SSH knows it, and written back as the same bytes",
        arguments: [
            ("EC:P-256", KeyKind.ecdsaP256), ("EC:P-384", .ecdsaP384), ("EC:P-521", .ecdsaP521),
            ("RSA:2048", .rsa), ("ED25519", .ed25519),
        ])
    func keys(_ algorithm: String, _ kind: KeyKind) throws {
        let maker = try CertificateMaker()
        try maker.key("ca", algorithm)
        let info = try maker.info("ca")
        let key = try info.publicKey()
        #expect(key.kind == kind)
        #expect(SubjectPublicKeyInfo(key)?.bytes == info.bytes)
        let converted = try Subprocess.run(
            "/usr/bin/ssh-keygen", ["-i", "-m", "PKCS8", "-f", maker.directory.file("ca.pub")])
        if algorithm != "ED25519" {
            #expect(converted.output == key.line + "\n")
        }
    }

    @Test("a key of another curve is told, not trapped on")
    func otherCurve() throws {
        let maker = try CertificateMaker()
        try maker.key("ca", "EC:secp256k1")
        let info = try maker.info("ca")
        #expect(
            throws: SSHCryptoError(
                .encodingRefused("the public key's curve 1.3.132.0.10 is not known"))
        ) { try info.publicKey() }
    }

    @Test(
        "a signature holds under the key that made it, and under no other",
        arguments: [
            ("EC:P-256", ["-sha256"]), ("EC:P-384", ["-sha384"]), ("EC:P-521", ["-sha512"]),
            ("RSA:2048", ["-sha256"]), ("RSA:2048", ["-sha384"]), ("RSA:2048", ["-sha512"]),
            ("ED25519", []),
        ])
    func signatures(_ algorithm: String, _ options: [String]) throws {
        let maker = try CertificateMaker()
        try maker.key("root", algorithm)
        try maker.key("other", algorithm)
        try maker.key("ca")
        let root = try maker.certificate("root", key: "root", subject: "/CN=Root", options: options)
        let end = try maker.certificate(
            "end", key: "ca", subject: "/CN=End", issuer: ("root", "root"), options: options)
        try root.verify(signedBy: root.subjectPublicKeyInfo)
        try end.verify(signedBy: try maker.info("root"))
        #expect(end.subjectPublicKeyInfo == (try maker.info("ca")))
        #expect(end.issuer == root.subject)
        let other = try maker.info("other")
        #expect(throws: SSHCryptoError(.wrongSignature)) { try end.verify(signedBy: other) }
        let key = try maker.info("ca")
        if algorithm.hasPrefix("EC") {
            #expect(throws: SSHCryptoError(.wrongSignature)) { try end.verify(signedBy: key) }
        } else {
            #expect(!end.isSigned(by: key))
        }
    }

    @Test("a signature with SHA-1 is not taken")
    func sha1() throws {
        let maker = try CertificateMaker()
        try maker.key("root", "RSA:2048")
        let root = try maker.certificate(
            "root", key: "root", subject: "/CN=Root", options: ["-sha1"])
        #expect(
            throws: SSHCryptoError(
                .encodingRefused("the signature's algorithm 1.2.840.113549.1.1.5 is not known"))
        ) { try root.verify(signedBy: root.subjectPublicKeyInfo) }
    }

    @Test("names are text for screens, with nothing in it that a terminal would obey")
    func names() throws {
        let maker = try CertificateMaker()
        try maker.key("ca")
        let plain = try maker.certificate(
            "plain", key: "ca", subject: "/C=SE/O=Yubico AB/CN=YubiKey PIV Attestation 9c")
        #expect(plain.subject.description == "C=SE, O=Yubico AB, CN=YubiKey PIV Attestation 9c")
        #expect(plain.subject.commonName == "YubiKey PIV Attestation 9c")
        let hostile = try maker.certificate(
            "hostile", key: "ca", subject: "/CN=a,CN=b\u{1B}[2J/CN=c")
        #expect(
            hostile.subject.description
                == #"CN=a\u{2c}CN=b\u{1b}[2J, CN=c"#)
        #expect(hostile.subject.commonName == nil)
    }

    @Test("extensions are found by their dotted names")
    func extensions() throws {
        let maker = try CertificateMaker()
        try maker.key("ca")
        let certificate = try maker.certificate(
            "one", key: "ca", subject: "/CN=One",
            extensions: [
                "basicConstraints=critical,CA:TRUE,pathlen:3",
                "1.3.6.1.4.1.41482.3.3=DER:050403",
            ])
        #expect(certificate.value(ofExtension: "1.3.6.1.4.1.41482.3.3") == [5, 4, 3])
        #expect(certificate.value(ofExtension: "1.3.6.1.4.1.41482.3.7") == nil)
        #expect(certificate.extensions.map(\.isCritical).filter { $0 }.count == 1)
        let authority = try certificate.authority()
        #expect(authority.isAuthority && authority.pathLength == 3)
    }

    @Test("every prefix of a certificate is refused, as is every byte behind it")
    func prefixes() throws {
        let maker = try CertificateMaker()
        try maker.key("ca")
        let bytes = try maker.certificate("one", key: "ca", subject: "/CN=One").bytes
        for count in bytes.indices {
            let prefix = Array(bytes.prefix(count))
            #expect(throws: SSHCryptoError.self) { try X509Certificate(der: prefix) }
        }
        #expect(
            throws: SSHCryptoError(.encodingRefused("1 bytes stand after the certificate"))
        ) { try X509Certificate(der: bytes + [0]) }
        let long = [UInt8](repeating: 0x30, count: X509Certificate.maximumLength + 1)
        #expect(
            throws: SSHCryptoError(
                .encodingRefused("the certificate has 16385 bytes, more than 16384"))
        ) { try X509Certificate(der: long) }
    }

    @Test("a certificate with a flipped bit is refused, or its signature fails")
    func flips() throws {
        let maker = try CertificateMaker()
        try maker.key("ca")
        let whole = try maker.certificate("one", key: "ca", subject: "/CN=One")
        var accepted = 0
        for place in whole.bytes.indices {
            for bit in [0, 3, 7] {
                var bytes = whole.bytes
                bytes[place] ^= 1 << UInt8(bit)
                guard let other = try? X509Certificate(der: bytes) else { continue }
                if other.isSigned(by: whole.subjectPublicKeyInfo) { accepted += 1 }
            }
        }
        #expect(accepted == 0)
    }

    @Test("a file holds one certificate in DER, or several in PEM with text around them")
    func files() throws {
        let maker = try CertificateMaker()
        try maker.key("ca")
        let one = try maker.certificate("one", key: "ca", subject: "/CN=One")
        let two = try maker.certificate("two", key: "ca", subject: "/CN=Two")
        let pem = try maker.directory.read("one.pem")
        let both = Array("One\r\n".utf8) + pem + Array("\nTwo\n".utf8)
        let bundle = both + (try maker.directory.read("two.pem"))
        #expect(try X509CertificateFile.certificates(bundle) == [one, two])
        #expect(try X509CertificateFile.certificates(one.bytes) == [one])
        #expect(
            throws: SSHCryptoError(.encodingRefused("the file holds no certificate"))
        ) { try X509CertificateFile.certificates([]) }
        #expect(
            throws: SSHCryptoError(.encodingRefused("the last certificate has no end"))
        ) { try X509CertificateFile.certificates(pem.dropLast(30)) }
    }
}
