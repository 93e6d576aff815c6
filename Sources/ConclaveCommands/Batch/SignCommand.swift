// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ceremony
import CeremonyRunner
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats
import Token

/// Runs the ceremony of an approved batch.
struct SignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Run the ceremony of an approved batch; the same command resumes it.",
        discussion: """
            conclave sign --home ca 1 --module /usr/lib/softhsm/libsofthsm2.so \\
              --outbox /media/out --seal-with ~/.ssh/id_ed25519
            Refused without quorum. Interrupted anywhere, the same command goes on where it stopped.
            A batch that needs no CA key, since it revokes, abandons or begins an epoch, needs no --module; nor does a
            CA key in a PIV card that the genesis names as piv:serial=….
            """)

    @OptionGroup var home: HomeOptions
    @OptionGroup var pin: PINOptions

    @Argument(help: "The batch's number, or the beginning of its ID.")
    var batch: String

    @OptionGroup var modules: ModuleOptions
    @OptionGroup var managementKey: ManagementKeyOptions

    @Flag(
        help: ArgumentHelp(
            "Have each PIV card keep the ledger's checkpoint, which takes its management key; "
                + "--management-key-fd says so too."))
    var anchorOnCard = false

    @Option(
        help: ArgumentHelp(
            "Of the tokens that hold the same CA key, the one to use; otherwise the first that is there.",
            valueName: "uri"))
    var token: [String] = []

    @Option(help: ArgumentHelp("Where the bundle goes.", valueName: "dir"))
    var outbox: String

    @Option(
        help: ArgumentHelp(
            "A key of an officer or witness who is there and signs the bundle; once for each.",
            valueName: "file"))
    var sealWith: [String]

    @Option(
        help: ArgumentHelp(
            "The library through which OpenSSH reaches FIDO keys.", valueName: "path"))
    var skProvider: String?

    func run() async throws {
        try await home.change("sign", outbox: outbox, passing: .givenUp(batch: batch)) { home in
            let found = try home.batch(named: batch)
            let id = found.manifest.id
            // What is past is handed out too, where its bundle is not there.
            try home.recall(found)
            // So is the ceremony that it abandons; the one that abandoned it is named in the refusal.
            for other in [found.abandonment?.manifest, found.closed?.record.abandonment?.by] {
                if let other, home.state.batch(other) == nil,
                    let batch = try home.batch(number: home.outline(of: other).number)
                {
                    try home.recall(batch)
                }
            }
            let release = BundleRelease(home: home, outbox: outbox)
            let sealers = try sealWith.map { path in
                try Sealer(key: path, securityKeyProvider: skProvider)
            }
            Screen.line("batch       \(found.number), \(id.hex)")
            Screen.line("enforcement \(Tool.tierMeaning)")
            // What is abandoned is handed out too, and first.
            let abandoned = found.abandonment.flatMap { home.state.batch($0.manifest) }
            let ended = [abandoned, found].compactMap { $0 }
            if found.closed != nil, try !release.isReleased(found) {
                Screen.line("the ceremony ended before; its bundle is written now")
                try release.check(sealers, for: found)
            } else {
                try await carryOut(found, home: home) {
                    for batch in ended { try release.check(sealers, for: batch) }
                }
            }
            for batch in ended {
                guard let batch = home.state.batch(batch.manifest.id),
                    try !release.isReleased(batch)
                else { continue }
                var progress = Progress("bundle files", after: 0)
                let path = try await release.release(batch, sealers: sealers) { done, total in
                    if total > 1000 { progress.show(done, of: total) }
                }
                Screen.line("bundle      \(path)")
            }
            guard let closed = home.state.batch(id) else { return }
            let checkpoint = try CheckpointFile.checkpoint(
                of: home, size: (closed.closed?.entry ?? 0) + 1)
            Screen.line("ledger      \(checkpoint.size) entries, root \(checkpoint.root.hex)")
        }
    }

    private func carryOut(
        _ batch: BatchState, home: Home, check: () throws -> Void
    ) async throws {
        try home.recall(keyIDsOf: batch.manifest.revocations)
        let approved: ApprovedBatch
        do throws(Violations) {
            approved = try home.state.approve(batch.manifest.id, at: home.now())
        } catch {
            throw RunnerError.refused(subject: "batch \(batch.number)", error.all)
        }
        try check()
        if approved.isResumed {
            Screen.line(
                "resumed     \(batch.issued.count) certificates were recorded before")
        } else {
            let names = batch.approvals.map(\.approval.officer)
            Screen.line("approved by \(names.joined(separator: ", "))")
        }
        let preferred = try token.map { text throws(TokenError) in try TokenURI(text: text) }
        let devices = try await CeremonyTokens(
            directory: modules.directory, pin: pin,
            managementKey: anchorOnCard || managementKey.managementKeyFD != nil
                ? managementKey : nil,
            preferred: preferred
        ).devices(for: approved.signatureKeys, home: home)
        let anchors = await TokenAnchors(home: home, tokens: devices.values.map(\.token))
        do {
            try await anchors.require { Screen.note($0) }
        } catch {
            for device in devices.values { await device.token.close() }
            throw error
        }
        var progress = Progress("certificates", after: batch.issued.count)
        let started = monotonicSeconds()
        var failure: (any Error)?
        do {
            try await Signing(home: home, devices: devices).run(approved) { done, total in
                progress.show(done, of: total)
            }
            try await anchors.keep { Screen.line("anchor      \($0)") }
        } catch {
            failure = error
        }
        for device in devices.values { await device.token.close() }
        if let failure {
            Screen.note("the ceremony stopped; what is recorded stays, the same command goes on")
            if failure is TokenError {
                Screen.note(
                    "if the token is lost for good: conclave batch abandon \(batch.number) --reason TEXT"
                )
            }
            throw failure
        }
        let seconds = monotonicSeconds() - started
        let count = home.state.batch(batch.manifest.id)?.issued.count ?? 0
        guard count > 0 else {
            for line in Self.outcome(of: batch.manifest) { Screen.line(line) }
            return
        }
        Screen.line(
            "signed      \(counted(count, "certificate")), each verified and recorded, in "
                + "\((seconds * 10).rounded() / 10) s")
    }

    /// What a batch did that issues no certificate.
    private static func outcome(of manifest: BatchManifest) -> [String] {
        if let item = manifest.abandonment {
            return [
                "abandoned   batch \(item.number), with "
                    + "\(counted(Int(clamping: item.issued), "certificate")) issued"
            ]
        }
        let epochs = manifest.newEpochs.map {
            "epoch       \($0.epoch) of \($0.authority), next serial \($0.nextSerial)"
        }
        return epochs.isEmpty
            ? ["signed      no certificate: this batch revokes, and releases a list"] : epochs
    }
}
