// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CeremonyRunner
import Documents
import Issuance
import PIVToken
import SSHCrypto
import SSHFormats
import Spool
import Token
import TokenEvidence

/// Makes a CA key on a token.
struct TokenGenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Make a CA key on a token, which it can never leave.",
        discussion: """
            conclave token generate --module /usr/lib/softhsm/libsofthsm2.so \\
              --token pkcs11:token=ca --kind ecdsa-p256 --label users --output users
            conclave token generate --token piv:serial=12345678 --slot 9c --kind ecdsa-p384 \\
              --touch-policy cached --policy policy.yaml --label users --output users
            writes users.pub, the public key, and users.token, which conclave init reads. Nothing on
            the token is ever replaced. With --policy, what it demands of CA keys is asked of the token
            and then looked for in the new key; where it is missing, no file is written.
            """)

    @OptionGroup var options: TokenOptions
    @OptionGroup var pin: PINOptions
    @OptionGroup var managementKey: ManagementKeyOptions
    @OptionGroup var keyPolicy: KeyPolicyOptions
    @OptionGroup var attestation: AttestationOptions

    @Option(
        help: ArgumentHelp(
            "The kind of key: \(CAKeyKind.allCases.map(\.rawValue).joined(separator: ", "))."),
        transform: ArgumentValue.keyKind)
    var kind: CAKeyKind

    @Option(help: "The key's label on the token, and the comment of its public key.")
    var label: String

    @Option(help: ArgumentHelp("Where to write PREFIX.pub and PREFIX.token.", valueName: "prefix"))
    var output: String

    @Option(
        help: ArgumentHelp(
            "The policy of the home that the key is for: what it demands of tokens is asked for.",
            valueName: "yaml"))
    var policy: String?

    func run() async throws {
        for suffix in [".pub", ".token"] where try exists(output + suffix) {
            throw FileError("create", output + suffix, number: 17)
        }
        let uri = try options.uri
        guard uri.scheme == .piv || (!keyPolicy.isGiven && managementKey.managementKeyFD == nil)
        else {
            throw ValidationError(
                "--slot, --pin-policy, --touch-policy and --management-key-fd are for PIV cards")
        }
        let demands = try policy.map { try KeyDemands(ConfigurationInput.policy($0)) }
        let request = try KeyDemands.request(
            kind, label: label, keyPolicy, isCard: uri.scheme == .piv, demands)
        let inputs = try attestation.inputs(demands?.policy ?? .standard)
        let token = try await options.open()
        do {
            try await make(request, on: token, inputs, isDemanded: demands != nil)
        } catch {
            await token.close()
            throw error
        }
        await token.close()
    }

    private func make(
        _ request: KeyRequest, on token: any Token, _ inputs: AttestationOptions.Inputs,
        isDemanded: Bool
    ) async throws {
        let identity = await token.identity
        try await pin.login(to: token)
        if let card = token as? PIVToken { try await managementKey.authenticate(to: card) }
        let made = try await token.generate(request)
        // Read back by its public key, with all that is known of it now.
        let key = try await token.find(made.publicKey)
        let device = try await token.evidence()
        let review = inputs.review(key, device, identity)
        Screen.line("made on \(identity)")
        Screen.line("  \(key.publicKey.line) \(label)")
        Screen.line("  \(key.publicKey.fingerprint) (\(request.kind.rawValue)), \(key.label)")
        Screen.line("  a test signature was made and verified")
        for line in TokenKeyScreen.statements(key) + TokenKeyScreen.attestation(review) {
            Screen.line(line)
        }
        for finding in review.advisories { Screen.line("  advisory \(finding)") }
        guard review.violations.isEmpty || !isDemanded else {
            throw RunnerError.refused(
                subject: "key \(key.publicKey.fingerprint)",
                review.violations + [
                    Violation(
                        .tokenUse,
                        "the key stays on \(identity) and is not fit for this policy; "
                            + "no file was written",
                        hint: "make another one elsewhere, or remove it with the maker's tool")
                ])
        }
        let text = TokenKeyText(
            key, on: identity, route: await token.route, proof: RecordedEvidence(review))
        try DurableFile.create(
            output + ".pub", Array("\(key.publicKey.line) \(label)\n".utf8), mode: 0o644)
        try DurableFile.create(output + ".token", text.bytes, mode: 0o644)
        Screen.line("written: \(output).pub, \(output).token")
    }

    private func exists(_ path: String) throws -> Bool {
        do throws(FileError) {
            _ = try DurableFile.read(path, limit: 1_048_576)
            return true
        } catch {
            return error.number != 2
        }
    }
}
