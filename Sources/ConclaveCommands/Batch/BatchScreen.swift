// SPDX-License-Identifier: Apache-2.0
import Ceremony
import CeremonyRunner
import Documents
import Issuance
import SSHCrypto
import SSHFormats

/// How batches and counts are shown.
enum BatchScreen {
    /// Shows a fresh draft and what to do next.
    static func showDraft(_ outcome: BatchDrafting.Outcome, home: String) throws {
        let manifest = outcome.draft.manifest
        for left in outcome.draft.leftOut {
            Screen.line("left out:    request \(left.request.id.hex.prefix(16))")
            for line in Failure.lines(left.violations) { Screen.line("  \(line)") }
        }
        Screen.line(
            "batch \(manifest.header.number) is frozen: "
                + counted(manifest.items.count, "item"))
        list(manifest)
        Screen.line("batch ID:    \(manifest.id.hex)")
        Screen.line("expires:     \(manifest.header.expires.text)")
        Screen.line("manifest:    \(outcome.path)")
        Screen.line("")
        Screen.line("Officers read the manifest and approve it:")
        Screen.line("  conclave approve --home \(home) \(manifest.header.number) --key KEY")
        Screen.line(
            "  or: ssh-keygen -Y sign -f KEY -n \(BatchManifest.namespace) \(outcome.path)")
    }

    /// Shows which CA keys a batch takes, where an authority has more than one, and where they are.
    static func showKeys(of manifest: BatchManifest, in home: Home) {
        let state = home.state
        var shown: Set<PublicKey> = []
        for case .issue(let item) in manifest.items {
            let key = item.fields.signatureKey
            let others = state.authorityKeys(item.authority).filter { $0 != key }
            guard !others.isEmpty, shown.insert(key).inserted,
                let entry = state.genesis.keys.first(where: { $0.publicKey == key })
            else { continue }
            Screen.line(
                "CA key:      \(item.authority) signs with \(key.fingerprint), \(entry.token)")
            for other in others where state.setAside.contains(other) {
                Screen.line(
                    "             \(other.fingerprint) is set aside: its last ceremony was abandoned"
                )
            }
        }
    }

    /// Lists the items of a batch, a line each.
    static func list(_ manifest: BatchManifest) {
        for (place, item) in manifest.items.enumerated() {
            Screen.line("  \(place + 1). [\(item.riskClass)] \(item.summary)")
        }
    }

    /// Shows a manifest, after its bytes were rebuilt and compared.
    static func show(_ manifest: BatchManifest) throws {
        let header = manifest.header
        Screen.line("batch        \(header.number), \(manifest.id.hex)")
        Screen.line("home         \(header.genesis.hex)")
        Screen.line("drafted      \(header.created.text) by \(header.tool)")
        Screen.line("expires      \(header.expires.text)")
        var rebuilt = 0
        for (place, item) in manifest.items.enumerated() {
            Screen.line("item \(place + 1)       [\(item.riskClass)] \(item.summary)")
            switch item {
            case .issue(let issue):
                _ = try issue.rebuild()
                rebuilt += 1
                show(issue)
            case .revoke(let revoke): Screen.line("  reason     \(revoke.reason)")
            case .revocationList(let list): Screen.line("  sha256     \(list.digest.hex)")
            case .abandon(let abandoned):
                Screen.line("  manifest   \(abandoned.manifest.hex)")
                Screen.line("  reason     \(abandoned.reason)")
            case .newEpoch(let epoch):
                Screen.line("  next       serial \(epoch.nextSerial)")
                for anchor in epoch.anchors {
                    Screen.line(
                        "  gives up   the checkpoint of \(anchor.size) entries, root \(anchor.root.hex)"
                    )
                }
                Screen.line("  reason     \(epoch.reason)")
            }
        }
        Screen.line("rebuilt      \(rebuilt) certificates from this text alone; every digest fits")
    }

    private static func show(_ item: IssueItem) {
        let fields = item.fields
        if let requester = item.requester { Screen.line("  requester  \(requester)") }
        Screen.line("  key ID     \(fields.keyID)")
        Screen.line(
            "  key        \(fields.publicKey.fingerprint) (\(fields.publicKey.kind.shortName))")
        Screen.line("  CA key     \(fields.signatureKey.fingerprint)")
        Screen.line("  principals \(fields.validPrincipals.joined(separator: ", "))")
        Screen.line(
            "  valid      \(UnixTime(seconds: fields.validAfter).text) to "
                + UnixTime(seconds: fields.validBefore).text)
        let options = fields.criticalOptions.map(\.text) + fields.extensions.map(\.rawValue)
        if !options.isEmpty { Screen.line("  options    \(options.joined(separator: " "))") }
        Screen.line("  tbs-sha256 \(item.toBeSigned.hex)")
    }

    /// Shows the count of a batch's approvals, item by item where something is missing.
    static func show(_ quorum: QuorumDecision, approvals: [Approval]) {
        let names = approvals.map { "\($0.officer) (\($0.key.fingerprint))" }
        Screen.line("approvals    \(names.isEmpty ? "none" : names.joined(separator: ", "))")
        let missing = quorum.violations
        if missing.isEmpty {
            Screen.line("quorum       reached for every item")
        } else {
            let reached = quorum.items.count { $0.isReached }
            Screen.line(
                "quorum       reached for \(reached) of " + counted(quorum.items.count, "item"))
            for violation in missing { Screen.line("  \(violation)") }
        }
        Screen.line("enforcement  \(Tool.tierMeaning)")
    }
}
