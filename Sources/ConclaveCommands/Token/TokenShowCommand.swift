// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CeremonyRunner
import SSHCrypto
import SSHFormats
import Token
import TokenEvidence

/// Shows a token and its keys.
struct TokenShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a token and its keys: what is claimed of them, and what is proven.",
        discussion: """
            conclave token show --token piv:serial=12345678
            conclave token show --module PATH --token pkcs11:token=ca
            What a module or a card says of a key is its claim; what is attested is verified up to a
            root. A PIV card is shown without a PIN.
            """)

    @OptionGroup var options: TokenOptions
    @OptionGroup var pin: PINOptions
    @OptionGroup var attestation: AttestationOptions

    @Option(
        help: ArgumentHelp(
            "Judge by this home's policy, with the certificates in its folder attestation.",
            valueName: "dir"))
    var home: String?

    func run() async throws {
        let inputs = try attestation.inputs(
            of: home.map { try Home.read($0, surroundings: .machine) })
        let token = try await options.open()
        do {
            // A card tells all this to everybody; a module shows private keys after a login only.
            if await token.route.wantsLoginToShow { try await pin.login(to: token) }
            let identity = await token.identity
            let device = try await token.evidence()
            for line in TokenKeyScreen.device(device, identity) { Screen.line(line) }
            for key in try await token.keys() {
                let review = inputs.review(key, device, identity)
                for line in TokenKeyScreen.lines(key, review: review, isJudged: home != nil) {
                    Screen.line(line)
                }
            }
        } catch {
            await token.close()
            throw error
        }
        await token.close()
    }
}

extension TokenRoute {
    /// Whether keys are seen after a login only.
    fileprivate var wantsLoginToShow: Bool {
        switch self {
        case .module: true
        case .reader: false
        }
    }
}
