// SPDX-License-Identifier: Apache-2.0

import Token

extension PIVApplication {
    private static let container: UInt32 = 0x53

    /// What a data object holds; nil where there is none, or it is empty.
    func object(_ object: PIVObject) throws(TokenError) -> [UInt8]? {
        let response = try send(CommandAPDU(.getData, p1: 0x3F, p2: 0xFF, data: object.name))
        switch response.status {
        case .success: break
        case .notFound, .noReference: return nil
        default:
            throw Self.refusal(
                .getData, response.status, "object \(object) of the card cannot be read")
        }
        // The discovery object and the biometric group are templates of their own.
        guard let value = TLV(response.data) else { throw Self.garbled(.getData) }
        if value.tag == object.tag { return response.data }
        guard value.tag == Self.container else { throw Self.garbled(.getData) }
        return value.value.isEmpty ? nil : Array(value.value)
    }

    /// Writes a data object; no bytes remove it.
    ///
    /// The management key comes first.
    func write(_ bytes: [UInt8], to object: PIVObject) throws(TokenError) {
        let data = object.name + TLV.encode(Self.container, bytes)
        guard data.count <= CommandAPDU.maximumDataLength else {
            throw TokenError(.unsupported, "object of \(bytes.count) bytes is too long for a card")
        }
        let response = try send(
            CommandAPDU(.putData, p1: 0x3F, p2: 0xFF, data: data, expectsData: false))
        // What was not there cannot be removed, and need not be.
        if bytes.isEmpty, response.status == .notFound { return }
        guard response.status == .success else {
            throw Self.refusal(
                .putData, response.status, "object \(object) of the card cannot be written")
        }
    }

    /// The certificate of a slot in DER; nil where there is none.
    func certificate(_ slot: PIVSlot) throws(TokenError) -> [UInt8]? {
        guard let bytes = try object(.certificate(slot)) else { return nil }
        return try PIVCertificate.certificate(in: bytes, slot)
    }

    /// The certificate in which the card attests the key of a slot; nil where it does not.
    func attestation(_ slot: PIVSlot) throws(TokenError) -> [UInt8]? {
        let response = try send(CommandAPDU(.attest, p1: slot.rawValue))
        guard response.status == .success, !response.data.isEmpty else { return nil }
        return response.data
    }

    /// What the card tells of a key or secret; nil where there is none, or the card does not tell.
    func metadata(_ reference: UInt8) throws(TokenError) -> Metadata {
        let response = try send(CommandAPDU(.getMetadata, p2: reference))
        switch response.status {
        case .success: break
        case .noReference, .notFound: return .empty
        case .noInstruction, .noClass, .noFunction: return .unsupported
        default:
            throw Self.refusal(.getMetadata, response.status, "the card does not tell of its keys")
        }
        guard let metadata = PIVMetadata(response.data) else { throw Self.garbled(.getMetadata) }
        return .told(metadata)
    }

    /// An answer to the question what the card knows of a key or secret.
    enum Metadata {
        case told(PIVMetadata)
        case empty
        case unsupported
    }
}
