// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ceremony
import CeremonyRunner
import Issuance
import SSHCrypto
import SSHFormats

/// An officer rejects a batch.
struct RejectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject",
        abstract: "Reject a batch as an officer, with a reason; it stops there.",
        discussion: """
            conclave reject --home ca 1 --key ~/.ssh/id_ed25519 --reason "bob has left"
            conclave reject --home ca 1 --token piv:serial=12345678 --token-key olivia.pub --reason "bob has left"
            """)

    @OptionGroup var home: HomeOptions
    @OptionGroup var officer: OfficerKeyOptions
    @OptionGroup var token: OfficerTokenOptions

    @Argument(help: "The batch's number, or the beginning of its ID.")
    var batch: String

    @Option(help: "Why.")
    var reason: String

    mutating func validate() throws {
        guard (officer.key != nil) != (token.tokenKey != nil) else {
            throw ValidationError("give the officer's --key, or --token-key with its token")
        }
    }

    func run() async throws {
        try await home.change("reject", passing: .givenUp(batch: batch)) { home in
            let batch = try home.batch(named: batch)
            let gathering = ApprovalGathering(home: home)
            let text = try gathering.rejectionText(batch, reason: reason)
            let armored =
                if let signer = officer.signer {
                    try await signer.sign(text, namespace: Rejection.namespace)
                } else {
                    try await token.sign(text, namespace: Rejection.namespace)
                }
            let rejection = try gathering.reject(batch, text: text, signature: armored)
            Screen.line("batch \(batch.number) is rejected by \(rejection.officer): \(reason)")
            Screen.line("its requests are free for another batch; its serials are not used again")
        }
    }
}
