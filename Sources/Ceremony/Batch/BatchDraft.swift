// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Issuance
import Ledger
public import SSHCrypto
public import SSHFormats

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
        /// The CA key by authority, where it is not the one that the home would take.
        public var signatureKeys: [String: PublicKey]

        /// Makes an order.
        public init(
            requests: [CertificateRequest] = [], renewals: [CertificateRequest] = [],
            revocations: [RevokeItem] = [], signatureKeys: [String: PublicKey] = [:]
        ) {
            self.signatureKeys = signatureKeys
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
        guard circumstances.ledgerRoot == state.root else {
            throw Violations(
                Violation(
                    .recordText,
                    "the ledger's tree has the root \(circumstances.ledgerRoot.hex), its entries "
                        + "have \(state.root.hex)",
                    hint: "run conclave ledger verify"))
        }
        for (authority, key) in order.signatureKeys
        where !state.authorityKeys(authority).contains(key) {
            throw Violations(
                Violation(
                    .keyChoice, "key \(key.fingerprint) is no CA key of \(authority)",
                    hint: state.keysListing))
        }
        var items: [BatchItem] = []
        var leftOut: [LeftOut] = []
        var serials = state.nextSerials
        var answered: Set<SHA256Digest> = []
        let history = state.history
        let work =
            order.requests.map { ($0, isRenewal: false) }
            + order.renewals.map { ($0, isRenewal: true) }
        for (request, isRenewal) in work {
            do throws(Violations) {
                guard answered.insert(request.id).inserted else {
                    throw Violations(
                        Violation(.requestReplay, "request \(request.id.hex) is answered once"))
                }
                try Self.checkTurn(
                    of: request, isRenewal: isRenewal, state: state, at: circumstances.time)
                let admitted = try state.admit(
                    request, isRenewal: isRenewal, history: history, at: circumstances.time)
                guard
                    let key = order.signatureKeys[request.authority]
                        ?? state.signatureKey(of: request.authority),
                    let serial = serials[request.authority]
                else {
                    throw Violations(
                        Violation(.policyAuthority, "authority \(request.authority) has no key"))
                }
                guard SerialNumber(serial).isForCertificates else {
                    throw Violations(
                        Violation(
                            .serialLimit,
                            "serial \(serial) is the last of epoch \(SerialNumber(serial).epoch) of "
                                + "\(request.authority), and is given to no certificate",
                            hint: "begin the next epoch: conclave batch new-epoch"))
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
        items += try Self.revoking(order.revocations, state: state, at: circumstances.time)
        guard !items.isEmpty else {
            let reasons = leftOut.flatMap(\.violations)
            throw Violations(
                [
                    Violation(
                        .batchEmpty, "there is nothing to put into a batch",
                        hint: "take requests in with: conclave intake")
                ] + reasons)
        }
        manifest = try Self.freeze(
            items, state: state, circumstances: circumstances)
        self.leftOut = leftOut
    }

    /// Drafts the batch that abandons an interrupted ceremony, and revokes what it leaves open.
    ///
    /// - Throws: `Violations` of `ABANDON-TARGET` where there is nothing to abandon.
    public init(
        abandoning batch: BatchState, reason: String, state: HomeState,
        circumstances: Circumstances
    ) throws(Violations) {
        let time = circumstances.time
        let item = try state.abandonment(of: batch, reason: reason, at: time)
        let revocations = item.revocations(riskClass: state.roster.revocationClass)
        let items =
            try [.abandon(item)] + Self.revoking(revocations, state: state, at: time)
        manifest = try Self.freeze(
            items, state: state, circumstances: circumstances)
        leftOut = []
    }

    /// Drafts the batch that begins the next epoch of every authority's serials, or the one behind an
    /// epoch that is lost, and revokes what those before leave open.
    ///
    /// - Throws: `Violations` of `CEREMONY-OPEN` and `EPOCH-LIMIT`.
    public init(
        newEpoch reason: String, givingUp anchors: [NewEpochItem.Anchor],
        behind lost: UInt64? = nil, state: HomeState, circumstances: Circumstances
    ) throws(Violations) {
        let epochs = try state.newEpoch(reason: reason, givingUp: anchors, behind: lost)
        let revocations = epochs.flatMap {
            $0.revocations(riskClass: state.roster.revocationClass)
        }
        let list = try Self.list(revocations, state: state, at: circumstances.time)
        manifest = try Self.freeze(
            epochs.map { .newEpoch($0) } + revocations.map { .revoke($0) }
                + [.revocationList(list)],
            state: state, circumstances: circumstances)
        leftOut = []
    }

    /// The items that revoke, and the list that goes along with them.
    private static func revoking(
        _ revocations: [RevokeItem], state: HomeState, at time: UnixTime
    ) throws(Violations) -> [BatchItem] {
        try Violations.raise(revocations.flatMap(state.revocationFaults))
        guard !revocations.isEmpty else { return [] }
        let list = try list(revocations, state: state, at: time)
        return revocations.map { .revoke($0) } + [.revocationList(list)]
    }

    /// Checks that a request was admitted and that no batch answers it, or did, unless it consented
    /// to renewal.
    private static func checkTurn(
        of request: CertificateRequest, isRenewal: Bool, state: HomeState, at time: UnixTime
    ) throws(Violations) {
        guard let admitted = state.requests[request.id] else {
            throw Violations(
                Violation(.recordText, "request \(request.id.hex) was not admitted"))
        }
        if let holder = state.holder(of: request.id, at: time) {
            throw Violations(
                Violation(
                    .requestReplay,
                    "request \(request.id.hex) is in batch \(holder.number) already"))
        }
        let isAnswered = !state.waiting.contains(admitted.entry)
        if isAnswered, !isRenewal {
            throw Violations(
                Violation(.requestReplay, "request \(request.id.hex) was answered already"))
        }
        if isRenewal, !isAnswered {
            throw Violations(
                Violation(
                    .requestRenewal, "request \(request.id.hex) was not answered yet"))
        }
    }

    /// Freezes the items, and reads the manifest back as every later reader will.
    private static func freeze(
        _ items: [BatchItem], state: HomeState, circumstances: Circumstances
    ) throws(Violations) -> BatchManifest {
        guard items.count <= BatchManifest.maximumItems else {
            throw Violations(
                Violation(
                    .batchEmpty, "\(items.count) items exceed \(BatchManifest.maximumItems)",
                    hint: "draft fewer at a time"))
        }
        let manifest = BatchManifest(
            header: header(state: state, circumstances: circumstances), items: items)
        guard manifest.text.count <= Content.maximumBytes else {
            throw Violations(
                Violation(
                    .batchEmpty,
                    "the manifest has \(manifest.text.count) bytes, more than "
                        + "\(Content.maximumBytes)",
                    hint: "draft fewer at a time"))
        }
        let bytes = StateRoom.bytes(after: manifest, of: state)
        let issues = items.contains { if case .issue = $0 { true } else { false } }
        if let fault = StateRoom.fault(of: bytes, issues: issues) { throw Violations(fault) }
        guard try BatchManifest(text: manifest.text) == manifest else {
            throw Violations(
                Violation(
                    .batchText, "the manifest does not read back as it was written",
                    hint: "leave out what cannot be seen, such as control characters"))
        }
        return manifest
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
            genesis: state.id, number: state.batchCount + 1, ledgerSize: state.size,
            ledgerRoot: circumstances.ledgerRoot, governingHead: state.governingHead,
            roster: state.roster.digest, policy: state.policy.digest, created: time,
            expires: time.adding(state.policy.batchLifetime) ?? time, tool: circumstances.tool)
    }
}
