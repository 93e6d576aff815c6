// SPDX-License-Identifier: Apache-2.0
import Documents
public import SSHCrypto

/// An interrupted ceremony to be ended as it is: what it issued is handed out, the rest is given up.
///
/// The batch that holds it revokes every serial that is given up, since the token may have signed
/// what it was told to and nobody saw.
public struct AbandonItem: Hashable, Sendable {
    /// The number of the batch whose ceremony is abandoned.
    public let number: UInt64
    /// The SHA-256 of its manifest.
    public let manifest: SHA256Digest
    /// The risk class: the strictest of that batch.
    public let riskClass: String
    /// How many of its certificates are recorded.
    public let issued: UInt64
    /// The serials of all its other certificates, which nobody will ever sign.
    public let abandoned: [AuthoritySerials]
    /// Why.
    public let reason: String

    /// Makes the item that abandons a ceremony.
    public init(
        number: UInt64, manifest: SHA256Digest, riskClass: String, issued: UInt64,
        abandoned: [AuthoritySerials], reason: String
    ) {
        self.number = number
        self.manifest = manifest
        self.riskClass = riskClass
        self.issued = issued
        self.abandoned = abandoned
        self.reason = reason
    }

    /// What is revoked along with it: each serial that is given up.
    public func revocations(riskClass: String) -> [RevokeItem] {
        abandoned.map { serials in
            RevokeItem(
                authority: serials.authority, target: .serials(serials.serials),
                riskClass: riskClass, reason: "batch \(number) was abandoned: \(reason)")
        }
    }

    func write(to writer: inout DocumentWriter) {
        writer.field("batch", String(number))
        writer.field("manifest", manifest.hex)
        writer.field("class", riskClass)
        writer.field("issued", String(issued))
        for serials in abandoned { writer.field("abandoned", serials.text) }
        writer.field("reason", reason)
    }

    static func read(_ reader: inout BlockReader) -> AbandonItem? {
        let number = reader.number("batch")
        let manifest = reader.digest("manifest")
        let riskClass = reader.required("class")?.value
        let issued = reader.number("issued")
        let fields = reader.repeated("abandoned")
        let abandoned = fields.compactMap { field in
            reader.value(field, expected: "an authority and serials N or N-M") {
                AuthoritySerials(text: $0)
            }
        }
        let reason = reader.required("reason")?.value
        if fields.isEmpty { _ = reader.required("abandoned") }
        guard let number, let manifest, let riskClass, let issued, let reason else { return nil }
        return AbandonItem(
            number: number, manifest: manifest, riskClass: riskClass, issued: issued,
            abandoned: abandoned, reason: reason)
    }
}
