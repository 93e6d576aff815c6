// SPDX-License-Identifier: Apache-2.0
import Ceremony
import CeremonyRunner
import Documents
import Glibc
import Issuance
import Ledger
import SSHCrypto
import SSHFormats
import Spool

/// What a handle leads to, for people and for programs.
struct TraceScreen {
    /// The largest file that is read for the certificates in it, in bytes.
    private static let maximumFile = 1_048_576

    private let home: Home
    private let trace: Trace
    private let isJSON: Bool

    init(home: Home, isJSON: Bool) {
        self.home = home
        trace = Trace(home: home)
        self.isJSON = isJSON
    }

    /// Shows what a handle leads to, and answers whether it leads anywhere.
    func show(_ handle: String) throws -> Bool {
        let time = home.now()
        let issued = try trace.issued(of: handle)
        let accounts = try trace.accounts(of: handle, at: time)
        if accounts.isEmpty, unsafe access(handle, R_OK) == 0 { return try show(file: handle) }
        if isJSON {
            try write(handle, issued, others: Array(accounts.dropFirst(issued.count)), at: time)
        } else if accounts.isEmpty {
            Screen.line("nothing in the ledger leads to \(quoted(handle))")
            Screen.line("  a certificate that is not in the ledger was not issued by this home")
        } else {
            for account in accounts { Screen.line(account) }
        }
        return !accounts.isEmpty
    }

    /// Shows each certificate of a file, and those of each public key.
    private func show(file: String) throws -> Bool {
        let bytes = try InputFile.read(file, limit: Self.maximumFile)
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        var isThere = false
        var isKnown = true
        for line in lines where !line.allSatisfy(\.isWhitespace) && !line.hasPrefix("#") {
            isThere = true
            if try !show(line: String(line), of: file) { isKnown = false }
        }
        guard isThere else {
            throw FormatError("key file", at: 0, .invalid("\(quoted(file)) is empty"))
        }
        return isKnown
    }

    private func show(line: String, of file: String) throws -> Bool {
        let found: [TracedCertificate]
        let name: String
        if line.prefix(while: { $0 != " " }).contains("-cert-v01@") {
            let certificate = try Certificate(line: line)
            let fields = certificate.fields
            name =
                "the certificate in \(quoted(file)), serial \(fields.serial), key ID "
                + "\(quoted(fields.keyID)), CA key \(fields.signatureKey.fingerprint)"
            found = try trace.issued(of: certificate).map { [$0] } ?? []
        } else {
            let key = try PublicKey(line: line)
            name = "the key in \(quoted(file)), \(key.fingerprint)"
            found = try trace.issued(of: key.fingerprint)
        }
        let time = home.now()
        if isJSON {
            try write(file, found, others: [], at: time)
        } else if found.isEmpty {
            Screen.line("nothing in the ledger leads to \(name)")
            Screen.line("  a certificate that is not in the ledger was not issued by this home")
        } else {
            for traced in found { Screen.line(try trace.account(of: traced, at: time)) }
        }
        return !found.isEmpty
    }
}

// MARK: - JSON

extension TraceScreen {
    /// Writes an object for each certificate, or one that says that there is none.
    private func write(
        _ handle: String, _ issued: [TracedCertificate], others: [String], at time: UnixTime
    ) throws {
        for traced in issued {
            Screen.line(
                JSONText.object([
                    ("handle", .string(handle)), ("found", .boolean(true)),
                    ("certificate", try json(of: traced, at: time)),
                ]).text)
        }
        for account in others {
            Screen.line(
                JSONText.object([
                    ("handle", .string(handle)), ("found", .boolean(true)),
                    ("account", .string(account)),
                ]).text)
        }
        if issued.isEmpty, others.isEmpty {
            Screen.line(
                JSONText.object([("handle", .string(handle)), ("found", .boolean(false))]).text)
        }
    }

    /// A certificate and what led to it.
    ///
    /// Numbers of 64 bits stand as strings.
    private func json(of traced: TracedCertificate, at time: UnixTime) throws -> JSONText {
        let record = traced.record
        let fields = record.certificate.fields
        return try .object(
            [
                ("type", .string(fields.kind.name)), ("authority", .string(record.authority)),
                ("serial", .string(String(fields.serial))), ("key-id", .string(fields.keyID)),
                ("key", .string(fields.publicKey.fingerprint)),
                ("key-kind", .string(fields.publicKey.kind.shortName)),
                ("principals", .array(fields.validPrincipals.map { .string($0) })),
                ("valid-after", .string(UnixTime(seconds: fields.validAfter).text)),
                ("valid-before", .string(UnixTime(seconds: fields.validBefore).text)),
                ("standing", .string(trace.standing(record.authority, fields, at: time))),
                ("entry", .string(String(traced.entry.index))),
                ("recorded", .string(traced.entry.time.text)),
                ("request", request(of: traced)), ("batch", batch(of: traced)),
                ("ca-key", .string(fields.signatureKey.fingerprint)),
            ] + epoch(of: fields.serial)
                + (traced.device.map { [("token", .string($0.token))] } ?? [])
                + (revocation(of: traced).map { [("revocation", $0)] } ?? []))
    }

    /// The parts of a serial, where its epoch is not the first.
    private func epoch(of serial: UInt64) -> [(String, JSONText)] {
        let number = SerialNumber(serial)
        guard number.epoch > 0 else { return [] }
        return [
            ("epoch", .number(UInt64(number.epoch))), ("counter", .string(String(number.counter))),
        ]
    }

    private func request(of traced: TracedCertificate) -> JSONText {
        let request = traced.admitted.request
        return .object(
            [
                ("id", .string(request.id.hex)), ("name", .string(traced.admitted.name)),
                ("entry", .string(String(traced.admitted.entry))),
            ] + (request.requester.map { [("requester", .string($0))] } ?? [])
                + (request.purpose.map { [("purpose", .string($0))] } ?? []))
    }

    private func batch(of traced: TracedCertificate) -> JSONText {
        let batch = traced.batch
        return .object(
            [
                ("number", .string(String(batch.number))),
                ("id", .string(batch.id.hex)),
                (
                    "approvals",
                    .array(
                        batch.approvals.map { approval in
                            .object([
                                ("officer", .string(approval.officer)),
                                ("key", .string(approval.key)),
                                ("entry", .string(String(approval.entry))),
                            ])
                        })
                ),
            ] + (batch.opened.map { [("opened", .string($0.time.text))] } ?? [])
                + (batch.closed.map { [("closed", .string($0.time.text))] } ?? []))
    }

    private func revocation(of traced: TracedCertificate) throws -> JSONText? {
        try home.state.revocations.reason(
            authority: traced.record.authority, fields: traced.record.certificate.fields
        ).map { revoked in
            let manifest = try home.manifest(ofBatch: revoked.batch)
            let reason = try home.item(of: revoked)?.reason
            return .object(
                [
                    ("batch", .string(String(revoked.batch))),
                    ("reason", .string(reason ?? "")),
                ] + (manifest?.listVersion.map { [("list-version", .string(String($0)))] } ?? []))
        }
    }
}
