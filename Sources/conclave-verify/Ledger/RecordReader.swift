// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats
import TokenEvidence

/// Reads the fields of one entry; each kind has its own, and no others.
struct RecordReader {
    private var fields: BlockReader
    /// What was found in parts after the first.
    private var violations: [Violation] = []

    /// Begins to read the entry's first part.
    init(_ block: Block) {
        fields = BlockReader(block)
    }

    /// All faults, one for each field that does not belong there among them.
    mutating func finish() -> [Violation] {
        fields.finishInOrder() + violations
    }

    /// The first entry.
    mutating func genesis() -> AuditRecord? {
        let text = digest("genesis")
        let policy = digest("policy")
        let roster = digest("roster")
        let signatures = fields.repeated("signature").compactMap { digest($0) }
        guard let text, let policy, let roster else { return nil }
        return .genesis(
            AuditRecord.Genesis(
                text: text, policy: policy, roster: roster, signatures: signatures))
    }

    /// A request that was admitted.
    mutating func request() -> AuditRecord? {
        let id = digest("request")
        let file = digest("file")
        _ = fields.required("name")
        guard let id, let file else { return nil }
        return .request(id: id, file: file)
    }

    /// A file that was refused; it is not kept.
    mutating func refusal() -> AuditRecord? {
        _ = fields.required("name")
        if let file = fields.optional("file") { _ = digest(file) }
        _ = fields.repeated("message")
        return .refusal
    }

    /// An exception that a person confirmed.
    mutating func exception() -> AuditRecord? {
        let rule = fields.required("rule")?.value
        let message = fields.required("message")?.value
        guard let rule, let message else { return nil }
        return .exception(rule: rule, message: message)
    }

    /// A batch that was drafted.
    mutating func batch() -> AuditRecord? {
        let batch = digest("batch")
        let number = number("number")
        guard let batch, let number else { return nil }
        return .batch(batch, number: number)
    }

    /// An approval.
    mutating func approval() -> AuditRecord? {
        let batch = digest("batch")
        let officer = fields.required("officer")?.value
        _ = fields.required("key")
        let signature = digest("signature")
        guard let batch, let officer, let signature else { return nil }
        return .approval(batch: batch, officer: officer, signature: signature)
    }

    /// A rejection.
    mutating func rejection() -> AuditRecord? {
        let batch = digest("batch")
        let officer = fields.required("officer")?.value
        _ = fields.required("reason")
        _ = digest("text")
        _ = digest("signature")
        guard let batch, let officer else { return nil }
        return .rejection(batch: batch, officer: officer)
    }

    /// The opening of a ceremony; each further part is a token.
    mutating func opened(devices: ArraySlice<Block>) -> AuditRecord? {
        let batch = digest("batch")
        _ = fields.value(fields.required("tier"), expected: "T1") { $0 == "T1" ? $0 : nil }
        _ = fields.required("tool")
        var found: [AuditDevice] = []
        for block in devices {
            var device = BlockReader(block)
            let key = device.value(device.required("ca-key"), expected: "a public key") { line in
                Self.reading { () throws(FormatError) in try PublicKey(line: line) }
            }
            let token = device.required("token")?.value
            _ = device.required("module")
            let evidence = device.required("evidence")?.value
            let proof = RecordedEvidence(from: &device)
            violations += device.finishInOrder()
            if let key, let token, let evidence {
                found.append(
                    AuditDevice(publicKey: key, token: token, evidence: evidence, proof: proof))
            }
        }
        guard let batch else { return nil }
        return .opened(batch: batch, devices: found)
    }

    /// What is about to be signed.
    mutating func intent() -> AuditRecord? {
        let batch = digest("batch")
        let intents = fields.repeated("sign").compactMap { field in
            fields.value(field, expected: "an item's number, a serial and a SHA-256") {
                Self.intent($0)
            }
        }
        guard let batch else { return nil }
        return .intent(batch: batch, intents)
    }

