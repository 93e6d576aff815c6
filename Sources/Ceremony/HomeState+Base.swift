// SPDX-License-Identifier: Apache-2.0
public import Documents
import Issuance
public import Ledger
public import SSHCrypto
import SSHFormats

extension HomeState {
    /// A batch that was under way when a ceremony ended, with its approvals.
    public typealias UnderWay = (drafted: LedgerEntry, approvals: [LedgerEntry])

    /// Goes on from the text that a ceremony's end recorded, without the entries before it.
    ///
    /// Whoever calls has proven that the entry and those of the batches are the ledger's, and that the
    /// tree is the one over all entries up to it.
    ///
    /// - Parameters:
    ///   - founding: The state after the genesis alone.
    ///   - text: The text that the ceremony's end names.
    ///   - end: The entry that ended the ceremony.
    ///   - tree: The edge of the tree over the entries up to that one.
    ///   - underWay: The batches that the text names, in its order.
    ///   - content: The texts that entries name.
    ///   - past: What the ledger has before.
    /// - Throws: `Violations` where these do not belong together.
    public init(
        founding: HomeState, text: StateText, end: LedgerEntry, tree: MerkleFrontier,
        underWay: [UnderWay], content: (SHA256Digest) -> [UInt8]?, past: HomePast
    ) throws(Violations) {
        self = founding
        let facts: [(name: String, holds: Bool)] = [
            ("genesis", text.genesis == id), ("policy", text.policy == policy.digest),
            ("roster", text.roster == roster.digest),
            ("authorities", text.authorities.map(\.name) == policy.authorities.map(\.name)),
            ("ca-key", text.authorities.allSatisfy { authorityKeys($0.name) == $0.keys }),
            ("batch-entry", text.underWay.map(\.entry) == underWay.map(\.drafted.index)),
            ("size", tree.size == end.index + 1),
        ]
        let wrong = facts.filter { !$0.holds }.map(\.name)
        guard wrong.isEmpty else {
            throw Violations(
                Violation(
                    .stateDigest,
                    "the state of entry \(end.index) is not one of this home: "
                        + wrong.joined(separator: ", "),
                    hint: "the ledger was altered; run conclave ledger verify"))
        }
        self.tree = tree
        base = tree.size
        lastTime = end.time
        governingHead = text.governingHead
        batchCount = text.batches
        abandonments = text.abandonments
        waiting = text.waiting
        epochs = text.epochs
        for authority in text.authorities {
            nextSerials[authority.name] = authority.nextSerial
            setAside.formUnion(authority.setAside)
        }
        let list =
            text.listVersion == 0
            ? founding.revocations.list
            : try Self.require(text.list, "revocation list", content)
        guard SHA256Digest(hashing: list) == text.list else {
            throw Violations(
                Violation(.recordText, "revocation list 0 is not that of the genesis"))
        }
        revocations.resume(text.revocations, version: text.listVersion, list: list)
        for batch in underWay {
            batches.append(try restored(batch, content, past))
        }
    }

    private func restored(
        _ batch: UnderWay, _ content: (SHA256Digest) -> [UInt8]?, _ past: HomePast
    ) throws(Violations) -> BatchState {
        let record = try BatchRecord(batch.drafted)
        let manifest = try BatchManifest(
            text: Self.require(record.batch, "batch manifest", content))
        var state = BatchState(manifest: manifest, entry: batch.drafted.index)
        for case .issue(let item) in manifest.items {
            guard let index = try past.admission(item.request) else {
                throw Violations(
                    Violation(.recordText, "request \(item.request.hex) was not admitted"))
            }
            state.admissions[item.request] = index
        }
        for entry in batch.approvals {
            let record = try ApprovalRecord(entry)
            let approval = try Approval(
                armored: Self.require(record.signature, "approval", content), manifest: manifest,
                roster: roster)
            let fault =
                record.batch == manifest.id
                ? state.approve(approval, entry: entry.stamp) : "it approves another batch"
            if let fault {
                throw Violations(Violation(.recordText, "entry \(entry.index): \(fault)"))
            }
        }
        return state
    }
}
