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
    public let requests: [CertificateRequest]
    /// Those that need a new request.
    public let withoutConsent: [WithoutConsent]

    /// Takes, of each host key, the certificate that ends last, where it ends within `span` of `time`
    /// or ended within ``EndingCertificates/overdue`` or the span before it.
    ///
    /// - Throws: What the past throws.
    public init(
        _ past: RadarPast, state: HomeState, within span: TimeSpan, at time: UnixTime
    ) throws {
        let ending = try EndingCertificates(
            past, kinds: [.host], state: state, within: span, at: time)
        try self.init(of: ending.entries, past, state: state, at: time)
    }

    /// Tells of these certificates of hosts, those that end first at the beginning, what becomes of them.
    ///
    /// - Throws: What the past throws.
    init(
        of ending: [IssuedEntry], _ past: RadarPast, state: HomeState, at time: UnixTime
    ) throws {
        let pending = Self.admissible(state, at: time)
        let drafted = Set(
            state.batches.filter { [.gathering, .open].contains($0.phase(at: time)) }
                .flatMap(\.manifest.items).compactMap { item in
                    if case .issue(let issue) = item { issue.fields.publicKey } else { nil }
                })
        var requests: [CertificateRequest] = []
        var withoutConsent: [WithoutConsent] = []
        let open = ending.filter { !drafted.contains($0.fields.publicKey) }
        let known = try past.requests(open.map(\.record.request))
        for entry in open {
            guard let request = known[entry.record.request] else { continue }
            let reason: String? =
                switch request.renewableUntil {
                case _ where pending.contains(request.publicKey):
                    "a new request with the same key waits for a batch"
                case nil: "its request has no renewable-until"
                case .some(let until) where until <= time: "renewable-until was \(until.text)"
                case .some: nil
                }
            if let reason {
                withoutConsent.append(
                    WithoutConsent(
                        principals: request.principals, ends: entry.end, reason: reason))
            } else {
                requests.append(request)
            }
        }
        self.requests = requests
        self.withoutConsent = withoutConsent
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
