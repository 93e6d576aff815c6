// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats

/// What an entry of the ledger says, read apart from the code that wrote it.
enum AuditRecord: Sendable {
    /// The home begins.
    case genesis(Genesis)
    /// A request was admitted; `file` is its text and signature.
    case request(id: SHA256Digest, file: SHA256Digest)
    /// A file was refused.
    case refusal
    /// Something that a rule stopped and a person confirmed by hand.
    case exception(rule: String, message: String)
    /// A batch was drafted.
    case batch(SHA256Digest, number: UInt64)
    /// An officer approved a batch.
    case approval(batch: SHA256Digest, officer: String, signature: SHA256Digest)
    /// An officer rejected a batch.
    case rejection(batch: SHA256Digest, officer: String)
    /// A ceremony began, with these CA keys in their tokens.
    case opened(batch: SHA256Digest, devices: [AuditDevice])
    /// Certificates are about to be signed.
    case intent(batch: SHA256Digest, [Intent])
    /// A certificate was signed.
    case issued(Issued)
    /// A revocation list was published.
    case revocationList(batch: SHA256Digest, version: UInt64, list: SHA256Digest)
    /// A ceremony ended, with what it left undone.
    case closed(batch: SHA256Digest, certificates: UInt64, Abandonment?, state: SHA256Digest)
    /// An interrupted ceremony went on with other tokens, which hold these CA keys.
    case tookOver(batch: SHA256Digest, devices: [AuditDevice])

    /// A new epoch of serials began, by the decision of a batch.
    case epoch(batch: SHA256Digest, [Epoch])

    /// Where an authority's serials go on.
    struct Epoch: Hashable, Sendable {
        /// The authority.
        let authority: String
        /// Its epoch.
        let epoch: UInt64
        /// Its next serial.
        let nextSerial: UInt64
    }

    /// What a ceremony left undone, and by whose decision.
    struct Abandonment: Hashable, Sendable {
        /// The batch that decided it.
        let by: SHA256Digest
        /// The serials that were given up.
        let serials: [AuthoritySerials]
    }

    /// The digests that the first entry names.
    struct Genesis: Hashable, Sendable {
        /// The genesis text.
        let text: SHA256Digest
        /// The policy.
        let policy: SHA256Digest
        /// The roster.
        let roster: SHA256Digest
        /// The officers' signatures.
        let signatures: [SHA256Digest]
    }

    /// A certificate about to be signed.
    struct Intent: Hashable, Sendable {
        /// The item's number.
        let item: UInt64
        /// The serial.
        let serial: UInt64
        /// The SHA-256 of the bytes to be signed.
        let toBeSigned: SHA256Digest
    }

    /// A certificate that was signed.
    struct Issued: Hashable, Sendable {
        /// The batch.
        let batch: SHA256Digest
        /// The item's number.
        let item: UInt64
        /// The authority.
        let authority: String
        /// The request.
        let request: SHA256Digest
        /// The certificate.
        let certificate: Certificate
    }

    /// The texts that the entry names and the bundle must hold.
    func contents(of entry: LedgerEntry) -> [SHA256Digest] {
        switch self {
        case .genesis(let genesis):
            [genesis.text, genesis.policy, genesis.roster] + genesis.signatures
        case .request(_, let file): [file]
        case .batch(let batch, _): [batch]
        case .approval(_, _, let signature): [signature]
        case .rejection:
            entry.blocks.flatMap(\.fields).filter { ["text", "signature"].contains($0.name) }
                .compactMap { SHA256Digest(hex: $0.value) }
        case .revocationList(_, _, let list): [list]
        case .closed(_, _, _, let state): [state]
        case .epoch, .refusal, .exception, .opened, .intent, .issued, .tookOver: []
        }
    }
}

extension AuditRecord {
    /// Reads what an entry says.
    ///
    /// - Throws: all `Violations` of its fields; the kinds that no home of this version writes are
    ///   refused.
    init(_ entry: LedgerEntry) throws(Violations) {
        guard let block = entry.blocks.first else {
            throw Violations(Violation(.entry, "it has no fields"))
        }
        var reader = RecordReader(block)
        let record: AuditRecord? =
            switch entry.kind {
            case .genesis: reader.genesis()
            case .request: reader.request()
            case .refusal: reader.refusal()
            case .exception: reader.exception()
            case .batch: reader.batch()
            case .approval: reader.approval()
            case .rejection: reader.rejection()
            case .ceremonyOpened: reader.opened(devices: entry.blocks.dropFirst())
            case .intent: reader.intent()
            case .issued: reader.issued()
            case .krl: reader.revocationList()
            case .ceremonyClosed: reader.closed()
            case .token: reader.tookOver(devices: entry.blocks.dropFirst())
            case .epoch: reader.epoch(entry.blocks.dropFirst())
            case .roster, .policy, .key: nil
            }
        var violations = reader.finish()
        if record == nil, violations.isEmpty || Self.isUnknown(entry.kind) {
            violations = [
                Violation(.entry, "kind \(entry.kind.rawValue) is not one that a home writes")
            ]
        }
        if ![.ceremonyOpened, .token, .epoch].contains(entry.kind), entry.blocks.count > 1 {
            violations.append(
                Violation(.entry, line: entry.blocks[1].line, "it has more than one part"))
        }
        guard violations.isEmpty, let record else { throw Violations(violations) }
        self = record
    }

    private static func isUnknown(_ kind: EntryKind) -> Bool {
        [.roster, .policy, .key].contains(kind)
    }
}
