// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats

/// A manifest told to a person, item by item.
struct BatchDescription {
    /// The lines.
    private(set) var lines: [String] = []

    /// Describes a manifest.
    init(_ batch: ManifestedBatch) {
        let header = batch.manifest.header
        lines.append("batch \(header.number), SHA-256 \(batch.manifest.id.hex)")
        line("home", header.genesis.hex)
        line("drafted", "\(header.created.text) by \(header.tool)")
        line("expires", header.expires.text)
        line("on ledger", "\(header.ledgerSize) entries, root \(header.ledgerRoot.hex)")
        line("policy", header.policy.hex)
        line("roster", header.roster.hex)
        for (index, item) in batch.manifest.items.enumerated() {
            lines.append("")
            lines.append("item \(index + 1), class \(shownText(item.riskClass))")
            switch item {
            case .issue(let issue):
                describe(issue, isRebuilt: batch.toBeSigned[UInt64(index) + 1] != nil)
            case .revoke(let revoke):
                line("revokes", "\(revoke.target.text) of \(revoke.authority)")
                line("reason", quoted(revoke.reason, limit: 1_000))
            case .revocationList(let list): describe(list)
            case .abandon(let abandoned): describe(abandoned)
            case .newEpoch(let begun): describe(begun)
            }
        }
    }

    private mutating func line(_ name: String, _ value: String) {
        let space = String(repeating: " ", count: max(1, 18 - name.utf8.count))
        lines.append("  " + name + space + shownText(value))
    }

    private mutating func describe(_ item: IssueItem, isRebuilt: Bool) {
        let fields = item.fields
        line("certifies", "a \(fields.kind.name), by \(item.authority), profile \(item.profile)")
        if let requester = item.requester { line("requester", quoted(requester, limit: 1_000)) }
        line("request", item.request.hex)
        line("key", "\(fields.publicKey.fingerprint) (\(fields.publicKey.kind.shortName))")
        line("CA key", "\(fields.signatureKey.fingerprint) (\(fields.signatureKey.kind.shortName))")
        line("serial", String(fields.serial))
        line("key ID", quoted(fields.keyID, limit: 1_000))
        for principal in fields.validPrincipals { line("principal", quoted(principal, limit: 256)) }
        line("valid from", UnixTime(seconds: fields.validAfter).text)
        line("valid until", UnixTime(seconds: fields.validBefore).text)
        for option in fields.criticalOptions {
            line("critical option", quoted(option.text, limit: 8_192))
        }
        for permission in fields.extensions { line("extension", permission.rawValue) }
        line(
            "to be signed",
            "SHA-256 \(item.toBeSigned.hex), " + (isRebuilt ? "rebuilt" : "NOT REBUILT"))
    }

    private mutating func describe(_ item: AbandonItem) {
        line("abandons", "the ceremony of batch \(item.number), SHA-256 \(item.manifest.hex)")
        line("issued", String(item.issued))
        for serials in item.abandoned { line("gives up", serials.text) }
        line("reason", quoted(item.reason, limit: 1_000))
    }

    private mutating func describe(_ item: NewEpochItem) {
        line("begins", "epoch \(item.epoch) of \(item.authority), with serial \(item.nextSerial)")
        for serials in item.givenUp { line("gives up", serials.text) }
        for anchor in item.anchors {
            line("gives up", "the checkpoint of \(anchor.size) entries, root \(anchor.root.hex)")
        }
        line("reason", quoted(item.reason, limit: 1_000))
    }

    private mutating func describe(_ item: RevocationListItem) {
        line("publishes", "revocation list version \(item.version), SHA-256 \(item.digest.hex)")
        do throws(FormatError) {
            let list = try RevocationList(parsing: item.bytes)
            line("", RevocationSummary(list).text)
        } catch {
            line("", "it cannot be read: \(error)")
        }
    }
}
