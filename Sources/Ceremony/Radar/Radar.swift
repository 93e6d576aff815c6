// SPDX-License-Identifier: Apache-2.0
public import Documents
import Issuance
import SSHCrypto
import SSHFormats

/// What of a home ends within a time, what is overdue, and what the next ceremony has to do.
public struct Radar: Sendable {
    /// How long what should be proved now and then may go without.
    public struct Ages: Sendable {
        /// How long a CA key may go without a ceremony, and an officer's key without an approval.
        public var proof = TimeSpan(seconds: 365 * 86_400)
        /// How old the revocation list may become.
        public var list = TimeSpan(seconds: 90 * 86_400)

        /// The ages that a home lives with where nobody says otherwise: 365 days, and 90.
        public init() {}
    }

    /// What there is, by kind, and of each kind by its moment.
    public let items: [RadarItem]
    /// When it was looked.
    public let time: UnixTime
    /// How far it was looked ahead.
    public let span: TimeSpan

    /// Looks at a home as it stands at `time`, with the requests that wait in its state.
    ///
    /// - Throws: What the past throws.
    public init(
        _ past: RadarPast, state: HomeState, within span: TimeSpan, ages: Ages = Ages(),
        at time: UnixTime
    ) throws {
        self.time = time
        self.span = span
        let limit = time.adding(span) ?? .latest
        let found =
            try Self.batches(state, at: time) + Self.requests(state, at: time)
            + Self.certificates(past, state, within: span, at: time)
            + Self.authorityKeys(past, state, age: ages.proof)
            + Self.officerKeys(past, state, age: ages.proof, at: time)
            + Self.endingKeys(state.roster, at: time)
            + Self.revocationList(past, state, age: ages.list)
            + Self.clock(state)
        // What waits is there whenever one looks.
        items = found.filter {
            $0.moment <= limit || $0.isWaiting || $0.kind == .batch
        }.sorted {
            (Self.place($0.kind), $0.moment, $0.name) < (Self.place($1.kind), $1.moment, $1.name)
        }
    }

    /// The items that are at this point.
    public func items(_ standing: RadarItem.Standing) -> [RadarItem] {
        items.filter { $0.standing(at: time) == standing }
    }

    private static func place(_ kind: RadarItem.Kind) -> Int {
        RadarItem.Kind.allCases.firstIndex(of: kind) ?? 0
    }
}

// MARK: - Batches and requests

extension Radar {
    private static func batches(_ state: HomeState, at time: UnixTime) -> [RadarItem] {
        state.batches.compactMap { batch in
            let items = counted(batch.manifest.items.count, "item")
            switch batch.phase(at: time) {
            case .open:
                return RadarItem(
                    .ceremony, name: "\(batch.number)",
                    title: "ceremony of batch \(batch.number)",
                    moment: batch.opened?.time ?? batch.manifest.header.created,
                    details: ["\(items), \(counted(batch.remaining.count, "certificate")) to sign"],
                    action: "conclave sign \(batch.number)")
            case .gathering:
                let quorum = batch.quorum(roster: state.roster)
                let missing = quorum.items.count { !$0.isReached }
                let names = batch.approvals.map(\.approval.officer)
                return RadarItem(
                    .batch, name: "\(batch.number)", title: "batch \(batch.number)",
                    moment: batch.manifest.header.expires,
                    details: [
                        items,
                        names.isEmpty
                            ? "no approval" : "approved by \(names.joined(separator: ", "))",
                    ],
                    action: missing == 0
                        ? "conclave sign \(batch.number)"
                        : "conclave approve \(batch.number): \(counted(missing, "item")) without a quorum"
                )
            case .rejected, .expired, .closed, .abandoned, .superseded: return nil
            }
        }
    }

