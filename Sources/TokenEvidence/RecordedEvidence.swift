// SPDX-License-Identifier: Apache-2.0
public import Documents
public import SSHCrypto
public import SSHFormats

/// What ledger entries and key texts hold of a token's evidence, so that it can be verified anew.
///
/// Format: `Docs/Formats/Attestation.md`.
public struct RecordedEvidence: Hashable, Sendable {
    /// What was made of an attestation.
    public enum Standing: String, Hashable, Sendable {
        /// It was verified.
        case verified
        /// It was not, and the policy let the key sign all the same.
        case unproven
    }

    /// The device's firmware, as it says itself; nil where it does not.
    public let firmware: FirmwareVersion?
    /// What was made of the attestation; nil where none was given.
    public let standing: Standing?
    /// The SHA-256 of the key of the root that the chain leads to; nil where it leads to none.
    public let root: SHA256Digest?
    /// What the device states; nil where it cannot be read.
    public let statement: String?
    /// What speaks against the attestation.
    public let faults: [String]
    /// The certificates in DER, the key's own first.
    public let certificates: [[UInt8]]
    /// The advisories that meet the key, one line each.
    public let advisories: [String]

    /// Takes from a review what is to be kept.
    public init(_ review: TokenReview) {
        firmware = review.device.publishedFirmware
        let verdict = review.attestation
        standing = verdict.map { $0.isVerified ? .verified : .unproven }
        root = verdict?.root?.digest
        statement = verdict?.statement?.text
        faults = (verdict?.faults ?? []).map(Self.plain)
        certificates = verdict?.certificates ?? []
        advisories = review.advisories.map { Self.plain($0.description) }
    }

    /// Evidence of which there is none.
    public init() {
        firmware = nil
        standing = nil
        root = nil
        statement = nil
        faults = []
        certificates = []
        advisories = []
    }

    /// The fields, in the order in which they are written; none where there is nothing to say.
    public var fields: [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        if let firmware { fields.append(("firmware", firmware.description)) }
        if let standing { fields.append(("attestation", standing.rawValue)) }
        if let root { fields.append(("attestation-root", root.hex)) }
        if let statement { fields.append(("attested", statement)) }
        fields += faults.map { ("attestation-fault", $0) }
        fields += certificates.map { ("attestation-certificate", Base64.encode($0)) }
        fields += advisories.map { ("advisory", $0) }
        return fields
    }

    /// Reads the fields of a block; what is out of form is reported to the reader.
    public init(from reader: inout BlockReader) {
        firmware = reader.value(
            reader.optional("firmware"), expected: "a version such as 5.7.0"
        ) { text in FirmwareVersion(text: text).flatMap { $0.description == text ? $0 : nil } }
        let field = reader.optional("attestation")
        standing = reader.value(field, expected: "verified or unproven") {
            Standing(rawValue: $0)
        }
        root = reader.value(reader.optional("attestation-root"), expected: "a SHA-256") {
            SHA256Digest(hex: $0)
        }
        statement = reader.optional("attested")?.value
        faults = reader.repeated("attestation-fault").map(\.value)
        certificates = reader.repeated("attestation-certificate").compactMap { field in
            reader.value(field, expected: "a certificate in Base64") { Base64.decode($0) }
        }
        advisories = reader.repeated("advisory").map(\.value)
        if let fault = Self.fault(
            standing, root: root, statement: statement, faults: faults.count,
            certificates: certificates.count)
        {
            reader.report(Violation(.documentValue, line: field?.line, fault))
        }
    }

    /// Verifies the record anew, and holds it against a policy.
    ///
    /// - Parameters:
    ///   - key: The CA key that it is about.
    ///   - manufacturer: The token's maker, as its URI has it; empty where it is not known.
    ///   - model: The token's model, likewise.
    ///   - serial: The token's serial number, likewise.
    ///   - claims: What module or card say of the key, as `NAME=VALUE`.
    ///   - policy: What is demanded.
    /// - Returns: The judgement, which is the one at the time where nothing was altered.
    public func review(
        _ key: PublicKey, manufacturer: String, model: String, serial: String?,
        claims: [some StringProtocol], policy: TokenPolicy
    ) -> TokenReview {
        func claim(_ name: String) -> String? {
            claims.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
        }
        let (origin, pin, touch) = (claim("origin"), claim("pin-policy"), claim("touch-policy"))
        return TokenReview(
            key,
            key: KeyEvidence(
                metadata: KeyMetadata(
                    origin: KeyOrigin.allCases.first { $0.description == origin },
                    pinPolicy: PINPolicy.allCases.first { $0.description == pin },
                    touchPolicy: TouchPolicy.allCases.first { $0.description == touch }),
                attestation: standing == nil
                    ? nil : AttestationChain(slot: nil, certificates: certificates)),
            device: DeviceEvidence(model: model, serial: serial ?? "", firmware: firmware),
            manufacturer: manufacturer, policy: policy)
    }

    /// What the fields of an attestation must be to one another.
    private static func fault(
        _ standing: Standing?, root: SHA256Digest?, statement: String?, faults: Int,
        certificates: Int
    ) -> String? {
        switch standing {
        case .verified:
            root == nil || statement == nil || faults > 0 || certificates < 2
                ? "a verified attestation has a root, a statement, certificates and no fault" : nil
        case .unproven: faults == 0 ? "an unproven attestation has a fault" : nil
        case nil:
            root != nil || statement != nil || faults > 0 || certificates > 0
                ? "field \"attestation\" is missing beside what belongs to one" : nil
        }
    }

    /// Text that stands in a field of ASCII.
    private static func plain(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if (" "..."~").contains(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return result
    }
}
