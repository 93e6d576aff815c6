// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats
import TokenEvidence

/// A token that took part in a ceremony, as an entry tells of it.
struct AuditDevice: Hashable, Sendable {
    /// The CA key.
    let publicKey: PublicKey
    /// The token's URI.
    let token: String
    /// What module or card say of the key.
    let evidence: String
    /// What the device proves.
    let proof: RecordedEvidence

    /// The serial number in the token's URI; nil where none stands there in plain characters.
    private var serial: String? {
        let attributes = token.drop { $0 != ":" }.dropFirst().split(separator: ";")
        let value = attributes.first { $0.hasPrefix("serial=") }?.dropFirst("serial=".count)
        return value.flatMap { $0.contains("%") ? nil : String($0) }
    }

    /// What of a ceremony's devices is not as the genesis has them, or as a CA key must be.
    static func faults(of devices: [AuditDevice], _ genesis: Genesis) -> [String] {
        var faults: [String] = []
        var seen: Set<PublicKey> = []
        for device in devices {
            let key = "CA key \(device.publicKey.fingerprint)"
            if !seen.insert(device.publicKey).inserted {
                faults.append("\(key) stands there twice")
            }
            let known = genesis.keys.first { $0.publicKey == device.publicKey }
            let tokens = known.map { [$0.token] + $0.copies.map(\.token) } ?? []
            if !tokens.contains(where: device.mayBe) {
                faults.append("\(key) is on no token \(quoted(device.token)) by the genesis")
            }
            let claims = Set(device.evidence.split(separator: " "))
            for (name, demanded) in [
                ("CKA_SENSITIVE", "true"), ("CKA_EXTRACTABLE", "false"),
                ("CKA_MODIFIABLE", "false"),
            ]
            where claims.contains(where: { $0.hasPrefix(name + "=") && $0 != "\(name)=\(demanded)" }
            ) {
                faults.append("\(key): \(name) must be \(demanded)")
            }
        }
        return faults
    }

    /// Whether nothing that a URI says of its token is otherwise in that of this one.
    private func mayBe(_ uri: String) -> Bool {
        let (named, own) = (Self.attributes(of: uri), Self.attributes(of: token))
        return uri.prefix { $0 != ":" } == token.prefix { $0 != ":" }
            && ["token", "manufacturer", "serial", "model"].allSatisfy { name in
                guard let there = named[name], let here = own[name] else { return true }
                return there == here
            }
    }

    /// The attributes of a token's URI, RFC 7512 section 2.3, with their bytes.
    private static func attributes(of uri: String) -> [String: [UInt8]] {
        let path = uri.drop { $0 != ":" }.dropFirst().prefix { $0 != "?" }
        var found: [String: [UInt8]] = [:]
        for part in path.split(separator: ";") {
            let value = part.drop { $0 != "=" }.dropFirst()
            found[String(part.prefix { $0 != "=" })] = bytes(ofEscaped: value)
        }
        return found
    }

    private static func bytes(ofEscaped text: Substring) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"),
                let escaped = UInt8(String(rest.prefix(2)) ?? "", radix: 16)
            {
                bytes.append(escaped)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }

    /// Verifies the recorded evidence anew, and holds it against a policy.
    func review(_ policy: TokenPolicy) -> TokenReview {
        proof.review(
            publicKey, manufacturer: "", model: "", serial: serial,
            claims: evidence.split(separator: " "), policy: policy)
    }
}
