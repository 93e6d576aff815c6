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
        /// The item in a few words.
        public let summary: String
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
    }

    /// The count for each item.
    public let items: [Item]

    /// Whether every item has enough officers.
    public var isReached: Bool { !items.isEmpty && items.allSatisfy(\.isReached) }

    /// Counts the approvals of a manifest.
    public init(manifest: BatchManifest, approvals: [Approval], roster: Roster) {
        let names = Set(approvals.map(\.officer)).sorted()
        let officers = names.compactMap { name in roster.officers.first { $0.name == name } }
        items = manifest.items.enumerated().map { index, item in
            var counted: [String] = []
            var excluded: [Exclusion] = []
            for officer in officers {
                if let reason = officer.interest(in: item) {
                    excluded.append(Exclusion(officer: officer.name, reason: reason))
                } else {
                    counted.append(officer.name)
                }
            }
            return Item(
                number: index + 1, summary: item.summary, riskClass: item.riskClass,
                threshold: roster.thresholds[item.riskClass], counted: counted,
                excluded: excluded)
        }
    }

    /// What is missing, one violation for each item that lacks officers.
    public var violations: [Violation] {
        items.filter { !$0.isReached }.map { item in
            var message = "item \(item.number) (\(item.summary)) "
            if let threshold = item.threshold {
                message +=
                    "has \(item.counted.count) of \(threshold) approvals for class "
                    + "\"\(item.riskClass)\""
            } else {
                message +=
                    "is of class \"\(item.riskClass)\", for which the roster sets no threshold"
            }
            for exclusion in item.excluded {
                message += "; \(exclusion.officer) does not count: \(exclusion.reason)"
            }
            return Violation(
                .quorumMissing, message, hint: "ask another officer to approve the batch")
        }
    }
}

extension Person {
    /// What of an item touches this person, or nil where nothing does.
    ///
    /// The requester's own words can only add to it: an account or key of the person counts
    /// whatever name stands in the request. In doubt the person is touched: names are compared
    /// without regard to case, and of an address the part before the `@` counts too.
    public func interest(in item: BatchItem) -> String? {
        switch item {
        case .issue(let item):
            if keys.contains(item.fields.publicKey) {
                return "the key to be certified is the officer's own"
            }
            for principal in item.fields.validPrincipals where isNamed(in: principal) {
                return "principal \(quoted(principal)) is the officer's own account"
            }
            if let requester = item.requester, isNamed(in: requester) {
                return "the requester is the officer"
            }
            return nil
        case .revoke(let item):
            guard case .key(let key) = item.target, keys.contains(key) else { return nil }
            return "the key to be revoked is the officer's own"
        case .revocationList: return nil
        }
    }

    /// Whether the person's name or one of the accounts stands in a text, as whole words.
    private func isNamed(in text: String) -> Bool {
        let words = Self.words(of: text)
        let shortened = words.map { word in
            word.firstIndex(of: "@").map { String(word[..<$0]) } ?? word
        }
        return ([name] + accounts).contains { own in
            let wanted = Self.words(of: own)
            return !wanted.isEmpty && (words.contains(wanted) || shortened.contains(wanted))
        }
    }

    /// The words of a text in lower case, without what stands between and around them.
    private static func words(of text: String) -> [String] {
        text.lowercased().unicodeScalars.split { scalar in
            scalar.isASCII && !isLetterOrDigit(scalar) && !"@._+-".unicodeScalars.contains(scalar)
        }.compactMap { part in
            var word = part.drop { $0.isASCII && !isLetterOrDigit($0) }
            while let last = word.last, last.isASCII, !isLetterOrDigit(last) { word.removeLast() }
            return word.isEmpty ? nil : String(word)
        }
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: false
        }
    }
}

extension Roster {
    /// The risk class of revocations: `revocation` where the roster lists it, else the class that
    /// takes the fewest approvals, since revoking must be easy.
    public var revocationClass: String {
        if thresholds["revocation"] != nil { return "revocation" }
        return thresholds.min { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? "revocation"
    }
}
