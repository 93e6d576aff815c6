// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import SSHFormats
import TokenEvidence

/// What tokens prove of their keys: X.509 certificates, and what they state.
let attestationTargets = [
    FuzzTarget(
        "x509", maximumLength: 4_096, dictionary: .wire,
        memory: MemoryBound(perByte: 96, constant: 131_072),
        growths: [
            Growth("elements in elements", 4_096...1_048_576, isAccepted: false) { size in
                [UInt8](repeating: 0x30, count: size)
            }
        ]
    ) { bytes in
        .of({ try X509Certificate(der: bytes) }) { certificate in
            try require(certificate.bytes == bytes, "the certificate keeps other bytes")
            for name in [certificate.subject, certificate.issuer] {
                try require(
                    name.description.utf8.allSatisfy { (0x20...0x7E).contains($0) },
                    "a name is not fit for a screen")
            }
            if let key = try? certificate.subjectPublicKeyInfo.publicKey(),
                let written = SubjectPublicKeyInfo(key)
            {
                try require(try written.publicKey() == key, "its key is written as another")
            }
            _ = certificate.isSigned(by: certificate.subjectPublicKeyInfo)
            let statement = AttestationStatement(certificate)
            try require(!statement.text.isEmpty, "it states nothing")
            let path = AttestationPath([bytes, bytes], roots: AttestationRoot.yubico)
            try require(path.root == nil, "a certificate of the fuzzer leads to Yubico's root")
        }
    }
]
