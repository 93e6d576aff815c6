// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import SSHCrypto

extension CeremonyReport {
    /// The report as one HTML page that refers to nothing outside itself and brings no script.
    ///
    /// It is made to be printed on A4: no item is cut by a page break, heads of tables come again on
    /// each page, and there is room for signatures by hand.
    public var html: String {
        let title = "Ceremony of batch \(batch.number)"
        var page = ReportHTML()
        page.open("main")
        page.add("<h1>\(title)</h1>")
        addSummary(to: &page)
        addCheckpoint(to: &page)
        addApprovals(to: &page)
        addTokens(to: &page)
        addExceptions(to: &page)
        addItems(to: &page)
        addSignatures(to: &page)
        page.close("main")
        let style = ReportStyle(
            footer: "Conclave report, batch \(batch.number), home \(home.hex.prefix(16))")
        return style.document(title: title, body: page.text)
    }

    private func addSummary(to page: inout ReportHTML) {
        page.section("summary", "Summary") { page in
            page.definitions { page in
                if let abandonment {
                    page.define(
                        "Abandoned", "by batch \(abandonment.batch): \(abandonment.reason)",
                        marked: true)
                    page.define("Given up", abandonment.serials.joined(separator: ", "))
                    page.define("Decision", digest: abandonment.manifest)
                }
                page.define("Issued", "\(issued); \(counted(items.count, "item"))")
                page.define("Enforcement", course.enforcement)
                page.define("Opened", course.opened)
                page.define(abandonment == nil ? "Closed" : "Ended", course.closed)
                page.define("Drafted", batch.drafted)
                page.define("Program", course.program)
                page.define("Home", digest: home)
                page.define("its words", words: PGPWords.encode(home.bytes))
                page.define("Founded", founded.text)
                page.define("Batch", digest: batch.id)
                page.define("its words", words: PGPWords.encode(batch.id.bytes))
                page.define("Policy", digest: batch.policy)
                page.define("Roster", digest: batch.roster)
            }
            page.paragraph(Self.wordsExplained)
        }
    }

    private func addCheckpoint(to page: inout ReportHTML) {
        page.section("checkpoint", "Checkpoint at the end of the ceremony") { page in
            page.open("div class=\"checkpoint\"")
            if let code = QRCode(checkpoint.bytes, correction: .quartile) {
                page.add(
                    code.svg(
                        title: "QR code of the checkpoint text beside it", identifier: "qr"))
            }
            page.open("div")
            let lines = checkpoint.text.split(separator: "\n").map { HTMLText.escaped(String($0)) }
            page.add("<pre>\(lines.joined(separator: "\n"))</pre>")
            page.definitions { page in
                page.define("Entries", String(checkpoint.size))
                page.define("Root", digest: checkpoint.root)
                page.define("its words", words: PGPWords.encode(checkpoint.root.bytes))
            }
            page.close("div")
            page.close("div")
        }
    }

    private func addApprovals(to page: inout ReportHTML) {
        page.section("approvals", "Approvals") { page in
            page.table(["Officer", "Key", "Accepted", "Entry"]) { page in
                page.open("tbody")
                for approval in approvals {
                    page.row([
                        .head(approval.officer),
                        .code("\(approval.key.fingerprint) (\(approval.key.kind))"),
                        .time(approval.accepted.time),
                        .text(String(approval.accepted.entry)),
                    ])
                }
                page.close("tbody")
            }
        }
    }

    private func addTokens(to page: inout ReportHTML) {
        page.section("tokens", "Tokens and CA keys") { page in
            if tokens.isEmpty { page.paragraph("None: no certificate was to be signed.") }
            for token in tokens {
                page.open("article")
                page.add("<h3>\(HTMLText.escaped(token.authority))</h3>")
                page.definitions { page in
                    page.define("CA key", code: "\(token.key.fingerprint) (\(token.key.kind))")
                    page.define("its words", words: PGPWords.encode(token.key.digest.bytes))
                    page.define("Token", code: token.uri)
                    page.define("Module", code: token.module)
                    page.define("Its claims", token.claims)
                    if let firmware = token.firmware {
                        page.define("Firmware", "\(firmware), as the token says")
                    }
                    page.define(
                        "Evidence", token.attestationLines,
                        marked: token.attestation.map { !$0.isVerified } ?? false)
                    if !token.advisories.isEmpty {
                        page.define("Advisories", token.advisories, marked: true)
                    }
                    page.define(
                        token.joined == course.opened ? "Took part" : "Took over", token.joined)
                }
                page.close("article")
            }
        }
    }

    private func addExceptions(to page: inout ReportHTML) {
        page.section("exceptions", "Exceptions") { page in
            guard !exceptions.isEmpty else {
                page.paragraph("None from the drafting of the batch to the end of its ceremony.")
                return
            }
            page.table(["Rule", "What was confirmed", "Time", "Entry"]) { page in
                page.open("tbody")
                for exception in exceptions {
                    page.row([
                        .head(exception.rule), .text(exception.message),
                        .time(exception.recorded.time),
                        .text(String(exception.recorded.entry)),
                    ])
                }
                page.close("tbody")
            }
        }
    }

    private func addSignatures(to page: inout ReportHTML) {
        page.section("signatures", "Signatures by hand") { page in
            page.paragraph(
                "I was there, and what this report says of the ceremony is what I saw.")
            page.table(["Role", "Name", "Date", "Place", "Signature"]) { page in
                page.open("tbody class=\"blanks\"")
                for signatory in signatories {
                    page.row([
                        .head(signatory.role), .text(signatory.name ?? ""), .text(""), .text(""),
                        .text(""),
                    ])
                }
                page.close("tbody")
            }
        }
    }
}

// MARK: - The items

extension CeremonyReport {
    private func addItems(to page: inout ReportHTML) {
        page.section("items", "Items") { page in
            page.table(["No.", "Item", "Class and approvals", "Outcome"], isLong: true) { page in
                for item in items { add(item, to: &page) }
            }
        }
    }

    /// Two rows: what people look at first, and the rest over the whole width.
    private func add(_ item: Item, to page: inout ReportHTML) {
        page.open("tbody")
        var count = [
            "\(item.count.riskClass), \(item.count.needed) needed: "
                + item.count.counted.joined(separator: ", ")
        ]
        for exclusion in item.count.excluded {
            count.append("not counted: \(exclusion.officer), \(exclusion.reason)")
        }
        page.row([
            .head(String(item.number)), .text(item.summary), .lines(count),
            item.done.map { .outcome(item.deed, $0) } ?? .marked(item.outcome),
        ])
        page.open("tr class=\"more\"")
        page.open("td colspan=\"4\"")
        page.definitions { page in
            for detail in item.certificate?.details ?? [] where !detail.isCode {
                page.define(detail.name, detail.value)
            }
            if let admitted = item.certificate?.admitted { page.define("admitted", admitted) }
            for detail in item.certificate?.details ?? [] where detail.isCode {
                page.define(detail.name, code: detail.value)
            }
            if let reason = item.reason { page.define("reason", reason) }
            page.define(item.subject.name, digest: item.digest)
            page.define("its words", words: item.words)
        }
        page.close("td")
        page.close("tr")
        page.close("tbody")
    }
}