    private static func requests(_ state: HomeState, at time: UnixTime) -> [RadarItem] {
        let history = state.history
        return state.pendingRequests(at: time).map { admitted in
            let request = admitted.request
            var details = ["\(request.principals.joined(separator: ", ")) (\"\(admitted.name)\")"]
            var action = "conclave batch new"
            if case .refused(let violations) = state.policy.decideAgain(
                request, at: time, history: history)
            {
                details += violations.map(\.description)
                action = "a new request is needed"
            }
            return RadarItem(
                .request, name: String(request.id.hex.prefix(32)),
                title: "request \(request.id.hex.prefix(16))",
                moment: request.created,
                authority: request.authority, details: details, action: action)
        }
    }
}

// MARK: - Keys, list, clock

extension Radar {
    private static func authorityKeys(
        _ past: RadarPast, _ state: HomeState, age: TimeSpan
    ) throws -> [RadarItem] {
        try state.genesis.keys.compactMap { key in
            let used = try past.lastCeremony(key.publicKey)
            let since = used?.time ?? state.genesis.created
            guard let moment = since.adding(age) else { return nil }
            return RadarItem(
                .authorityKey, name: short(key.publicKey),
                title: "CA key \(key.publicKey.fingerprint)", moment: moment,
                authority: key.authority,
                details: [
                    key.token,
                    used.map { "last used by the ceremony of batch \($0.batch), \($0.time.text)" }
                        ?? "no ceremony has used it since the founding, \(since.text)",
                ],
                action: "find the token, and see that it answers: conclave token show")
        }
    }

    private static func officerKeys(
        _ past: RadarPast, _ state: HomeState, age: TimeSpan, at time: UnixTime
    ) throws -> [RadarItem] {
        try state.roster.officers.flatMap { officer in
            try officer.keys.compactMap { key -> RadarItem? in
                if let end = officer.keyEnds[key], end <= time { return nil }
                let used = try past.lastApproval(key)
                let since = used?.time ?? state.genesis.created
                guard let moment = since.adding(age) else { return nil }
                return RadarItem(
                    .officerKey, name: short(key), title: "key of \(officer.name)",
                    moment: moment,
                    details: [
                        key.fingerprint,
                        used.map { "last approved batch \($0.batch), of \($0.time.text)" }
                            ?? "has approved nothing since the founding, \(since.text)",
                    ],
                    action: "have \(officer.name) sign something with it")
            }
        }
    }

    /// The keys that end; one that has ended is of no interest where the person has another.
    private static func endingKeys(_ roster: Roster, at time: UnixTime) -> [RadarItem] {
        (roster.officers + roster.witnesses).flatMap { person in
            let current = person.keys.contains { key in
                person.keyEnds[key].map { time < $0 } ?? true
            }
            return person.keys.compactMap { key -> RadarItem? in
                guard let end = person.keyEnds[key], time < end || !current else { return nil }
                return RadarItem(
                    .endingKey, name: short(key), title: "key of \(person.name)",
                    moment: end,
                    details: [key.fingerprint, "ends \(end.text), and signs no more from then on"],
                    action: "see that \(person.name) has another key on the roster")
            }
        }
    }

    private static func revocationList(
        _ past: RadarPast, _ state: HomeState, age: TimeSpan
    ) throws -> [RadarItem] {
        let version = state.revocations.version
        let published = try past.release(version)
        let since = published?.time ?? state.genesis.created
        guard let moment = since.adding(age) else { return [] }
        return [
            RadarItem(
                .revocationList, name: "\(version)", title: "revocation list version \(version)",
                moment: moment,
                details: [
                    published.map { "released by batch \($0.batch), \(since.text)" }
                        ?? "of the founding, \(since.text)"
                ],
                action: "see that every host has this version: conclave krl show")
        ]
    }

    private static func clock(_ state: HomeState) -> [RadarItem] {
        guard let moment = state.lastTime.adding(state.policy.clockMaximumStep) else { return [] }
        return [
            RadarItem(
                .clock, name: "step", title: "largest step of the clock",
                moment: moment, details: ["last ledger entry \(state.lastTime.text)"],
                action: "after that, whoever changes the home confirms the date with --today")
        ]
    }

    /// What names a key in the name of an item.
    private static func short(_ key: PublicKey) -> String {
        String(SHA256Digest(hashing: key.blob).hex.prefix(32))
    }
}
