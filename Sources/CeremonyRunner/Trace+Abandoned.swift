// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Issuance
import SSHCrypto
import SSHFormats

extension Trace {
    /// The certificates that a handle names and that an abandoned ceremony left unsigned.
    ///
    /// - Throws: what the ledger throws.
    func abandonedAccounts(of handle: String, at time: UnixTime) throws -> [String] {
        try home.state.abandonments.flatMap { abandonment in
            guard let batch = try home.batch(number: abandonment.batch) else { return [String]() }
            return try batch.remaining.filter { Self.names(handle, $0.item) }.map { number, item in
                try account(of: item, number: number, in: batch, at: time)
            }
        }
    }

    private static func names(_ handle: String, _ item: IssueItem) -> Bool {
        if let line = SSHDLogLine(handle: handle) {
            // Somebody logged in with a signature that nobody saw.
            return item.fields.serial == line.serial && item.fields.keyID == line.keyID
                && item.fields.signatureKey.fingerprint == line.authorityKey
        }
        let serial = String(item.fields.serial)
        return [
            serial, "\(item.authority) \(serial)", item.fields.keyID,
            item.fields.publicKey.fingerprint,
        ].contains(handle)
    }

    private func account(
        of item: IssueItem, number: UInt64, in batch: BatchState, at time: UnixTime
    ) throws -> String {
        let fields = item.fields
        var lines: [String] = []
        func line(_ name: String, _ value: String) {
            lines.append(name + String(repeating: " ", count: max(1, 15 - name.count)) + value)
        }
        lines.append(
            "\(fields.kind.name) certificate \(fields.serial) of \(item.authority), never issued")
        if let place = Self.epoch(of: fields.serial) { line("  serial", place) }
        line("  key ID", fields.keyID)
        line("  key", "\(fields.publicKey.fingerprint) (\(fields.publicKey.kind.shortName))")
        line("  CA key", fields.signatureKey.fingerprint)
        line("  request", item.request.hex)
        line("  batch", "\(batch.number), item \(number), \(batch.manifest.id.hex)")
        if let closed = batch.closed, let abandonment = closed.record.abandonment {
            line("  abandoned", closed.time.text)
            let decision = try home.outline(of: abandonment.by)
            let reason = try home.manifest(ofBatch: decision.number)?.abandonment?.reason
            line("    decided by", "batch \(decision.number): \(quoted(reason ?? ""))")
            for approval in decision.approvals {
                line(
                    "    approved by",
                    "\(approval.officer), \(approval.key), ledger entry \(approval.entry)")
            }
        }
        line(
            "    signature",
            batch.intended.contains(number)
                ? "the token was told to sign it; what it made was never recorded"
                : "the token was never told to sign it")
        let later = try home.batches(answering: item.request, at: time).map(\.number)
            .filter { $0 > batch.number }
        if !later.isEmpty {
            line(
                "  drafted anew",
                "in batch " + later.map(String.init).joined(separator: ", "))
        }
        if let revoked = home.state.revocations.reason(
            authority: item.authority, fields: fields)
        {
            line("  revoked", "yes, by batch \(revoked.batch): \(revoked.target.text)")
        } else {
            line("  revoked", "no (revocation list version \(home.state.revocations.version))")
        }
        return lines.joined(separator: "\n")
    }
}
