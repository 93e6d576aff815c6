// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Issuance
public import SSHCrypto
import SSHFormats

/// A batch in the making: what goes in, what cannot, and the manifest that comes out.
public struct BatchDraft: Sendable {
    /// A request that cannot go into the batch, and why.
    public struct LeftOut: Sendable {
        /// The request.
        public let request: CertificateRequest
        /// The policy's violations.
        public let violations: [Violation]
    }

    /// What a batch is to do.
    public struct Order: Sendable {
        /// The requests to be answered, in order.
        public var requests: [CertificateRequest]
        /// The requests to be answered anew, for hosts that consented.
        public var renewals: [CertificateRequest]
        /// What is to be revoked.
        public var revocations: [RevokeItem]

        /// Makes an order.
        public init(
            requests: [CertificateRequest] = [], renewals: [CertificateRequest] = [],
            revocations: [RevokeItem] = []
        ) {
            self.requests = requests
            self.renewals = renewals
            self.revocations = revocations
        }
    }

    /// What the world outside adds to a draft.
    public struct Circumstances: Sendable {
        /// When the batch is drafted.
        public let time: UnixTime
        /// The root hash of the ledger as it stands.
        public let ledgerRoot: SHA256Digest
        /// The program that drafts.
        public let tool: String

        /// States the circumstances.
        public init(time: UnixTime, ledgerRoot: SHA256Digest, tool: String) {
            self.time = time
            self.ledgerRoot = ledgerRoot
            self.tool = tool
        }
    }

    /// The frozen batch.
    public let manifest: BatchManifest
    /// What could not go in.
    public let leftOut: [LeftOut]

    /// Drafts a batch: decides anew, gives serials and nonces, fixes times, encodes and lints.
    ///
    /// A revocation list goes along where something is revoked.
    ///
    /// - Throws: `Violations` where nothing is left to do, or what is left cannot be encoded.
    public init(
        _ order: Order, state: HomeState, circumstances: Circumstances,
        nonce: () -> [UInt8]
    ) throws(Violations) {
        var items: [BatchItem] = []
        var leftOut: [LeftOut] = []
        var serials = state.nextSerials
        let history = state.history
        let work =
            order.requests.map { ($0, isRenewal: false) }
            + order.renewals.map { ($0, isRenewal: true) }
        for (request, isRenewal) in work {
            do throws(Violations) {
                let admitted = try Self.admit(
                    request, isRenewal: isRenewal, state: state, history: history,
                    at: circumstances.time)
                guard let key = state.authorityKeys(request.authority).first,
                    let serial = serials[request.authority]
                else {
                    throw Violations(
                        Violation(.policyAuthority, "authority \(request.authority) has no key"))
                }
                let template = try CertificateTemplate(
                    admitted, signatureKey: key, draftedAt: circumstances.time,
                    notAfter: isRenewal ? request.renewableUntil : nil)
                let certificate = try ToBeSignedCertificate(
                    template.fields(serial: serial, nonce: nonce()))
                items.append(.issue(IssueItem(certificate, template: template)))
                serials[request.authority] = serial + 1
            } catch {
                leftOut.append(LeftOut(request: request, violations: error.all))
            }
        }
        try Self.check(order.revocations, state: state)
        items += order.revocations.map { .revoke($0) }
        if !order.revocations.isEmpty {
            items.append(
                .revocationList(
                    try Self.list(order.revocations, state: state, at: circumstances.time)))
        }
        guard !items.isEmpty else {
            let reasons = leftOut.flatMap(\.violations)
            throw Violations(
                [
                    Violation(
                        .batchEmpty, "there is nothing to put into a batch",
                        hint: "take requests in with: conclave intake")
                ] + reasons)
        }
        guard items.count <= BatchManifest.maximumItems else {
            throw Violations(
                Violation(
                    .batchEmpty, "\(items.count) items exceed \(BatchManifest.maximumItems)",
                    hint: "draft fewer at a time"))
        }
        manifest = BatchManifest(
            header: Self.header(state: state, circumstances: circumstances), items: items)
        self.leftOut = leftOut
    }

    private static func admit(
        _ request: CertificateRequest, isRenewal: Bool, state: HomeState,
        history: IssuanceHistory, at time: UnixTime
    ) throws(Violations) -> AdmittedRequest {
        if isRenewal {
            guard request.kind == .host, let until = request.renewableUntil, time < until else {
                throw Violations(
                    Violation(
                        .requestRenewal,
                        "the request does not consent to renewal at \(time.text)",
                        hint: "ask the host's administrator for a new request"))
            }
        }
        switch state.policy.decideAgain(request, at: time, history: history) {
        case .admitted(let admitted): return admitted
        case .refused(let violations): throw Violations(violations)
        }
    }

    private static func check(
        _ revocations: [RevokeItem], state: HomeState
    ) throws(Violations) {
        var faults: [Violation] = []
        for item in revocations {
            guard let next = state.nextSerials[item.authority] else {
                faults.append(
                    Violation(
                        .policyAuthority,
                        "authority \"\(item.authority)\" is not one of this home's"))
                continue
            }
            switch item.target {
            case .serials(let range) where range.upperBound >= next:
                faults.append(
                    Violation(
                        .revocationTarget,
                        "serial \(range.upperBound) of \(item.authority) was never given; the "
                            + "next is \(next)"))
            case .key(let key) where state.genesis.keys.contains { $0.publicKey == key }:
                faults.append(
                    Violation(
                        .revocationTarget,
                        "key \(key.fingerprint) is a CA key; retiring one takes more than a "
                            + "revocation"))
            case .keyID(let keyID)
            where !state.issued.contains {
                $0.authority == item.authority && $0.fields.keyID == keyID
            }:
                faults.append(
                    Violation(
                        .revocationTarget,
                        "no certificate of \(item.authority) has the key ID \"\(keyID)\""))
            default: break
            }
        }
        guard faults.isEmpty else { throw Violations(faults) }
    }

    private static func list(
        _ revocations: [RevokeItem], state: HomeState, at time: UnixTime
    ) throws(Violations) -> RevocationListItem {
        do throws(FormatError) {
            let next = try state.revocations.nextList(
                adding: revocations, generated: time.seconds,
                authorityKeys: state.authorityKeys)
            return RevocationListItem(
                version: next.version, riskClass: state.roster.revocationClass,
                bytes: next.bytes)
        } catch {
            throw Violations(
                Violation(.batchLint, "the revocation list cannot be written: \(error)"))
        }
    }

    private static func header(
        state: HomeState, circumstances: Circumstances
    ) -> BatchManifest.Header {
        let time = circumstances.time
        return BatchManifest.Header(
            genesis: state.id, number: UInt64(state.batches.count) + 1, ledgerSize: state.size,
            ledgerRoot: circumstances.ledgerRoot, governingHead: state.governingHead,
            roster: state.roster.digest, policy: state.policy.digest, created: time,
            expires: time.adding(state.policy.batchLifetime) ?? time, tool: circumstances.tool)
    }
}
