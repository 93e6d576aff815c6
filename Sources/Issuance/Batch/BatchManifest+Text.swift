// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHCrypto
import SSHFormats

extension BatchManifest.Header {
    func write(to writer: inout DocumentWriter) {
        writer.field("genesis", genesis.hex)
        writer.field("batch", String(number))
        writer.field("ledger-size", String(ledgerSize))
        writer.field("ledger-root", ledgerRoot.hex)
        writer.field("governing-head", governingHead.hex)
        writer.field("roster", roster.hex)
        writer.field("policy", policy.hex)
        writer.field("created", created.text)
        writer.field("expires", expires.text)
        writer.field("tool", tool)
    }

    /// Reads a header.
    init(_ block: Block, _ reading: inout ManifestReading) throws(Violations) {
        var reader = BlockReader(block)
        let genesis = reader.digest("genesis")
        let number = reader.number("batch")
        let ledgerSize = reader.number("ledger-size")
        let ledgerRoot = reader.digest("ledger-root")
        let governingHead = reader.digest("governing-head")
        let roster = reader.digest("roster")
        let policy = reader.digest("policy")
        let created = reader.time("created")
        let expires = reader.time("expires")
        let tool = reader.required("tool")?.value
        if let created, let expires, expires <= created {
            reader.report(
                Violation(.batchText, line: block.line, "the batch expires before it is created"))
        }
        reading.isCanonical = reading.isCanonical && reader.isInOrder
        let violations = reader.finish()
        guard violations.isEmpty, let genesis, let number, let ledgerSize, let ledgerRoot,
            let governingHead, let roster, let policy, let created, let expires, let tool
        else { throw Violations(violations) }
        self.init(
            genesis: genesis, number: number, ledgerSize: ledgerSize, ledgerRoot: ledgerRoot,
            governingHead: governingHead, roster: roster, policy: policy, created: created,
            expires: expires, tool: tool)
    }
}

extension BatchItem {
    private static let kinds: Set<String> = ["issue", "revoke", "krl", "abandon", "new-epoch"]

    func write(to writer: inout DocumentWriter, number: Int) {
        writer.field("item", String(number))
        switch self {
        case .issue(let item):
            writer.field("kind", "issue")
            item.write(to: &writer)
        case .revoke(let item):
            writer.field("kind", "revoke")
            writer.field("authority", item.authority)
            writer.field("class", item.riskClass)
            writer.field("target", item.target.text)
            writer.field("reason", item.reason)
        case .abandon(let item):
            writer.field("kind", "abandon")
            item.write(to: &writer)
        case .newEpoch(let item):
            writer.field("kind", "new-epoch")
            item.write(to: &writer)
        case .revocationList(let item):
            writer.field("kind", "krl")
            writer.field("class", item.riskClass)
            writer.field("version", String(item.version))
            writer.field("sha256", item.digest.hex)
            for line in item.bytes.chunks(of: RevocationListItem.bytesPerLine) {
                writer.field("data", Base64.encode(line))
            }
        }
    }

    /// Reads an item.
    init(_ block: Block, number: Int, _ reading: inout ManifestReading) throws(Violations) {
        var reader = BlockReader(block)
        if let given = reader.number("item"), given != UInt64(number) {
            reader.report(
                Violation(.batchText, line: block.line, "item \(given) stands in place \(number)"))
        }
        let kindField = reader.required("kind")
        let item: BatchItem? =
            switch kindField?.value {
            case "issue": IssueItem.read(&reader, &reading).map { .issue($0) }
            case "revoke": RevokeItem.read(&reader).map { .revoke($0) }
            case "krl": RevocationListItem.read(&reader).map { .revocationList($0) }
            case "abandon": AbandonItem.read(&reader).map { .abandon($0) }
            case "new-epoch": NewEpochItem.read(&reader).map { .newEpoch($0) }
            default: nil
            }
        guard let item else {
            if let kindField, !Self.kinds.contains(kindField.value) {
                throw Violations([
                    Violation(
                        .batchText, line: kindField.line,
                        "kind \"\(kindField.value)\" is not issue, revoke, krl, abandon or "
                            + "new-epoch")
                ])
            }
            throw Violations(reader.finish())
        }
        let violations = reader.finish()
        guard violations.isEmpty else { throw Violations(violations) }
        if case .issue = item {} else { reading.isCanonical = false }
        self = item
    }
}

extension IssueItem {
    func write(to writer: inout DocumentWriter) {
        writer.field("authority", authority)
        writer.field("profile", profile)
        writer.field("class", riskClass)
        writer.field("request", request.hex)
        if let requester { writer.field("requester", requester) }
        writer.field("type", fields.kind.name)
        writer.field("ca-key", fields.signatureKey.line)
        writer.field("public-key", fields.publicKey.line)
        writer.field("nonce", Hex.encode(fields.nonce))
        writer.field("serial", String(fields.serial))
        writer.field("key-id", fields.keyID)
        for principal in fields.validPrincipals { writer.field("principal", principal) }
        writer.field("valid-after", UnixTime(seconds: fields.validAfter).text)
        writer.field("valid-before", UnixTime(seconds: fields.validBefore).text)
        for option in fields.criticalOptions { writer.field("critical-option", option.text) }
        for permission in fields.extensions { writer.field("extension", permission.rawValue) }
        writer.field("tbs-sha256", toBeSigned.hex)
    }

