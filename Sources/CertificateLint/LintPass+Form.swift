// SPDX-License-Identifier: Apache-2.0
import SSHFormats

extension LintPass {
    /// The longest packet of SSH, in bytes.
    static let maximumPacket = 262_144

    /// Size, lengths, type name, nonce, reserved field, end.
    mutating func checkForm() {
        checkSize()
        for fault in dissection.faults {
            add(.truncated, fault.field, fault.offset, fault.what)
        }
        if let trailing = parts.trailing, parts.signature != nil {
            add(.trailing, "certificate", trailing, "\(trailing.count) bytes are left over")
        }
        checkTypeName()
        if let nonce = parts.nonce {
            if nonce.count < CertificateFields.minimumNonceLength {
                add(
                    .nonceShort, "nonce", nonce,
                    "\(nonce.count) bytes are fewer than \(CertificateFields.minimumNonceLength)")
            } else if let first = nonce.first, nonce.allSatisfy({ $0 == first }) {
                add(.nonceConstant, "nonce", nonce, "all \(nonce.count) bytes are \(first)")
            }
        }
        if let reserved = parts.reserved, !reserved.isEmpty {
            add(.reserved, "reserved", reserved, "\(reserved.count) bytes are left over")
        }
    }

    private mutating func checkSize() {
        let count = dissection.blob.count
        if count > Self.maximumPacket {
            add(.packet, "certificate", 0, "\(count) bytes do not fit into \(Self.maximumPacket)")
        }
        if count > Certificate.maximumLength {
            add(
                .size, "certificate", 0,
                "\(count) bytes exceed the limit of \(Certificate.maximumLength)")
        } else if let signed = parts.toBeSigned, signed.count > Certificate.maximumToBeSignedLength
        {
            add(
                .size, "certificate", 0,
                "\(signed.count) bytes to be signed exceed the limit of "
                    + "\(Certificate.maximumToBeSignedLength)")
        }
    }

    private mutating func checkTypeName() {
        guard let name = parts.typeName else { return }
        checkNUL("certificate type", name)
        switch parts.standing {
        case .current: break
        case .algorithm:
            add(
                .typeAlgorithm, "certificate type", name,
                "\(shown(name)) names a signature algorithm")
        case .draft:
            add(.typeDraft, "certificate type", name, "\(shown(name)) is a name of the draft")
        case .removed:
            add(.typeRemoved, "certificate type", name, "\(shown(name)) is a type of DSA keys")
        case .experimental:
            add(
                .typeExperimental, "certificate type", name, "\(shown(name)) is experimental")
            if KeyKind(certificateTypeName: String(decoding: name, as: UTF8.self)) == nil {
                add(
                    .typeUnknown, "certificate type", name,
                    "\(shown(name)) is not read by the strict reader")
            }
        case nil where KeyLayout.ofKey(named: name) != nil:
            add(.typePlain, "certificate type", name, "\(shown(name)) is a plain key")
        case nil:
            add(.typeUnknown, "certificate type", name, "\(shown(name)) is not known")
        }
    }
}
