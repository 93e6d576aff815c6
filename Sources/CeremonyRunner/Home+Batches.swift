// SPDX-License-Identifier: Apache-2.0
public import Ceremony
import Documents
import Issuance
import Ledger
import LedgerStore
public import SSHCrypto

/// Batches of the time before the state begins.
extension Home {
    /// What became of a batch.
    ///
    /// - Throws: `RunnerError` where there is none; what the ledger throws.
    public func outline(of batch: SHA256Digest) throws -> BatchOutline {
        if let known = outlines[batch] { return known }
        let outline = try BatchOutline(batch, in: store)
        outlines[batch] = outline
        return outline
    }

    /// What became of the batch of this number; nil where there is none.
    ///
    /// - Throws: what the ledger throws.
    public func outline(ofBatch number: UInt64) throws -> BatchOutline? {
        for index in try store.find(.batchNumber(number)) {
            let entry = try store.provenEntry(at: index)
            guard entry.kind == .batch else { continue }
            let record = try BatchRecord(entry)
            if record.number == number { return try outline(of: record.batch) }
        }
        return nil
    }

    /// What became of each batch, in the order of their numbers, one at a time.
    ///
    /// - Throws: `RunnerError` where one is not found; what `body` and the ledger throw.
    func forEachOutline(_ body: (BatchOutline) throws -> Void) throws {
        guard state.batchCount > 0 else { return }
        for number in 1...state.batchCount {
            guard let outline = try outline(ofBatch: number) else {
                throw missing(batch: number)
            }
            try body(outline)
        }
    }

    /// What is wrong where a batch is not found that was drafted.
    func missing(batch number: UInt64) -> RunnerError {
        RunnerError.damaged("the ledger's look-up table does not lead to batch \(number)")
    }

    /// The batch that a person names: by its number, or by the beginning of its ID.
    ///
    /// - Throws: `RunnerError` where there is none, or more than one.
    public func batch(named name: String) throws -> BatchState {
        if let number = parseDecimal(name), name.utf8.count < 16,
            let batch = try batch(number: number)
        {
            return batch
        }
        let found =
            name.utf8.count >= 8
            ? try store.find(.batch, beginning: name).compactMap { try draft(at: $0) }
                .filter { $0.hex.hasPrefix(name) }
            : []
        guard found.count == 1, let id = found.first,
            let batch = try batch(number: outline(of: id).number)
        else {
            throw RunnerError.refused(
                subject: "batch \"\(name)\"",
                [
                    Violation(
                        .batchUnknown,
                        found.isEmpty
                            ? "it is not one of this home's"
                            : "\(found.count) batches begin so",
                        hint: "see: conclave batch list")
                ])
        }
        return batch
    }

    /// The batch that an entry drafts; nil where it drafts none.
    private func draft(at index: UInt64) throws -> SHA256Digest? {
        let entry = try store.provenEntry(at: index)
        return entry.kind == .batch ? try BatchRecord(entry).batch : nil
    }

    /// A batch, whatever became of it; nil where none has this number.
    ///
    /// - Throws: `RunnerError` where its entries do not belong together; what the ledger throws.
    public func batch(number: UInt64) throws -> BatchState? {
        if let known = state.batch(number: number) { return known }
        guard state.base > 0, let outline = try outline(ofBatch: number) else { return nil }
        // An entry names its batch in the first line below its head.
        let (name, id) = ("batch", outline.id.hex)
        var entries: [LedgerEntry] = []
        try store.forEach(
            from: outline.entry, through: outline.closed?.entry ?? (state.base - 1)
        ) { entry in
            guard let field = entry.blocks.first?.fields.first else { return }
            if field.name == name, field.value == id { entries.append(entry) }
        }
        let contents = ContentReader(store)
        let list = try listInForce(after: outline)
        do throws(Violations) {
            return try BatchState(
                entries, roster: state.roster, list: list, epochs: state.epochs,
                content: contents.read)
        } catch {
            if let fault = contents.fault { throw fault }
            throw RunnerError.damaged("batch \(number) is not as it was:\n\(error)")
        }
    }

    /// The revocation list that was in force when the ceremony of a batch had ended.
    private func listInForce(after outline: BatchOutline) throws -> [UInt8] {
        guard let closed = outline.closed else { return [] }
        let text = try StateText(text: content(closed.record.state))
        return text.listVersion == 0
            ? try state.genesis.firstRevocationList() : try content(text.list)
    }
}
