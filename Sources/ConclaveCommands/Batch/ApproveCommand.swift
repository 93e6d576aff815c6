// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ceremony
import CeremonyRunner
import Issuance
import PKCS11Token
import SSHCrypto
import SSHFormats
import Token

/// An officer approves a batch.
struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approve a batch as an officer, or take an approval that was made elsewhere.",
        discussion: """
            conclave approve --home ca 1 --key ~/.ssh/id_ed25519
            conclave approve --home ca 1 --key ~/.ssh/id_ed25519_sk --sk-provider internal
            conclave approve --home ca 1 --module PATH --token pkcs11:token=olivia --token-key olivia.pub
            conclave approve --home ca 1 --signature 0001.batch.sig
            """)

    @OptionGroup var home: HomeOptions
    @OptionGroup var officer: OfficerKeyOptions
    @OptionGroup var pin: PINOptions

    @Argument(help: "The batch's number, or the beginning of its ID.")
    var batch: String

    @Option(
        help: ArgumentHelp(
            "A signature over the manifest, made elsewhere.", valueName: "file"))
    var signature: String?

    @Option(help: ArgumentHelp("The module of the officer's token.", valueName: "path"))
    var module: String?

    @Option(help: ArgumentHelp("The officer's token, as a URI.", valueName: "uri"))
    var token: String = "pkcs11:"

    @Option(help: ArgumentHelp("The officer's public key on the token.", valueName: "file"))
    var tokenKey: String?

    mutating func validate() throws {
        let given = [officer.key != nil, signature != nil, module != nil].count { $0 }
        guard given == 1, (module != nil) == (tokenKey != nil) else {
            throw ValidationError("give one of --key, --signature, or --module with --token-key")
        }
    }

    func run() async throws {
        try await home.change("approve") { home in
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
        let key = try InputFile.publicKey(tokenKey ?? "")
        let token = try await PKCS11Module(path: module ?? "").open(TokenURI(text: token))
        try await token.login(pin.pin(for: token), allowLastTry: pin.lastTry)
        let signature = try await token.approvalSignature(
            over: manifest.text, namespace: BatchManifest.namespace, key: key)
        await token.close()
        return Array(signature.armored.utf8)
    }
}
