// SPDX-License-Identifier: Apache-2.0
import CertificateLint
import SSHFormats
import Testing

/// Who signs, and the signature.
@Suite("The signature of a certificate")
struct SignatureCases {
    static let all = signers + forms

    @Test("each fault is told in its words, and nothing else is", arguments: all)
    func faults(_ example: Case) throws {
        let found = try findings(example.change)
        #expect(found == example.expected)
    }

    private static var keys: CraftedCertificate.Keys {
        get throws { try CraftedCertificate.Keys.ready.get() }
    }

    static let signers = [
        Case(
            "a certificate",
            "signature key at byte 196: \"ssh-ed25519-cert-v01@openssh.com\" is a certificate "
                + "(CERT-CA-CERTIFICATE)",
            "signature at byte 526: the signature key cannot be read (CERT-SIGNATURE-UNCHECKED)"
        ) { $0.signatureKey = try CraftedCertificate().blob() },
        Case(
            "an unknown kind",
            "signature key at byte 196: \"ssh-x\" is not known (CERT-CA-UNKNOWN)",
            "signature at byte 205: the signature key cannot be read (CERT-SIGNATURE-UNCHECKED)"
        ) { $0.signatureKey = packed("ssh-x") },
        Case(
            "DSA", "signature key at byte 196: it is a DSA key (CERT-CA-DSA)",
            "signature at byte 227: the signature key cannot be read (CERT-SIGNATURE-UNCHECKED)"
        ) { $0.signatureKey = packed("ssh-dss") + [1, 2, 3, 4].flatMap { string([$0]) } },
        Case(
            "bytes behind the key",
            "signature key at byte 243: 1 bytes are left over (CERT-CA-TRAILING)",
            "signature at byte 248: the signature key cannot be read (CERT-SIGNATURE-UNCHECKED)"
        ) { $0.signatureKey += [0] },
        Case(
            "the certified key",
            "signature key at byte 196: it is the certified key itself "
                + "(CERT-CA-SELF)"
        ) { $0.sign(by: try keys.subject) },
    ]

    static let forms = [
        Case(
            "another key's",
            "signature at byte 247: the signature key did not make it (CERT-SIGNATURE-WRONG)"
        ) { $0.sign = try keys.subject.signature },
        Case(
            "no signature",
            "signature algorithm at byte 247: needs 4 bytes, 0 are left (CERT-TRUNCATED)",
            "signature at byte 247: the signature cannot be read (CERT-SIGNATURE-UNCHECKED)"
        ) { crafted in
            crafted.sign = { _ in [] }
        },
        Case(
            "63 bytes",
            "signature at byte 247: the signature cannot be read (CERT-SIGNATURE-UNCHECKED)",
            "signature at byte 266: 63 bytes are not 64 (CERT-SIGNATURE-LENGTH)"
        ) { $0.sign = { _ in packed("ssh-ed25519") + string(noise(63)) } },
        Case(
            "bytes behind it",
            "signature at byte 247: the signature cannot be read (CERT-SIGNATURE-UNCHECKED)",
            "signature at byte 247: 1 bytes are left over (CERT-SIGNATURE-TRAILING)"
        ) {
            let authority = try keys.authority
            $0.sign = { try authority.signature($0) + [0] }
        },
        Case(
            "SHA-1",
            "signature at byte 475: the signature cannot be read (CERT-SIGNATURE-UNCHECKED)",
            "signature algorithm at byte 479: ssh-rsa signs with SHA-1 (CERT-SIGNATURE-SHA-1)"
        ) {
            let rsa = try keys.rsa
            $0.sign(by: rsa)
            $0.sign = { packed("ssh-rsa") + string(try rsa.sign($0, digest: "SHA1")) }
        },
        Case(
            "an algorithm that nobody knows",
            "signature at byte 247: the signature cannot be read (CERT-SIGNATURE-UNCHECKED)",
            "signature algorithm at byte 251: \"x\" is not known (CERT-SIGNATURE-UNKNOWN)"
        ) { $0.sign = { _ in packed("x", "y") } },
        Case(
            "an algorithm of another key",
            "signature at byte 247: the signature key did not make it (CERT-SIGNATURE-WRONG)",
            "signature algorithm at byte 251: rsa-sha2-512 is not an algorithm of a ssh-ed25519 key "
                + "(CERT-SIGNATURE-ALGORITHM)"
        ) { $0.sign = try keys.rsa.signature },
        Case(
            "longer than the modulus",
            "signature at byte 475: the signature key did not make it (CERT-SIGNATURE-WRONG)",
            "signature at byte 495: 257 bytes are not the 256 of the modulus (CERT-SIGNATURE-LONG)"
        ) {
            let rsa = try keys.rsa
            $0.sign(by: rsa)
            $0.sign = {
                packed("rsa-sha2-512") + string([0] + (try rsa.sign($0, digest: "SHA512")))
            }
        },
    ]

