// SPDX-License-Identifier: Apache-2.0
public import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats

extension StateText {
    /// Reads the text of a state, which must be canonical.
    ///
    /// - Throws: `Violations` with what is missing, unknown or malformed.
    public init(text: [UInt8]) throws(Violations) {
        let document = try Document(parsing: text, kind: "state", limits: Self.limits)
        var reader = BlockReader(document.header)
        let genesis = reader.digest("genesis")
        let governingHead = reader.digest("governing-head")
        let policy = reader.digest("policy")
        let roster = reader.digest("roster")
        let batches = reader.number("batches")
        let abandonments = reader.repeated("abandoned").compactMap { field in
            reader.value(field, expected: "N by M", Self.abandonment)
        }
        var epochs = EpochState()
        epochs.read(&reader)
        let version = reader.number("krl-version")
        let list = reader.digest("krl")
        let revocations = reader.repeated("revoked").compactMap { field in
            reader.value(field, expected: "a batch, an authority and a target", Self.revocation)
        }
        var waiting = EntrySet()
        for field in reader.repeated("waiting") {
            let range = reader.value(field, expected: "N or N-M", EntrySet.range)
            if let range, !waiting.append(range) {
                reader.report(
                    Violation(
                        .recordText, line: field.line,
                        "waiting \(field.value) does not stand behind the one before"))
            }
        }
        var violations = reader.finish()
        var authorities: [Authority] = []
        var underWay: [Batch] = []
        for block in document.sections {
            var reader = BlockReader(block)
            if let first = block.fields.first, first.name == "authority" {
                epochs.read(unissuedOf: first.value, &reader)
                if let authority = Self.authority(&reader) { authorities.append(authority) }
            } else if let batch = Self.batch(&reader) {
                underWay.append(batch)
            }
            violations += reader.finish()
        }
        guard violations.isEmpty, let genesis, let governingHead, let policy, let roster,
            let batches, let version, let list
        else { throw Violations(violations) }
        self.init(
            genesis: genesis, governingHead: governingHead, policy: policy, roster: roster,
            batches: batches, abandonments: abandonments, epochs: epochs, listVersion: version,
            list: list,
            revocations: revocations, waiting: waiting, authorities: authorities,
            underWay: underWay)
        try document.requireCanonical(bytes)
    }

    private static func abandonment(_ text: String) -> (batch: UInt64, by: UInt64)? {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1] == "by", let batch = parseDecimal(String(parts[0])),
            let decision = parseDecimal(String(parts[2]))
        else { return nil }
        return (batch, decision)
    }

    private static func revocation(_ text: String) -> Revocation? {
        let parts = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let batch = parseDecimal(String(parts[0])), !parts[1].isEmpty,
            let target = RevokeItem.Target(text: String(parts[2]))
        else { return nil }
        return Revocation(batch: batch, authority: String(parts[1]), target: target)
    }

    private static func authority(_ reader: inout BlockReader) -> Authority? {
        let name = reader.required("authority")?.value
        let serial = reader.number("next-serial")
        let keys = Self.keys(&reader, "ca-key")
        let setAside = Self.keys(&reader, "set-aside")
        guard let name, let serial else { return nil }
        return Authority(name: name, nextSerial: serial, keys: keys, setAside: setAside)
    }

    private static func keys(_ reader: inout BlockReader, _ name: String) -> [PublicKey] {
        reader.repeated(name).compactMap { field in
            reader.value(field, expected: "a public key") { text -> PublicKey? in
                do throws(FormatError) {
                    return try PublicKey(line: text)
                } catch {
                    return nil
                }
            }
        }
    }

    private static func batch(_ reader: inout BlockReader) -> Batch? {
        let entry = reader.number("batch-entry")
        let approvals = reader.repeated("approval-entry").compactMap { field in
            reader.value(field, expected: "a decimal number", parseDecimal)
        }
        guard let entry else { return nil }
        return Batch(entry: entry, approvals: approvals)
    }
}
