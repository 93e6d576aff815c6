// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats

extension Radar {
    /// The certificates that end within the span, and those of hosts that have ended: of each key of
    /// an authority the one that ends last, unless it is revoked.
    ///
    /// A user's certificate that has ended is told for as long again as is looked ahead; whoever
    /// wants another asks for it. A host that has ended is told until it is renewed or revoked.
    static func certificates(
        _ state: HomeState, within span: TimeSpan, at time: UnixTime
    ) -> [RadarItem] {
        let limit = time.adding(span) ?? .latest
        let past = time.subtracting(span) ?? UnixTime(seconds: 0)
        var latest: [Subject: HomeState.IssuedEntry] = [:]
        var ends: [Names: HomeState.IssuedEntry] = [:]
        for entry in state.issued {
            let subject = Subject(authority: entry.authority, key: entry.fields.publicKey)
            let names = Names(
                authority: entry.authority, principals: Set(entry.fields.validPrincipals))
            if latest[subject].map({ $0.fields.validBefore <= entry.fields.validBefore }) ?? true {
                latest[subject] = entry
            }
            if ends[names].map({ $0.fields.validBefore <= entry.fields.validBefore }) ?? true {
                ends[names] = entry
            }
        }
        let places = Places(state, within: span, at: time)
        return latest.values.compactMap { entry in
            let end = UnixTime(seconds: min(entry.fields.validBefore, UnixTime.latest.seconds))
            guard end <= limit, entry.fields.kind == .host || end > past,
                state.revocations.reason(authority: entry.authority, fields: entry.fields) == nil
            else { return nil }
            let names = Names(
                authority: entry.authority, principals: Set(entry.fields.validPrincipals))
            let other = ends[names].flatMap { other in
                other.fields.publicKey != entry.fields.publicKey
                    && other.fields.validBefore > entry.fields.validBefore ? other : nil
            }
            return item(entry, ending: end, other: other, state: state, places: places)
        }
    }

    private static func item(
        _ entry: HomeState.IssuedEntry, ending end: UnixTime, other: HomeState.IssuedEntry?,
        state: HomeState, places: Places
    ) -> RadarItem {
        let fields = entry.fields
        var details = ["serial \(fields.serial), key ID \(fields.keyID)"]
        if let other {
            details.append(
                "another key has serial \(other.fields.serial) for the same names, to "
                    + UnixTime(seconds: other.fields.validBefore).text)
        }
        let names = fields.validPrincipals
        let more = names.count > 3 ? " and \(names.count - 3) more" : ""
        return RadarItem(
            fields.kind == .host ? .hostCertificate : .userCertificate,
            name: SHA256Digest(hashing: Array("\(entry.authority) \(fields.serial)".utf8)).hex
                .prefix(32).description,
            title: names.prefix(3).joined(separator: ", ") + more, moment: end,
            begin: end.subtracting(state.policy.batchLifetime), authority: entry.authority,
            serial: fields.serial, details: details, action: places.action(for: entry))
    }

    private struct Subject: Hashable {
        let authority: String
        let key: PublicKey
    }

    private struct Names: Hashable {
        let authority: String
        let principals: Set<String>
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

        init(_ state: HomeState, within span: TimeSpan, at time: UnixTime) {
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
            let renewals = Renewals(state: state, within: span, at: time)
            renewed = Set(renewals.requests.map(\.id))
            reasons = Dictionary(
                renewals.withoutConsent.map {
                    (Ending(principals: $0.principals, ends: $0.ends), $0.reason)
                }, uniquingKeysWith: { first, _ in first })
        }

        /// The batch that a certificate's successor is in, or should go into.
        func action(for entry: HomeState.IssuedEntry) -> String {
            let subject = Subject(authority: entry.authority, key: entry.fields.publicKey)
            if let batch = drafted[subject] {
                return "drafted anew in batch \(batch.number), \(batch.phase(at: time).rawValue)"
            }
            if waiting.contains(subject) { return "a new request waits: conclave batch new" }
            guard entry.fields.kind == .host else { return "its owner makes a new request" }
            if renewed.contains(entry.request) {
                return "conclave batch new --rotate --within \(span.text)"
            }
            let ending = Ending(
                principals: entry.fields.validPrincipals,
                ends: UnixTime(seconds: entry.fields.validBefore))
            return "a new request is needed" + (reasons[ending].map { ": \($0)" } ?? "")
        }
    }
}
