// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHFormats

/// Serials of one authority that follow one another.
public struct AuthoritySerials: Hashable, Sendable {
    /// The authority.
    public let authority: String
    /// The serials.
    public let serials: ClosedRange<UInt64>

    /// Names serials of an authority.
    public init(authority: String, serials: ClosedRange<UInt64>) {
        self.authority = authority
        self.serials = serials
    }

    /// The serials as manifests and entries write them: `users@example.org 5-8`.
    public var text: String {
        let (low, high) = (serials.lowerBound, serials.upperBound)
        return low == high ? "\(authority) \(low)" : "\(authority) \(low)-\(high)"
    }

    /// Reads what ``text`` writes, and nothing else.
    public init?(text: String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else { return nil }
        let ends = parts[1].split(separator: "-", omittingEmptySubsequences: false)
            .map { parseDecimal(String($0)) }
        guard (1...2).contains(ends.count), let first = ends.first, let low = first,
            let last = ends.last, let high = last, 0 < low,
            ends.count == 1 || low < high
        else { return nil }
        self.init(authority: String(parts[0]), serials: low...high)
    }

    /// The serials of these items, neighbours joined: by authority in the order of the items, then
    /// ascending.
    public static func covering(_ items: [IssueItem]) -> [AuthoritySerials] {
        var order: [String] = []
        var serials: [String: [UInt64]] = [:]
        for item in items {
            if serials[item.authority] == nil { order.append(item.authority) }
            serials[item.authority, default: []].append(item.fields.serial)
        }
        return order.flatMap { authority in
            var ranges: [AuthoritySerials] = []
            for serial in Set(serials[authority] ?? []).sorted() {
                if let last = ranges.last, serial - last.serials.upperBound == 1 {
                    ranges[ranges.count - 1] = AuthoritySerials(
                        authority: authority, serials: last.serials.lowerBound...serial)
                } else {
                    ranges.append(AuthoritySerials(authority: authority, serials: serial...serial))
                }
            }
            return ranges
        }
    }
}
