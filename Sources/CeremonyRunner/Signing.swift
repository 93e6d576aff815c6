// SPDX-License-Identifier: Apache-2.0
public import Ceremony
import Documents
public import Issuance
import Ledger
import SSHCrypto
public import SSHFormats
public import Token
import TokenEvidence

/// Carries out the ceremony of an approved batch: intent, signature, check, record.
///
/// The token is kept busy: while it signs one group, the group before is verified and recorded,
/// and the intent of the group after is made durable. Interrupted anywhere, it goes on where it
/// stopped.
public struct Signing {
    /// A token that holds a CA key, and the path of its module.
    public struct Device: Sendable {
        /// The token.
        public let token: any Token
        /// The module's path, as the report states it.
        public let module: String
        /// How the key came onto the token, where it is the copy of another token's.
        public let copy: KeyCopy?

        /// Names a token.
        public init(token: any Token, module: String, copy: KeyCopy? = nil) {
            self.token = token
            self.module = module
            self.copy = copy
        }
    }

    /// How many certificates one intent and one durable transaction hold.
    static let groupSize = 64

    private let home: Home
    private let devices: [PublicKey: Device]

    /// Signs for this home, each CA key on its device.
    public init(home: Home, devices: [PublicKey: Device]) {
        self.home = home
        self.devices = devices
    }

    /// Signs what is still to be signed of a batch, and closes its ceremony.
    ///
    /// - Parameters:
    ///   - approved: The right to sign.
    ///   - progress: Is told how many certificates are durable, of how many.
    /// - Throws: `TokenError` and `RunnerError`; what was recorded before stays.
    public func run(
        _ approved: consuming ApprovedBatch, progress: (Int, Int) -> Void
    ) async throws {
        let batch = approved.batch
        let id = batch.manifest.id
        let keys = approved.signatureKeys
        var evidence: [CeremonyOpenedRecord.Device] = []
        for key in keys { evidence.append(try await prepare(key)) }
        if !approved.isResumed {
            let record = CeremonyOpenedRecord(
                batch: id, tier: Tool.tier, tool: Tool.name, devices: evidence)
            try home.append([record.draft], time: home.now())
        } else {
            try recordTakeover(evidence, of: batch)
        }
        let orders = approved.orders()
        let done = batch.issued.count
        try await sign(groups(of: orders), batch: id) { count in
            progress(done + count, done + orders.count)
        }
        try close(id)
    }

    private func prepare(_ key: PublicKey) async throws -> CeremonyOpenedRecord.Device {
        guard let device = devices[key] else {
            throw TokenError(.keyNotFound, "no token holds CA key \(key.fingerprint)")
        }
        let found = try await device.token.find(key)
        if device.copy != nil { await device.token.acceptCopy(of: key) }
        try await found.requireNoFaults(on: device.token.identity, asCopy: device.copy != nil)
        try await device.token.prepare(key)
        let identity = await device.token.identity
        let claims = found.evidence.statements.map { "\($0.name)=\($0.value)" }
        return CeremonyOpenedRecord.Device(
            publicKey: key, token: identity.uri.text, module: device.module,
            evidence: Self.origin(device.copy) + claims.joined(separator: " "),
            proof: try await prove(found, on: device.token))
    }

    /// Holds a key and its token against the policy.
    private func prove(
        _ found: TokenKey, on token: any Token
    ) async throws -> RecordedEvidence {
        let identity = await token.identity
        let review = TokenReview(
            found.publicKey, key: found.evidence, device: try await token.evidence(),
            manufacturer: identity.manufacturer,
            certificates: try AttestationFolder.certificates(home: home.path),
            policy: home.state.policy.tokens)
        guard review.violations.isEmpty else {
            throw RunnerError.refused(
                subject: "CA key \(found.publicKey.fingerprint) on \(identity)",
                review.violations)
        }
        return RecordedEvidence(review)
    }

    /// What stands in the place of the assertion that the key was made on its token.
    private static func origin(_ copy: KeyCopy?) -> String {
        copy.map { "restored from a vendor's wrapped backup (\($0.origin)) " } ?? ""
    }

