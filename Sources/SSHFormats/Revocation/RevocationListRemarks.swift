// SPDX-License-Identifier: Apache-2.0

/// The remarks about a list: one of each kind, however often it was found.
public struct RevocationListRemarks: Hashable, Sendable {
    /// The remarks, in the order in which they were found first.
    public private(set) var all: [RevocationListRemark] = []

    /// Starts without remarks.
    public init() {}

    /// The releases that refuse the list for what was remarked.
    public var refusing: [OpenSSHRelease] {
        OpenSSHRelease.allCases.filter { release in
            all.contains { $0.kind.verdict(of: release) == .refused }
        }
    }

    mutating func add(_ kind: RevocationListRemark.Kind, at offset: Int) {
        if let known = all.firstIndex(where: { $0.kind == kind }) {
            all[known].count += 1
        } else {
            all.append(RevocationListRemark(kind: kind, offset: offset, count: 1))
        }
    }
}
