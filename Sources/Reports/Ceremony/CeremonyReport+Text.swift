// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import SSHCrypto
import SSHFormats

extension CeremonyReport {
    /// The report as a text for people, in lines ended by LF.
    public var text: String {
        var page = ReportPage()
        page.line("Report of the ceremony of batch \(batch.number)")
        page.line()
        writeHead(to: &page)
        page.heading("Approved by")
        for approval in approvals {
            page.field(
                "  \(ShownText.plain(approval.officer)),",
                "\(approval.key.fingerprint), ledger entry \(approval.accepted.entry), "
                    + approval.accepted.time.text, column: 0)
        }
        page.heading("Tokens")
        if tokens.isEmpty { page.line("  none: no certificate was to be signed") }
        for token in tokens { write(token, to: &page) }
        page.heading("Exceptions")
        if exceptions.isEmpty {
            page.line("  none from the drafting of the batch to the end of its ceremony")
        }
        for exception in exceptions {
            page.field(
                "  \(exception.recorded.time.text), ledger entry \(exception.recorded.entry),",
                "\(exception.rule): \(exception.message)", column: 0)
        }
        page.heading("Items")
        for item in items { write(item, to: &page) }
        page.heading("Checkpoint, as the QR code of report.html holds it")
        for line in checkpoint.text.split(separator: "\n") { page.line("  \(line)") }
        writeSignatures(to: &page)
        return page.text
    }

    private func writeHead(to page: inout ReportPage) {
        page.field("home", home.hex)
        page.words(PGPWords.encode(home.bytes), name: "  words")
        page.field("founded", founded.text)
        page.field("batch", batch.id.hex)
        page.words(PGPWords.encode(batch.id.bytes), name: "  words")
        page.field("policy", batch.policy.hex)
        page.field("roster", batch.roster.hex)
        page.field("drafted", Self.text(batch.drafted))
        page.field("opened", Self.text(course.opened))
        page.field(abandonment == nil ? "closed" : "abandoned", Self.text(course.closed))
        if let abandonment {
            page.field(
                "decided by", "batch \(abandonment.batch), \(abandonment.manifest.hex)")
            page.field("reason", abandonment.reason)
        }
        page.field("issued", issued)
        if let abandonment {
            page.field("given up", abandonment.serials.joined(separator: ", "))
        }
        page.field("checkpoint", "\(checkpoint.size) entries, root \(checkpoint.root.hex)")
        page.words(PGPWords.encode(checkpoint.root.bytes), name: "  words")
        page.field("enforcement", course.enforcement)
        page.field("program", course.program)
        page.line()
        page.line(Self.wordsExplained)
    }

    private func write(_ token: Token, to page: inout ReportPage) {
        page.field(
            "  \(token.key.fingerprint) (\(token.key.kind)) of", token.authority, column: 0)
        page.words(PGPWords.encode(token.key.digest.bytes), margin: 4, column: 10)
        page.field("token", token.uri, margin: 4, column: 10)
        page.field("module", token.module, margin: 4, column: 10)
        page.field("claims", token.claims, margin: 4, column: 10)
        if let firmware = token.firmware {
            page.field("firmware", "\(firmware), as the token says", margin: 4, column: 10)
        }
        for line in token.attestationLines { page.line("    " + ShownText.plain(line)) }
        for advisory in token.advisories { page.field("advisory", advisory, margin: 4, column: 10) }
        if token.joined != course.opened {
            page.line(
                "    took over with ledger entry \(token.joined.entry), "
                    + token.joined.time.text)
        }
    }

    private func write(_ item: Item, to page: inout ReportPage) {
        page.field("  \(item.number).", item.summary, column: 0)
        func field(_ name: String, _ value: String) {
            page.field(name, value, margin: 5, column: 10)
        }
        if let certificate = item.certificate {
            for detail in certificate.details { field(detail.name, detail.value) }
            if let admitted = certificate.admitted { field("admitted", Self.text(admitted)) }
        }
        if let reason = item.reason { field("reason", reason) }
        field(item.subject.name, item.digest.hex)
        page.words(item.words, margin: 5, column: 10)
        field(
            "class",
            "\(item.count.riskClass), \(counted(item.count.needed, "approval")) needed: "
                + item.count.counted.joined(separator: ", "))
        for exclusion in item.count.excluded {
            page.field("not counted:", "\(exclusion.officer), \(exclusion.reason)", margin: 5)
        }
        page.line("     \(item.outcome)")
    }

    private func writeSignatures(to page: inout ReportPage) {
        page.heading("Signatures by hand: date, place, signature")
        let width = signatories.map(\.title.count).max() ?? 0
        for signatory in signatories {
            page.line()
            page.field(
                "  \(signatory.title)",
                "______________  ______________________  ______________________________",
                column: width + 4)
        }
    }

    private static func text(_ moment: Moment) -> String {
        "\(moment.time.text), ledger entry \(moment.entry)"
    }
}