    /// Records with which tokens an interrupted ceremony goes on, where they are others.
    private func recordTakeover(
        _ evidence: [CeremonyOpenedRecord.Device], of batch: BatchState
    ) throws {
        let others = evidence.filter { device in
            batch.devices.last { $0.device.publicKey == device.publicKey }?.device.token
                != device.token
        }
        guard !others.isEmpty else { return }
        let record = CeremonyOpenedRecord(
            batch: batch.manifest.id, tier: Tool.tier, tool: Tool.name, devices: others)
        try home.append([TokenRecord(record).draft], time: home.now())
    }

    private func sign(
        _ groups: [[SigningOrder]], batch: SHA256Digest, progress: (Int) -> Void
    ) async throws {
        try recordIntents(Array(groups.prefix(2)), batch: batch)
        var underWay = groups.first.map(start)
        var count = 0
        for (place, group) in groups.enumerated() {
            guard let signatures = try await underWay?.value else { return }
            let next = place + 1
            underWay = next < groups.count ? start(groups[next]) : nil
            var drafts = try records(of: group, signatures, batch: batch)
            if next + 1 < groups.count {
                drafts += intent(groups[next + 1], batch: batch)
            }
            try home.append(drafts, time: home.now())
            count += group.count
            progress(count)
        }
    }

    private func start(_ group: [SigningOrder]) -> Task<[UnverifiedSignature], any Error> {
        let messages = group.map(\.certificate.bytes)
        let key = group.first?.item.fields.signatureKey
        let device = key.flatMap { devices[$0] }
        return Task {
            guard let key, let device else {
                throw TokenError(.keyNotFound, "no token holds the CA key")
            }
            return try await device.token.signUnverified(messages, with: key)
        }
    }

    /// Makes the entries of a group, each from a certificate that was parsed back, compared with
    /// the approved bytes, and whose signature was verified apart from the token.
    private func records(
        of group: [SigningOrder], _ signatures: [UnverifiedSignature], batch: SHA256Digest
    ) throws -> [EntryDraft] {
        guard group.count == signatures.count else {
            throw TokenError(
                .wrongSignature,
                "the token gave \(signatures.count) signatures for \(group.count) certificates")
        }
        var drafts: [EntryDraft] = []
        for (order, signature) in zip(group, signatures) {
            let verified = try VerifiedCertificate(order: order, signature: signature)
            drafts.append(
                IssuedRecord(
                    batch: batch, number: order.number, authority: order.item.authority,
                    request: order.item.request, certificate: verified.certificate
                ).draft)
        }
        return drafts
    }

    private func recordIntents(_ groups: [[SigningOrder]], batch: SHA256Digest) throws {
        try home.append(groups.flatMap { intent($0, batch: batch) }, time: home.now())
    }

    private func intent(_ group: [SigningOrder], batch: SHA256Digest) -> [EntryDraft] {
        let items = group.filter { !$0.isIntended }.map { order in
            IntentRecord.Item(
                number: order.number, serial: order.item.fields.serial,
                toBeSigned: order.item.toBeSigned)
        }
        guard !items.isEmpty else { return [] }
        return [IntentRecord(batch: batch, items: items).draft]
    }

    /// The orders in groups of one CA key each.
    private func groups(of orders: [SigningOrder]) -> [[SigningOrder]] {
        var groups: [[SigningOrder]] = []
        for order in orders {
            if let last = groups.last, last.count < Self.groupSize,
                last.first?.item.fields.signatureKey == order.item.fields.signatureKey
            {
                groups[groups.count - 1].append(order)
            } else {
                groups.append([order])
            }
        }
        return groups
    }

    private func close(_ id: SHA256Digest) throws {
        let time = home.now()
        guard let batch = home.state.batch(id) else {
            throw RunnerError.damaged("batch \(id.hex) is gone from the ledger")
        }
        if !batch.manifest.newEpochs.isEmpty, batch.begunEpoch == nil {
            try home.append([EpochRecord(batch.manifest).draft], time: time)
        }
        if let list = batch.revocationList, !batch.releasedList {
            let record = RevocationListRecord(
                batch: id, version: list.version, list: list.bytes)
            try home.append([record.draft], time: time)
        }
        try home.append(
            home.state.closingRecords(of: batch, at: time).map(\.draft), time: time)
    }
}
