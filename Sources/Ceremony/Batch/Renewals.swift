// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Issuance
import SSHFormats

/// The host certificates that end soon: those that can be renewed, and those that cannot.
public struct Renewals: Sendable {
    /// A host certificate that ends soon and is not renewed.
    public struct WithoutConsent: Sendable {
        /// The principals of the certificate.
        public let principals: [String]
        /// When it ends.
        public let ends: UnixTime
        /// What is missing.
        public let reason: String
    }

    /// The requests to be answered anew, in the order in which their certificates end.
    public private(set) var requests: [CertificateRequest] = []
    /// How many more could be answered anew.
    public private(set) var others = 0
    /// Those that need a new request.
    public private(set) var withoutConsent: [WithoutConsent] = []

    /// Takes, of each host key, the certificate that ends last, where it ends within `span` of `time`
    /// or ended within ``EndingCertificates/overdue`` or the span before it.
    ///
    /// No more than `limit` requests are in memory.
    ///
    /// - Throws: What the past throws.
    public init(
        _ past: RadarPast, state: HomeState, within span: TimeSpan, at time: UnixTime,
        atMost limit: Int = .max
    ) throws {
        let ending = try EndingCertificates(
            past, kinds: [.host], state: state, within: span, at: time)
        try Self.judge(ending.entries, past, state: state, at: time) { entry, request, reason in
            if let reason {
                withoutConsent.append(
                    WithoutConsent(
                        principals: request.principals, ends: entry.end, reason: reason))
            } else if requests.count < limit {
                requests.append(request)
            } else {
                others += 1
            }
        }
    }

    /// Tells of each of these certificates of hosts why it cannot be renewed, nil where it can.
    ///
    /// Those that are drafted anew already are left out.
    ///
    /// - Throws: What the past throws.
    static func judge(
        _ ending: [IssuedEntry], _ past: RadarPast, state: HomeState, at time: UnixTime,
        _ body: (IssuedEntry, CertificateRequest, _ reason: String?) throws -> Void
    ) throws {
        let pending = admissible(state, at: time)
        let drafted = Set(
            state.batches.filter { [.gathering, .open].contains($0.phase(at: time)) }
                .flatMap(\.manifest.items).compactMap { item in
                    if case .issue(let issue) = item { issue.fields.publicKey } else { nil }
                })
        let open = ending.filter { !drafted.contains($0.fields.publicKey) }
        var next = open.makeIterator()
        try past.requests(open.map(\.record.request)) { request in
            guard let entry = next.next(), let request else { return }
            let reason: String? =
                switch request.renewableUntil {
                case _ where pending.contains(request.publicKey):
                    "a new request with the same key waits for a batch"
                case nil: "its request has no renewable-until"
                case .some(let until) where until <= time: "renewable-until was \(until.text)"
                case .some: nil
                }
            try body(entry, request, reason)
        }
    }

    /// The keys whose own new requests wait and would go into the next batch.
    private static func admissible(_ state: HomeState, at time: UnixTime) -> Set<PublicKey> {
        let history = state.history
        let waiting = state.pendingRequests(at: time).map(\.request).filter { request in
            let decision = state.policy.decideAgain(request, at: time, history: history)
            if case .admitted = decision { return true }
            return false
        }
        return Set(waiting.map(\.publicKey))
    }
}
