// SPDX-License-Identifier: Apache-2.0
public import Documents
import SSHFormats

/// Whether a batch has its quorum: counted by persons, item by item.
public struct QuorumDecision: Hashable, Sendable {
    /// An officer whose approval does not count for an item, and why.
    public struct Exclusion: Hashable, Sendable {
        /// The officer's name.
        public let officer: String
        /// What of the item touches the officer.
        public let reason: String
    }

    /// The count for one item.
    public struct Item: Hashable, Sendable {
        /// The item's number, from 1.
        public let number: Int
        /// The item itself.
        private let item: BatchItem
        /// The item in a few words.
        public var summary: String { item.summary }
        /// The risk class.
        public let riskClass: String
        /// The approvals that it takes; nil where the roster sets none for its class.
        public let threshold: Int?
        /// The officers who count, sorted by name.
        public let counted: [String]
        /// The officers who approved and do not count.
        public let excluded: [Exclusion]

        /// Whether enough officers count.
        public var isReached: Bool { threshold.map { counted.count >= $0 } ?? false }

        fileprivate init(
            _ item: BatchItem, number: Int, threshold: Int?, counted: [String],
            excluded: [Exclusion]
        ) {
            self.number = number
            self.item = item
            riskClass = item.riskClass
            self.threshold = threshold
            self.counted = counted
            self.excluded = excluded
        }
    }

    /// The count for each item.
    public let items: [Item]

    /// Whether every item has enough officers.
    public var isReached: Bool { !items.isEmpty && items.allSatisfy(\.isReached) }

    /// Counts the approvals of a manifest.
    public init(manifest: BatchManifest, approvals: [Approval], roster: Roster) {
        let names = Set(approvals.map(\.officer)).sorted()
        let officers = names.compactMap { name in roster.officers.first { $0.name == name } }
            .map { ($0, NameWords(of: $0)) }
        let all = officers.map(\.0.name)
        items = manifest.items.enumerated().map { index, item in
            var excluded: [Exclusion] = []
            let texts = WrittenNames(item)
            for (officer, words) in officers {
                if let reason = officer.interest(in: item, texts, words) {
                    excluded.append(Exclusion(officer: officer.name, reason: reason))
                }
            }
            return Item(
                item, number: index + 1, threshold: roster.thresholds[item.riskClass],
                counted: excluded.isEmpty
                    ? all : all.filter { name in !excluded.contains { $0.officer == name } },
                excluded: excluded)
        }
    }

    /// What is missing: one violation for all items that lack the same officers of the same class.
    public var violations: [Violation] {
        var groups: [[Item]] = []
        for item in items where !item.isReached {
            if let place = groups.firstIndex(where: { $0.first?.lacksTheSame(as: item) ?? false }) {
                groups[place].append(item)
            } else {
                groups.append([item])
            }
        }
        return groups.compactMap { group in group.first.map { $0.violation(for: group) } }
    }
}

extension QuorumDecision.Item {
    fileprivate func lacksTheSame(as other: Self) -> Bool {
        riskClass == other.riskClass && counted == other.counted && excluded == other.excluded
    }

    fileprivate func violation(for group: [Self]) -> Violation {
        let isOne = group.count == 1
        var message =
            isOne ? "item \(number) (\(summary)) " : "items \(Self.ranges(of: group)) "
        if let threshold {
            message +=
                "\(isOne ? "has" : "have") \(counted.count) of \(threshold) approvals for class "
                + "\"\(riskClass)\""
        } else {
            message +=
                "\(isOne ? "is" : "are") of class \"\(riskClass)\", for which the roster sets no "
                + "threshold"
        }
        for exclusion in excluded {
            message += "; \(exclusion.officer) does not count: \(exclusion.reason)"
        }
        return Violation(.quorumMissing, message, hint: "ask another officer to approve the batch")
    }

    /// The numbers of a group in order, neighbours joined: `1-6, 8, 11-12`.
    private static func ranges(of group: [Self]) -> String {
        var ranges: [ClosedRange<Int>] = []
        for item in group {
            if let last = ranges.last, last.upperBound + 1 == item.number {
                ranges[ranges.count - 1] = last.lowerBound...item.number
            } else {
                ranges.append(item.number...item.number)
            }
        }
        return ranges.map { range in
            range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
        }.joined(separator: ", ")
    }
}

extension Person {
    /// What of an item touches this person, or nil where nothing does.
    ///
    /// The requester's own words can only add to it: an account or key of the person counts
    /// whatever name stands in the request. In doubt the person is touched: names are compared
    /// without regard to case, and of an address the part before the `@` counts too.
    public func interest(in item: BatchItem) -> String? {
        interest(in: item, WrittenNames(item), NameWords(of: self))
    }

    /// What of an item, in which these names stand, touches this person, whose names those are.
    fileprivate func interest(
        in item: BatchItem, _ texts: WrittenNames, _ words: NameWords
    ) -> String? {
        switch item {
        case .issue(let item):
            if keys.contains(item.fields.publicKey) {
                return "the key to be certified is the officer's own"
            }
            for (name, text) in texts.principals where words.stand(in: text) {
                return "principal \(quoted(name)) is the officer's own account"
            }
            if let requester = texts.requester, words.stand(in: requester) {
                return "the requester is the officer"
            }
            return nil
        case .revoke(let item):
            guard case .key(let key) = item.target, keys.contains(key) else { return nil }
            return "the key to be revoked is the officer's own"
        case .revocationList, .abandon, .newEpoch: return nil
        }
    }
}

/// The names that an item's requester wrote, taken apart once for all officers.
private struct WrittenNames {
    /// The principals.
    let principals: [(name: String, text: NameWords.Text)]
    /// Who asked.
    let requester: NameWords.Text?

    init(_ item: BatchItem) {
        guard case .issue(let item) = item else {
            principals = []
            requester = nil
            return
        }
        principals = item.fields.validPrincipals.map { ($0, NameWords.Text($0)) }
        requester = item.requester.map { NameWords.Text($0) }
    }
}

extension Roster {
    /// Of these risk classes the one that takes the most approvals; of two alike, the first by name.
    public func strictestClass(of classes: some Sequence<String>) -> String? {
        classes.max { first, second in
            let (low, high) = (thresholds[first] ?? 0, thresholds[second] ?? 0)
            return (low, second) < (high, first)
        }
    }

    /// Of all risk classes the one that takes the most approvals, as ``strictestClass(of:)`` says.
    public var strictestClass: String { strictestClass(of: thresholds.keys) ?? revocationClass }

    /// The risk class of revocations: `revocation` where the roster lists it, else the class that
    /// takes the fewest approvals, since revoking must be easy.
    public var revocationClass: String {
        if thresholds["revocation"] != nil { return "revocation" }
        return thresholds.min { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? "revocation"
    }
}
