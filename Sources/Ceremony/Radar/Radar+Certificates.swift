// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats

extension Radar {
    /// The certificates that end within the span, and those that have ended: of each key of an
    /// authority the one that ends last, unless it is revoked.
    ///
    /// A user's certificate that has ended is told for as long again as is looked ahead; whoever
    /// wants another asks for it. A host that has ended is told until it is renewed or revoked, or a
    /// year has gone by.
    static func certificates(
        _ past: RadarPast, _ state: HomeState, within span: TimeSpan, at time: UnixTime
    ) throws -> [RadarItem] {
        let ending = try EndingCertificates(past, state: state, within: span, at: time)
        let places = try Places(ending.entries, past, state, within: span, at: time)
        var longest: [Names: IssuedEntry] = [:]
        return try ending.entries.map { entry in
            let names = Names(entry)
            let last = try longest[names] ?? Self.longest(names, entry, past)
            longest[names] = last
            let isAnother =
                last.fields.publicKey != entry.fields.publicKey
                && last.fields.validBefore > entry.fields.validBefore
            return item(entry, other: isAnother ? last : nil, state: state, places: places)
        }
    }

    /// The certificate for these names that ends last.
    private static func longest(
        _ names: Names, _ entry: IssuedEntry, _ past: RadarPast
    ) throws -> IssuedEntry {
        try past.certificatesForPrincipals(entry.fields.validPrincipals)
            .filter { Names($0) == names }
            .reduce(entry) { $1.outlasts($0) ? $1 : $0 }
    }

    private static func item(
        _ entry: IssuedEntry, other: IssuedEntry?, state: HomeState, places: Places
    ) -> RadarItem {
        let fields = entry.fields
        var details = ["serial \(fields.serial), key ID \(fields.keyID)"]
        if let other {
            details.append(
                "another key has serial \(other.fields.serial) for the same names, to "
                    + other.end.text)
        }
        let names = fields.validPrincipals
        let more = names.count > 3 ? " and \(names.count - 3) more" : ""
        return RadarItem(
            fields.kind == .host ? .hostCertificate : .userCertificate,
            name: SHA256Digest(hashing: Array("\(entry.record.authority) \(fields.serial)".utf8))
                .hex
                .prefix(32).description,
            title: names.prefix(3).joined(separator: ", ") + more, moment: entry.end,
            begin: entry.end.subtracting(state.policy.batchLifetime),
            authority: entry.record.authority,
            serial: fields.serial, details: details, action: places.action(for: entry))
    }

    private struct Subject: Hashable {
        let authority: String
        let key: PublicKey
    }

    private struct Names: Hashable {
        let authority: String
        let principals: Set<String>

        init(_ entry: IssuedEntry) {
            authority = entry.record.authority
            principals = Set(entry.fields.validPrincipals)
        }
    }

    /// Where a certificate's successor is, or how it gets there.
    private struct Places {
        private let drafted: [Subject: BatchState]
        private let waiting: Set<Subject>
        private let renewed: Set<SHA256Digest>
        private let reasons: [Ending: String]
        private let span: TimeSpan
        private let time: UnixTime

        private struct Ending: Hashable {
            let principals: [String]
            let ends: UnixTime
        }

        init(
            _ ending: [IssuedEntry], _ past: RadarPast, _ state: HomeState, within span: TimeSpan,
            at time: UnixTime
        ) throws {
            self.span = span
            self.time = time
            var drafted: [Subject: BatchState] = [:]
            for batch in state.batches where [.gathering, .open].contains(batch.phase(at: time)) {
                for case .issue(let item) in batch.manifest.items {
                    drafted[Subject(authority: item.authority, key: item.fields.publicKey)] = batch
                }
            }
            self.drafted = drafted
            waiting = Set(
                state.pendingRequests(at: time).map {
                    Subject(authority: $0.request.authority, key: $0.request.publicKey)
                })
            var renewed: Set<SHA256Digest> = []
            var reasons: [Ending: String] = [:]
            try Renewals.judge(
                ending.filter { $0.fields.kind == .host }, past, state: state, at: time
            ) { entry, request, reason in
                if let reason {
                    let ending = Ending(principals: request.principals, ends: entry.end)
                    if reasons[ending] == nil { reasons[ending] = reason }
                } else {
                    renewed.insert(request.id)
                }
            }
            self.renewed = renewed
            self.reasons = reasons
        }

        /// The batch that a certificate's successor is in, or should go into.
        func action(for entry: IssuedEntry) -> String {
            let subject = Subject(authority: entry.record.authority, key: entry.fields.publicKey)
            if let batch = drafted[subject] {
                return "drafted anew in batch \(batch.number), \(batch.phase(at: time).rawValue)"
            }
            if waiting.contains(subject) { return "a new request waits: conclave batch new" }
            guard entry.fields.kind == .host else { return "its owner makes a new request" }
            if renewed.contains(entry.record.request) {
                return "conclave batch new --rotate --within \(span.text)"
            }
            let ending = Ending(
                principals: entry.fields.validPrincipals,
                ends: entry.end)
            return "a new request is needed" + (reasons[ending].map { ": \($0)" } ?? "")
        }
    }
}
