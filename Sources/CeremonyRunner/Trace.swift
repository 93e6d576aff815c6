// SPDX-License-Identifier: Apache-2.0
import Ceremony
public import Documents
import Issuance
import Ledger
import LedgerStore
import SSHCrypto
import SSHFormats

/// Follows a handle back to request, proof of possession, approvals, ceremony, token and KRL.
public struct Trace {
    let home: Home

    /// Traces in this home.
    public init(home: Home) {
        self.home = home
    }

    /// The certificates that a handle names: their accounts, one text each, at `time`.
    ///
    /// A handle is a serial (`12`, or `users@example.org 12`), a key ID, a fingerprint, or a line of
    /// sshd's log.
    ///
    /// - Throws: what the ledger throws.
    public func accounts(of handle: String, at time: UnixTime) throws -> [String] {
        let issued = try entries(of: handle).compactMap { try account(of: $0, at: time) }
        return issued + abandonedAccounts(of: handle)
    }

    private func entries(of handle: String) throws -> [UInt64] {
        if let line = SSHDLogLine(handle) {
            let candidates = try home.store.find(
                handle: "serial", value: String(line.serial))
            return try candidates.filter { index in
                let record = try IssuedRecord(home.store.entry(at: index))
                return record.certificate.fields.signatureKey.fingerprint == line.authorityKey
                    && record.certificate.fields.keyID == line.keyID
            }
        }
        for name in ["serial", "key-id", "fingerprint"] {
            let found = try home.store.find(handle: name, value: handle).filter {
                try home.store.entry(at: $0).kind == .issued
            }
            if !found.isEmpty { return found }
        }
        return []
    }

    private func account(of index: UInt64, at time: UnixTime) throws -> String? {
        let entry = try home.store.entry(at: index)
        let record = try IssuedRecord(entry)
        guard let batch = home.state.batch(record.batch),
            let admitted = home.state.requests[record.request]
        else { return nil }
        let fields = record.certificate.fields
        let request = admitted.request
        var lines: [String] = []
        func line(_ name: String, _ value: String) {
            lines.append(name + String(repeating: " ", count: max(1, 15 - name.count)) + value)
        }
        lines.append("\(fields.kind.name) certificate \(fields.serial) of \(record.authority)")
        line("  key ID", fields.keyID)
        line("  key", "\(fields.publicKey.fingerprint) (\(fields.publicKey.kind.shortName))")
        line("  principals", fields.validPrincipals.joined(separator: ", "))
        line(
            "  validity",
            "\(UnixTime(seconds: fields.validAfter).text) to "
                + "\(UnixTime(seconds: fields.validBefore).text), "
                + standing(record.authority, fields, at: time))
        line("  recorded", "ledger entry \(entry.index), \(entry.time.text)")
        line(
            "  request",
            "\(request.id.hex) (\"\(admitted.name)\", ledger entry \(admitted.entry))")
        line("    asked by", request.requester ?? "(no name given)")
        if let purpose = request.purpose { line("    for", purpose) }
        line("    proof", possession(request))
        line(
            "  batch",
            "\(batch.number), \(batch.manifest.id.hex), drafted "
                + batch.manifest.header.created.text)
        for approval in batch.approvals {
            line(
                "    approved by",
                "\(approval.approval.officer), \(approval.approval.key.fingerprint), "
                    + "ledger entry \(approval.entry)")
        }
        if let opened = batch.opened {
            line(
                "  ceremony",
                "opened \(opened.time.text)"
                    + (batch.closed.map { Self.ending($0.record, $0.time) } ?? ", not finished"))
            let device = batch.devices.last {
                $0.device.publicKey == fields.signatureKey && $0.entry < index
            }
            if let device = device?.device {
                line("    CA key", device.publicKey.fingerprint)
                line("    token", device.token)
            }
            line("    enforcement", opened.record.tier)
        }
        if let revoked = home.state.revocations.reason(
            authority: record.authority, fields: fields)
        {
            line(
                "  revoked",
                "yes, by batch \(revoked.batch): \(revoked.item.target.text), "
                    + "\"\(revoked.item.reason)\"")
        } else {
            line("  revoked", "no (revocation list version \(home.state.revocations.version))")
        }
        return lines.joined(separator: "\n")
    }

    /// How a ceremony ended.
    static func ending(_ record: CeremonyClosedRecord, _ time: UnixTime) -> String {
        record.abandonment == nil ? ", closed \(time.text)" : ", abandoned \(time.text)"
    }

    private func standing(
        _ authority: String, _ fields: CertificateFields, at time: UnixTime
    ) -> String {
        if home.state.revocations.reason(authority: authority, fields: fields) != nil {
            return "revoked"
        }
        if time.seconds < fields.validAfter { return "not yet valid" }
        return time.seconds < fields.validBefore ? "valid now" : "ended"
    }

    private func possession(_ request: CertificateRequest) -> String {
        var text = "signed by the key itself"
        if request.possession.userPresent == true { text += ", touched" }
        if request.possession.userVerified == true { text += ", user verified" }
        return text
    }
}
