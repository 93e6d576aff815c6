// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import SSHFormats

extension LintPass {
    /// The authority's key.
    mutating func checkSigner(
        _ key: PublicKey?, _ faults: [KeyFault], subject: PublicKey?
    ) {
        guard let parts = parts.signatureKey else { return }
        let field = "signature key"
        checkNUL(field, parts.typeName)
        if self.parts.isSignedByCertificate {
            add(
                .signerCertificate, field, parts.typeName,
                "\(shown(parts.typeName)) is a certificate")
            return
        }
        let name = parts.typeName
        switch parts.layout?.name {
        case "ssh-dss": add(.signerDSA, field, name, "it is a DSA key")
        case let known? where known == KeyLayout.compositeName:
            add(.signerExperimental, field, name, "\(shown(name)) is experimental")
            if KeyKind(rawValue: known) == nil {
                add(.signerUnknown, field, name, "\(shown(name)) is not read by the strict reader")
            }
        case nil: add(.signerUnknown, field, name, "\(shown(name)) is not known")
        default: break
        }
        checkKey(parts, faults, place: "signature key ")
        if parts.layout != nil, !parts.leftOver.isEmpty {
            add(
                .signerTrailing, field, parts.leftOver,
                "\(parts.leftOver.count) bytes are left over")
        }
        if key?.kind.isSecurityKey == true
            || ["sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"]
                .contains(parts.layout?.name)
        {
            add(.signerSecurityKey, field, name, "it is a key in a FIDO token")
        }
        if let subject, subject == key {
            add(.signerSelf, field, name, "it is the certified key itself")
        }
    }

    /// The signature, and what came of its verification.
    mutating func checkSignature(
        by key: PublicKey?, _ standing: CertificateInspection.SignatureStanding
    ) {
        let offset = parts.signatureBytes?.startIndex ?? dissection.blob.count
        switch standing {
        case .holds, .holdsInOtherForm: break
        case .wrong:
            add(.signatureWrong, "signature", offset, "the signature key did not make it")
        case .unchecked(let reason): add(.signatureUnchecked, "signature", offset, reason)
        }
        guard let signature = parts.signature, let name = signature.algorithm else { return }
        checkNUL("signature algorithm", name)
        let left = signature.leftOver.count + signature.valueLeftOver.count
        let algorithm =
            name.count <= 128
            ? Signature.Algorithm(rawValue: String(decoding: name, as: UTF8.self)) : nil
        guard let algorithm else {
            if name.elementsEqual("ssh-rsa".utf8) {
                add(.signatureSHA1, "signature algorithm", name, "ssh-rsa signs with SHA-1")
            } else {
                add(
                    .signatureUnknown, "signature algorithm", name, "\(shown(name)) is not known")
            }
            return
        }
        if left > 0 {
            add(.signatureTrailing, "signature", offset, "\(left) bytes are left over")
        }
        guard let key, algorithm.keyKind == key.kind else {
            if let key {
                add(
                    .signatureMismatch, "signature algorithm", name,
                    "\(algorithm.rawValue) is not an algorithm of a \(key.kind.rawValue) key")
            }
            checkNumbers(signature, algorithm)
            return
        }
        checkNumbers(signature, algorithm)
        if let value = signature.value, case .rsa(_, let modulus) = key.material {
            checkLength(value, modulus.count)
        }
    }

    private mutating func checkLength(_ value: ArraySlice<UInt8>, _ length: Int) {
        guard value.count != length, !value.isEmpty else { return }
        add(
            value.count < length ? .signatureShort : .signatureLong, "signature", value,
            "\(value.count) bytes are not the \(length) of the modulus")
    }

    private mutating func checkNumbers(
        _ signature: SignatureParts, _ algorithm: Signature.Algorithm
    ) {
        guard let curve = algorithm.keyKind.curve else {
            guard let value = signature.value else { return }
            if algorithm.keyKind == .ed25519 || algorithm.keyKind == .skEd25519, value.count != 64 {
                add(.signatureLength, "signature", value, "\(value.count) bytes are not 64")
            } else if value.isEmpty {
                add(.signatureLength, "signature", value, "it is empty")
            } else if algorithm.keyKind == .rsa, value.count > 2_048 {
                add(.signatureLong, "signature", value, "\(value.count) bytes exceed 2048")
            }
            return
        }
        for (field, number) in [("r", signature.r), ("s", signature.s)] {
            guard let number else { continue }
            if let fault = Self.integerFault(number) {
                add(.signatureInteger, field, number, fault)
            } else if number.count - (number.first == 0 ? 1 : 0) > curve.coordinateLength {
                add(
                    .signatureInteger, field, number,
                    "\(number.count) bytes exceed the \(curve.coordinateLength) of the curve")
            }
        }
    }
}
