// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHCrypto
public import SSHFormats

/// Something to be revoked, and why.
public struct RevokeItem: Hashable, Sendable {
    /// What is revoked.
    public enum Target: Hashable, Sendable {
        /// The certificates with these serials.
        case serials(ClosedRange<UInt64>)
        /// The certificates with this key ID.
        case keyID(String)
        /// Every certificate for this key, and the key itself.
        case key(PublicKey)

        /// The target as manifests and screens write it.
        public var text: String {
            switch self {
            case .serials(let range):
                // The count of a range may be beyond Int, which is a trap.
                range.lowerBound == range.upperBound
                    ? "serial \(range.lowerBound)"
                    : "serials \(range.lowerBound)-\(range.upperBound)"
            case .keyID(let keyID): "key-id \(keyID)"
            case .key(let key): "key \(key.line)"
            }
        }

        /// Reads a target as manifests write it.
        public init?(text: String) {
            let parts = text.split(
                separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[1].isEmpty else { return nil }
            let value = String(parts[1])
            switch parts[0] {
            case "serial":
                guard let serial = parseDecimal(value), serial > 0 else { return nil }
                self = .serials(serial...serial)
            case "serials":
                let ends = value.split(separator: "-", omittingEmptySubsequences: false)
                guard ends.count == 2, let low = parseDecimal(String(ends[0])),
                    let high = parseDecimal(String(ends[1])), 0 < low, low < high
                else { return nil }
                self = .serials(low...high)
            case "key-id": self = .keyID(value)
            case "key":
                do throws(FormatError) {
                    self = .key(try PublicKey(line: value))
                } catch {
                    return nil
                }
            default: return nil
            }
        }
    }

    /// The authority whose certificates are revoked.
    public let authority: String
    /// What is revoked.
    public let target: Target
    /// The risk class.
    public let riskClass: String
    /// Why.
    public let reason: String

    /// Makes a revocation.
    public init(authority: String, target: Target, riskClass: String, reason: String) {
        self.authority = authority
        self.target = target
        self.riskClass = riskClass
        self.reason = reason
    }
}