    /// A certificate that was signed.
    mutating func issued() -> AuditRecord? {
        let batch = digest("batch")
        let item = number("item")
        let authority = fields.required("authority")?.value
        let request = digest("request")
        let certificate = fields.value(
            fields.required("certificate"), expected: "a certificate"
        ) { line in
            // Nothing stands behind it.
            line.utf8.count { $0 == 0x20 } != 1
                ? nil : Self.reading { () throws(FormatError) in try Certificate(line: line) }
        }
        guard let batch, let item, let authority, let request, let certificate else { return nil }
        return .issued(
            AuditRecord.Issued(
                batch: batch, item: item, authority: authority, request: request,
                certificate: certificate))
    }

    /// A revocation list that was published.
    mutating func revocationList() -> AuditRecord? {
        let batch = digest("batch")
        let version = number("version")
        let list = digest("list")
        guard let batch, let version, let list else { return nil }
        return .revocationList(batch: batch, version: version, list: list)
    }

    /// The end of a ceremony.
    mutating func closed() -> AuditRecord? {
        let batch = digest("batch")
        let certificates = number("certificates")
        let by = fields.optional("abandoned-by").flatMap { digest($0) }
        let given = fields.repeated("abandoned")
        let serials = given.compactMap { field in
            fields.value(field, expected: "an authority and serials N or N-M") {
                AuthoritySerials(text: $0)
            }
        }
        if (by == nil) != given.isEmpty {
            violations.append(Violation(.entry, "abandoned-by and abandoned belong together"))
        }
        let state = digest("state")
        guard let batch, let certificates, let state else { return nil }
        return .closed(
            batch: batch, certificates: certificates,
            by.map { AuditRecord.Abandonment(by: $0, serials: serials) }, state: state)
    }

    /// Other tokens with which a ceremony went on; each further part is one.
    mutating func tookOver(devices: ArraySlice<Block>) -> AuditRecord? {
        guard case .opened(let batch, let found)? = opened(devices: devices) else { return nil }
        return .tookOver(batch: batch, devices: found)
    }

    /// A new epoch; each further part is an authority.
    mutating func epoch(_ authorities: ArraySlice<Block>) -> AuditRecord? {
        let batch = digest("batch")
        var found: [AuditRecord.Epoch] = []
        for block in authorities {
            var part = BlockReader(block)
            let name = part.required("authority")?.value
            let epoch = part.value(part.required("epoch"), expected: "a decimal number") {
                parseDecimal($0)
            }
            let next = part.value(part.required("next-serial"), expected: "a decimal number") {
                parseDecimal($0)
            }
            violations += part.finishInOrder()
            if let name, let epoch, let next {
                found.append(AuditRecord.Epoch(authority: name, epoch: epoch, nextSerial: next))
            }
        }
        guard let batch else { return nil }
        return .epoch(batch: batch, found)
    }

    private mutating func digest(_ name: String) -> SHA256Digest? {
        guard let field = fields.required(name) else { return nil }
        return digest(field)
    }

    private mutating func digest(_ field: Field) -> SHA256Digest? {
        fields.value(field, expected: "a SHA-256 of 64 lower-case hex digits") {
            SHA256Digest(hex: $0)
        }
    }

    private mutating func number(_ name: String) -> UInt64? {
        fields.value(fields.required(name), expected: "a decimal number") { parseDecimal($0) }
    }

    private static func intent(_ text: String) -> AuditRecord.Intent? {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let item = parseDecimal(parts[0]),
            let serial = parseDecimal(parts[1]), let digest = SHA256Digest(hex: parts[2])
        else { return nil }
        return AuditRecord.Intent(item: item, serial: serial, toBeSigned: digest)
    }

    /// What `read` makes, or nil where it refuses.
    private static func reading<Value>(_ read: () throws(FormatError) -> Value) -> Value? {
        do throws(FormatError) {
            return try read()
        } catch {
            return nil
        }
    }
}
