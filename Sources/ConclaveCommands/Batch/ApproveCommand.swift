// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ceremony
import CeremonyRunner
import Issuance
import SSHCrypto
import SSHFormats

/// An officer approves a batch.
struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approve a batch as an officer, or take an approval that was made elsewhere.",
        discussion: """
            conclave approve --home ca 1 --key ~/.ssh/id_ed25519
            conclave approve --home ca 1 --key ~/.ssh/id_ed25519_sk --sk-provider internal
            conclave approve --home ca 1 --module PATH --token pkcs11:token=olivia --token-key olivia.pub
            conclave approve --home ca 1 --token piv:serial=12345678 --token-key olivia.pub
            conclave approve --home ca 1 --signature 0001.batch.sig
            """)

    @OptionGroup var home: HomeOptions
    @OptionGroup var officer: OfficerKeyOptions
    @OptionGroup var token: OfficerTokenOptions

    @Argument(help: "The batch's number, or the beginning of its ID.")
    var batch: String

    @Option(
        help: ArgumentHelp(
            "A signature over the manifest, made elsewhere.", valueName: "file"))
    var signature: String?

    mutating func validate() throws {
        let given = [officer.key, signature, token.tokenKey].count { $0 != nil }
        guard given == 1 else {
            throw ValidationError("give one of --key, --signature, or --token-key with its token")
        }
    }

    func run() async throws {
        try await home.change("approve", passing: .givenUp(batch: batch)) { home in
            let batch = try home.batch(named: batch)
            let manifest = batch.manifest
            let armored: [UInt8]
            if let signature {
                armored = try InputFile.read(signature, limit: 65_536)
            } else {
                Screen.line("batch \(manifest.header.number), \(manifest.id.hex)")
                BatchScreen.list(manifest)
                armored = try await sign(manifest)
            }
            let result = try ApprovalGathering(home: home).approve(batch, signature: armored)
            Screen.line("approved by \(result.approval.officer)")
            let all = home.state.batch(manifest.id)?.approvals.map(\.approval) ?? []
            BatchScreen.show(result.quorum, approvals: all)
        }
    }

    private func sign(_ manifest: BatchManifest) async throws -> [UInt8] {
        if let signer = officer.signer {
            return try await signer.sign(manifest.text, namespace: BatchManifest.namespace)
        }
        return try await token.sign(manifest.text, namespace: BatchManifest.namespace)
    }
}