    @Test("an RSA signature without its leading zero holds as OpenSSH reads it, and is told")
    func shortSignature() throws {
        let rsa = try Self.keys.rsa
        let inspection = try inspect { crafted in
            crafted.sign(by: rsa)
            // One signature in 256 begins with a zero.
            while try rsa.sign(crafted.toBeSigned, digest: "SHA512").first != 0 {
                crafted.serial += 1
            }
            crafted.sign = {
                let signature = try rsa.sign($0, digest: "SHA512")
                return packed("rsa-sha2-512") + string(signature.dropFirst())
            }
        }
        #expect(inspection.signature == .holdsInOtherForm)
        #expect(
            inspection.findings.map(\.description) == [
                "signature at byte 495: 255 bytes are not the 256 of the modulus "
                    + "(CERT-SIGNATURE-SHORT)"
            ])
    }

    @Test("an ECDSA signature with needless zeros holds, and one without its sign does not")
    func integers() throws {
        let key = try Self.keys.ecdsa
        func sign(_ form: @escaping ([UInt8]) -> [UInt8]) throws -> CertificateInspectionResult {
            let inspection = try inspect { crafted in
                crafted.sign(by: key)
                crafted.sign = { message in
                    var numbers = try key.numbers(message)
                    while (numbers.r.first ?? 0) < 0x80 || (numbers.s.first ?? 0) >= 0x80 {
                        numbers = try key.numbers(message)
                    }
                    let value = string(form(numbers.r)) + string(numbers.s)
                    return packed("ecdsa-sha2-nistp256") + string(value)
                }
            }
            return (
                inspection.signature == .holdsInOtherForm, inspection.findings.map(\.description)
            )
        }
        let padded = try sign { [0, 0] + $0 }
        #expect(padded.holds)
        #expect(
            padded.findings == [
                "r at byte 331: integer has needless leading zeros (CERT-SIGNATURE-INTEGER)"
            ])
        let negative = try sign { $0 }
        #expect(!negative.holds)
        #expect(
            negative.findings == [
                "signature at byte 300: the signature cannot be read (CERT-SIGNATURE-UNCHECKED)",
                "r at byte 331: integer is negative (CERT-SIGNATURE-INTEGER)",
            ])
    }

    private typealias CertificateInspectionResult = (holds: Bool, findings: [String])

    @Test("a FIDO key as authority is refused, whatever it signed")
    func securityKey() throws {
        let point = Array(try Self.keys.subject.publicKey.blob.suffix(32))
        let key = try PublicKey(.skEd25519(point, application: "ssh:"))
        let told = try rules {
            $0.signatureKey = key.blob
            $0.sign = { _ in
                packed("sk-ssh-ed25519@openssh.com") + string(noise(64)) + [1, 0, 0, 0, 1]
            }
        }
        #expect(
            told
                == ["CERT-CA-FIDO", "CERT-CA-SELF", "CERT-SIGNATURE-WRONG"].filter {
                    $0 != "CERT-CA-SELF"
                })
    }
}
