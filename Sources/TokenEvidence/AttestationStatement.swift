// SPDX-License-Identifier: Apache-2.0
public import SSHCrypto

/// What a YubiKey's attestation certificate says of a key and of the device.
///
/// It holds if the certificate's chain does; ``AttestationVerdict`` sees to that. The extensions
/// stand under 1.3.6.1.4.1.41482.3, each of a form of its own. What the certificate does not say,
/// or says out of form, is nil.
public struct AttestationStatement: Hashable, Sendable {
    /// The slot that the subject names.
    public let slot: UInt8?
    /// The firmware's version.
    public let firmware: FirmwareVersion?
    /// The device's serial number; devices before firmware 5.0 do not tell it.
    public let serial: UInt32?
    /// When the key wants the PIN.
    public let pinPolicy: PINPolicy?
    /// When the key wants a touch.
    public let touchPolicy: TouchPolicy?
    /// The shape of the device.
    public let formFactor: FormFactor?
    /// Whether the device is of a series with a FIPS 140 validation.
    public let isFIPS: Bool
    /// Whether the device is of a series with a CSPN certificate.
    public let isCSPN: Bool
    /// The extensions that are out of form, one sentence each.
    public let faults: [String]

    /// The names of the extensions, and what the subject of a statement begins with.
    enum Name {
        static let firmware = "1.3.6.1.4.1.41482.3.3"
        static let serial = "1.3.6.1.4.1.41482.3.7"
        static let policies = "1.3.6.1.4.1.41482.3.8"
        static let formFactor = "1.3.6.1.4.1.41482.3.9"
        static let fips = "1.3.6.1.4.1.41482.3.10"
        static let cspn = "1.3.6.1.4.1.41482.3.11"
        static let otherStatements = ["1.3.6.1.4.1.41482.4.", "1.3.6.1.4.1.41482.5."]
        static let subject = "YubiKey PIV Attestation "
    }

    /// Reads what a certificate says, without verifying it.
    public init(_ certificate: X509Certificate) {
        var faults: [String] = []
        func read<Value>(
            _ name: String, _ noun: String, _ parse: ([UInt8]) -> Value?
        ) -> Value? {
            guard let bytes = certificate.value(ofExtension: name) else { return nil }
            if let value = parse(bytes) { return value }
            faults.append("the attestation's \(noun) is out of form (\(bytes.count) bytes)")
            return nil
        }
        slot = Self.slot(certificate.subject.commonName)
        firmware = read(Name.firmware, "firmware") { bytes in
            bytes.count == 3 ? FirmwareVersion(bytes[0], bytes[1], bytes[2]) : nil
        }
        serial = read(Name.serial, "serial number", Self.serial)
        let policies = read(Name.policies, "PIN and touch policy") { bytes in
            bytes.count == 2
                ? (pin: PINPolicy(rawValue: bytes[0]), touch: TouchPolicy(rawValue: bytes[1])) : nil
        }
        pinPolicy = policies?.pin
        touchPolicy = policies?.touch
        if let policies, policies.pin == nil {
            faults.append("the attestation's PIN policy is none that is known")
        }
        if let policies, policies.touch == nil {
            faults.append("the attestation's touch policy is none that is known")
        }
        formFactor = read(Name.formFactor, "form factor") { bytes in
            bytes.count == 1 ? FormFactor(rawValue: bytes[0]) : nil
        }
        isFIPS = certificate.value(ofExtension: Name.fips) != nil || formFactor?.isFIPS == true
        isCSPN = certificate.value(ofExtension: Name.cspn) != nil
        self.faults = faults
    }

    /// What is stated, with the names that ledger and screens use, in a fixed order.
    public var statements: [(name: String, value: String)] {
        [
            ("slot", slot.map { String($0, radix: 16) } ?? "unknown"),
            ("firmware", firmware?.description ?? "unknown"),
            ("serial", serial.map { String($0) } ?? "unknown"),
            ("pin-policy", pinPolicy?.description ?? "unknown"),
            ("touch-policy", touchPolicy?.description ?? "unknown"),
            ("fips", String(isFIPS)), ("cspn", String(isCSPN)),
        ]
    }

    /// The statements as one line, as ledger and report have them.
    public var text: String {
        statements.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    }

    /// Whether a certificate is a statement about a key: of PIV, OpenPGP, or a YubiHSM.
    ///
    /// One that is must never vouch for another: the key that it speaks of is the owner's, who can
    /// sign with it whatever is wanted.
    static func isStatement(_ certificate: X509Certificate) -> Bool {
        slot(certificate.subject.commonName) != nil
            || certificate.extensions.contains { found in
                found.identifier == Name.policies
                    || Name.otherStatements.contains { found.identifier.hasPrefix($0) }
            }
    }

    private static func slot(_ commonName: String?) -> UInt8? {
        guard let commonName, commonName.hasPrefix(Name.subject) else { return nil }
        let digits = commonName.dropFirst(Name.subject.count)
        guard digits.utf8.count == 2, digits.utf8.allSatisfy({ $0 != UInt8(ascii: "+") }) else {
            return nil
        }
        return UInt8(digits, radix: 16)
    }

    private static func serial(_ bytes: [UInt8]) -> UInt32? {
        var reader = DERReader(bytes)
        do throws(SSHCryptoError) {
            let digits = try reader.positiveInteger("the serial number")
            try reader.finish("the serial number")
            return digits.count <= 4 ? digits.reduce(0) { $0 << 8 | UInt32($1) } : nil
        } catch {
            return nil
        }
    }
}
