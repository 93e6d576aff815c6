// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHCrypto
public import SSHFormats

/// What an attestation proves, with everything that speaks against it.
///
/// Names and dates in the certificates prove nothing and are not looked at. What counts are the
/// signatures from the key's certificate over the device's, and intermediates, up to a pinned root;
/// that nothing but a device's certificate stands second, and nothing but authorities above it; and
/// that the statement is about this key, this slot, and this device.
public struct AttestationVerdict: Hashable, Sendable {
    /// What the device states; nil where there is no certificate that could be read.
    public let statement: AttestationStatement?
    /// The root that the chain ends at; nil where it ends at none that is pinned.
    public let root: AttestationRoot?
    /// The certificates in DER, the key's own first: those of the chain as far as it was followed,
    /// or all that were given where it leads to no root.
    public let certificates: [[UInt8]]
    /// What speaks against it, one sentence each; empty where the attestation is verified.
    public let faults: [String]
    /// What is worth knowing and no fault, one sentence each.
    public let remarks: [String]

    /// Whether the attestation proves what it states.
    public var isVerified: Bool { faults.isEmpty }

    /// What is to be shown of the device and the key, to be compared with what is stated.
    public struct Expectation: Sendable {
        /// The key.
        public let key: PublicKey
        /// The slot that was asked about; nil where it is not known.
        public let slot: UInt8?
        /// The device's firmware, as it says itself; nil where it does not.
        public let firmware: FirmwareVersion?
        /// The device's serial number, as it says itself; nil where it is not known.
        public let serial: String?
        /// What the device says of the key without proof; nil where it says nothing.
        public let metadata: KeyMetadata?

        /// Puts together what must agree with the statement.
        public init(
            key: PublicKey, slot: UInt8? = nil, firmware: FirmwareVersion? = nil,
            serial: String? = nil, metadata: KeyMetadata? = nil
        ) {
            self.key = key
            self.slot = slot
            self.firmware = firmware
            self.serial = serial
            self.metadata = metadata
        }
    }

    /// Judges certificates: the key's first, the device's second, then those of the device's maker in
    /// any order.
    ///
    /// - Parameters:
    ///   - certificates: The certificates in DER, at most ``AttestationPath/maximumCertificates``.
    ///   - expectation: What the statement must be about.
    ///   - roots: The pinned roots.
    public init(
        certificates: [[UInt8]], expectation: Expectation,
        roots: [AttestationRoot] = AttestationRoot.yubico
    ) {
        let path = AttestationPath(certificates, roots: roots)
        var faults = path.faults
        var remarks: [String] = []
        root = path.root
        self.certificates = path.root == nil ? certificates : path.certificates.map(\.bytes)
        if let leaf = path.certificates.first {
            let statement = AttestationStatement(leaf)
            self.statement = statement
            faults += statement.faults
            faults += Self.faults(of: statement, leaf: leaf, expectation)
            remarks += Self.remarks(on: statement, root: path.root)
        } else {
            statement = nil
        }
        self.faults = faults
        self.remarks = remarks
    }

    private static func faults(
        of statement: AttestationStatement, leaf: X509Certificate, _ expectation: Expectation
    ) -> [String] {
        var faults: [String] = []
        if !isSame(leaf.subjectPublicKeyInfo, expectation.key) {
            faults.append("the attested key is not CA key \(expectation.key.fingerprint)")
        }
        if let slot = statement.slot {
            if slot == 0xF9 { faults.append("the attested slot is f9, that of attestation itself") }
            if let asked = expectation.slot, slot != asked {
                faults.append(
                    "the attested slot is \(String(slot, radix: 16)), "
                        + "not \(String(asked, radix: 16))")
            }
        } else {
            faults.append("the attestation names no slot: \(leaf.subject)")
        }
        if let firmware = statement.firmware {
            if let told = expectation.firmware, told != firmware {
                faults.append("the attested firmware is \(firmware), the device says \(told)")
            }
        } else if statement.faults.isEmpty {
            faults.append("the attestation does not tell the firmware")
        }
        if let serial = statement.serial, let told = expectation.serial,
            normalized(told) != String(serial)
        {
            faults.append("the attested serial number is \(serial), the token's is \(quoted(told))")
        }
        guard let pin = statement.pinPolicy, let touch = statement.touchPolicy else {
            if statement.faults.isEmpty {
                faults.append("the attestation does not tell PIN and touch policy")
            }
            return faults
        }
        if let told = expectation.metadata?.pinPolicy, told != pin {
            faults.append("the attested PIN policy is \(pin), the card says \(told)")
        }
        if let told = expectation.metadata?.touchPolicy, told != touch {
            faults.append("the attested touch policy is \(touch), the card says \(told)")
        }
        if expectation.metadata?.origin == .imported {
            faults.append("the card says that the attested key was imported")
        }
        return faults
    }

    private static func remarks(
        on statement: AttestationStatement, root: AttestationRoot?
    ) -> [String] {
        var remarks: [String] = []
        if statement.serial == nil {
            remarks.append("the attestation does not tell the serial number")
        }
        if let firmware = statement.firmware, let root, root.key != nil,
            let expected = AttestationRoot.expected(for: firmware), expected.digest != root.digest
        {
            remarks.append(
                "firmware \(firmware) normally chains to \(expected.name), not to \(root.name)")
        }
        return remarks
    }

    private static func isSame(_ info: SubjectPublicKeyInfo, _ key: PublicKey) -> Bool {
        do throws(SSHCryptoError) {
            return try info.publicKey() == key
        } catch {
            return false
        }
    }

    private static func normalized(_ serial: String) -> String {
        let digits = serial.drop { $0 == "0" }
        return digits.isEmpty ? serial : String(digits)
    }

}