    /// Reads an item.
    ///
    /// Each value has one form, and so has the item where its fields are in order; of keys that is
    /// so without a comment, and options are written again.
    static func read(
        _ reader: inout BlockReader, _ reading: inout ManifestReading
    ) -> IssueItem? {
        let authority = reader.required("authority")?.value
        let profile = reader.required("profile")?.value
        let riskClass = reader.required("class")?.value
        let request = reader.digest("request")
        let requester = reader.optional("requester")?.value
        let kind = reader.value(reader.required("type"), expected: "user or host") {
            CertificateKind(name: $0)
        }
        let signatureKey = reading.signatureKey(&reader)
        let publicKey = reader.keyLine(reader.required("public-key"))
        let nonce = reader.value(reader.required("nonce"), expected: "64 hex digits") {
            Hex.decode($0).flatMap { $0.count == 32 ? $0 : nil }
        }
        let serial = reader.number("serial")
        let keyID = reader.required("key-id")?.value
        let principals = reader.repeated("principal").map(\.value)
        let validAfter = reader.time("valid-after")
        let validBefore = reader.time("valid-before")
        let optionFields = reader.repeated("critical-option")
        let options = optionFields.compactMap { field in
            reader.value(field, expected: "a critical option") { text -> CriticalOption? in
                do throws(FormatError) {
                    return try CriticalOption(text: text)
                } catch {
                    return nil
                }
            }
        }
        let extensions = reader.repeated("extension").compactMap { field in
            reader.value(field, expected: "an extension") { CertificateExtension(rawValue: $0) }
        }
        let toBeSigned = reader.digest("tbs-sha256")
        guard let authority, let profile, let riskClass, let request, let kind, let signatureKey,
            let publicKey, let nonce, let serial, let keyID, let validAfter, let validBefore,
            let toBeSigned
        else { return nil }
        reading.isCanonical =
            reading.isCanonical && reader.isInOrder && !signatureKey.hasComment
            && !publicKey.hasComment
            && optionFields.map(\.value) == options.map(\.text)
        let fields = CertificateFields(
            nonce: nonce, publicKey: publicKey.key, serial: serial, kind: kind, keyID: keyID,
            validPrincipals: principals, validAfter: validAfter.seconds,
            validBefore: validBefore.seconds, criticalOptions: options, extensions: extensions,
            signatureKey: signatureKey.key)
        return IssueItem(
            authority: authority, profile: profile, riskClass: riskClass, request: request,
            requester: requester, fields: fields, toBeSigned: toBeSigned)
    }
}

extension RevokeItem {
    static func read(_ reader: inout BlockReader) -> RevokeItem? {
        let authority = reader.required("authority")?.value
        let riskClass = reader.required("class")?.value
        let target = reader.value(
            reader.required("target"), expected: "serial N, serials N-M, key-id ID or key KEY"
        ) { Target(text: $0) }
        let reason = reader.required("reason")?.value
        guard let authority, let riskClass, let target, let reason else { return nil }
        return RevokeItem(
            authority: authority, target: target, riskClass: riskClass, reason: reason)
    }
}

extension RevocationListItem {
    /// How many bytes of the list stand on one `data` line.
    static let bytesPerLine = 48

    static func read(_ reader: inout BlockReader) -> RevocationListItem? {
        let riskClass = reader.required("class")?.value
        let version = reader.number("version")
        let digest = reader.digest("sha256")
        var bytes: [UInt8] = []
        for field in reader.repeated("data") {
            bytes += reader.value(field, expected: "Base64") { Base64.decode($0) } ?? []
        }
        guard let riskClass, let version, let digest else { return nil }
        guard SHA256Digest(hashing: bytes) == digest else {
            reader.report(
                Violation(.batchText, "the revocation list does not have the SHA-256 \(digest.hex)")
            )
            return nil
        }
        if let fault = fault(in: bytes, version: version) {
            reader.report(Violation(.batchText, "the revocation list \(fault)"))
            return nil
        }
        return RevocationListItem(version: version, riskClass: riskClass, bytes: bytes)
    }

    /// Why these bytes are not the list of this version, or nil where they are.
    private static func fault(in bytes: [UInt8], version: UInt64) -> String? {
        do throws(FormatError) {
            let list = try RevocationList(parsing: bytes)
            guard list.version == version else {
                return "has version \(list.version), the item says \(version)"
            }
            return nil
        } catch {
            return "cannot be read: \(error)"
        }
    }
}

extension Collection<UInt8> {
    /// The collection in parts of at most `size`.
    func chunks(of size: Int) -> [SubSequence] {
        var parts: [SubSequence] = []
        var rest = self[...]
        while !rest.isEmpty {
            parts.append(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        return parts
    }
}
