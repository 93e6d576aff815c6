// SPDX-License-Identifier: Apache-2.0
import Ceremony
public import Documents
import Issuance
import Ledger
import LedgerStore
import SSHCrypto
public import SSHFormats

/// Follows a handle back to request, proof of possession, approvals, ceremony, token and KRL.
public struct Trace {
    let home: Home

    /// Traces in this home.
    public init(home: Home) {
        self.home = home
    }

    /// What a handle leads to: accounts, one text each, as of `time`.
    ///
    /// Certificates come first, as ``issued(of:)`` finds them; then what an abandoned ceremony left
    /// unsigned, and requests that have no certificate.
    ///
    /// - Throws: what the ledger throws.
    public func accounts(of handle: String, at time: UnixTime) throws -> [String] {
        try issued(of: handle).map { try account(of: $0, at: time) }
            + abandonedAccounts(of: handle, at: time)
            + waitingAccounts(of: handle, at: time)
    }

    /// The account of a certificate, as of `time`.
    ///
    /// - Throws: what the ledger throws.
    public func account(of traced: TracedCertificate, at time: UnixTime) throws -> String {
        let entry = traced.entry
        let record = traced.record
        let batch = traced.batch
        let admitted = traced.admitted
        let fields = record.certificate.fields
        let request = admitted.request
        var lines: [String] = []
        func line(_ name: String, _ value: String) {
            lines.append(name + String(repeating: " ", count: max(1, 15 - name.count)) + value)
        }
        lines.append("\(fields.kind.name) certificate \(fields.serial) of \(record.authority)")
        if let place = Self.epoch(of: fields.serial) { line("  serial", place) }
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
            "\(batch.number), \(batch.id.hex), drafted " + batch.drafted.text)
        for approval in batch.approvals {
            line(
                "    approved by",
                "\(approval.officer), \(approval.key), ledger entry \(approval.entry)")
        }
        if let opened = batch.opened {
            line(
                "  ceremony",
                "opened \(opened.time.text)"
                    + (batch.closed.map { Self.ending($0.record, $0.time) } ?? ", not finished"))
            if let device = traced.device {
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
                "yes, by batch \(revoked.batch): \(revoked.target.text), "
                    + "\"\(try home.item(of: revoked)?.reason ?? "")\"")
        } else {
            line("  revoked", "no (revocation list version \(home.state.revocations.version))")
        }
        return lines.joined(separator: "\n")
    }

    /// What a serial is made of, where its epoch is not the first.
    static func epoch(of serial: UInt64) -> String? {
        let number = SerialNumber(serial)
        return number.epoch > 0 ? "epoch \(number.epoch), counter \(number.counter)" : nil
    }

    /// How a ceremony ended.
    static func ending(_ record: CeremonyClosedRecord, _ time: UnixTime) -> String {
        record.abandonment == nil ? ", closed \(time.text)" : ", abandoned \(time.text)"
    }

    /// Where a certificate stands in its life.
    public func standing(
        _ authority: String, _ fields: CertificateFields, at time: UnixTime
    ) -> String {
        if home.state.revocations.reason(authority: authority, fields: fields) != nil {
            return "revoked"
        }
        if time.seconds < fields.validAfter { return "not yet valid" }
        return time.seconds < fields.validBefore ? "valid now" : "ended"
    }

    private func waitingAccounts(of handle: String, at time: UnixTime) throws -> [String] {
        try requests(named: handle).compactMap { admitted in
            let request = admitted.request
            guard try issued(answering: admitted) == nil else { return nil }
            let places = try home.batches(answering: request.id, at: time).map {
                "in batch \($0.number), \($0.phase.rawValue)"
            }
            return """
                request \(request.id.hex) ("\(admitted.name)", ledger entry \(admitted.entry))
                  certificate  none
                  authority    \(request.authority)
                  key          \(request.publicKey.fingerprint)
                  principals   \(request.principals.joined(separator: ", "))
                  asked by     \(request.requester ?? "(no name given)")
                  stands       \(places.isEmpty ? "waiting for a batch" : places.joined(separator: "; "))
                """
        }
    }

    private func possession(_ request: CertificateRequest) -> String {
        var text = "signed by the key itself"
        if request.possession.userPresent == true { text += ", touched" }
        if request.possession.userVerified == true { text += ", user verified" }
        return text
    }
}
