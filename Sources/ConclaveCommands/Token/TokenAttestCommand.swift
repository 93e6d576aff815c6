// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CeremonyRunner
import Documents
import SSHCrypto
import SSHFormats
import Spool
import Token
import TokenEvidence

/// Fetches what a device states of a key's origin, and verifies it.
struct TokenAttestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attest",
        abstract: "Fetch a key's attestation, verify it, and write its certificates.",
        discussion: """
            conclave token attest --token piv:serial=12345678 --key users.pub --output users.pem
            conclave token attest --token piv: --slot 9c --intermediate yubico-intermediate.pem
            Without --root, the roots are those that Yubico has published. Exit status 3: it does not
            hold; 4: the token attests nothing. No PIN is asked for.
            """)

    @OptionGroup var options: TokenOptions
    @OptionGroup var attestation: AttestationOptions

    @Option(
        help: ArgumentHelp(
            "Judge by this home's policy, with the certificates in its folder attestation.",
            valueName: "dir"))
    var home: String?

    @Option(help: ArgumentHelp("The public key.", valueName: "file"))
    var key: String?

    @Option(
        help: ArgumentHelp("The slot of a PIV card, instead of --key.", valueName: "slot"),
        transform: KeyPolicyOptions.slot)
    var slot: PIVSlot?

    @Option(
        help: ArgumentHelp("Write the chain here, PEM, the key's own first.", valueName: "file"))
    var output: String?

    mutating func validate() throws {
        guard key == nil || slot == nil else { throw ValidationError("give --key or --slot") }
    }

    func run() async throws {
        let inputs = try attestation.inputs(
            of: home.map { try Home.read($0, surroundings: .machine) })
        let token = try await options.open()
        let found: (key: TokenKey, device: DeviceEvidence)
        let identity = await token.identity
        do {
            found = (try await chosen(on: token), try await token.evidence())
        } catch {
            await token.close()
            throw error
        }
        await token.close()
        let review = inputs.review(found.key, found.device, identity)
        guard let verdict = review.attestation else {
            Screen.line("\(identity) attests nothing of key \(found.key.publicKey.fingerprint)")
            throw ExitStatus.nothing
        }
        Screen.line("\(identity)")
        Screen.line("key \(found.key.publicKey.fingerprint), \(found.key.label)")
        for line in TokenKeyScreen.attestation(review) { Screen.line(line) }
        if let output {
            let text = verdict.certificates.map(Self.pem).joined()
            try DurableFile.create(output, Array(text.utf8), mode: 0o644)
            Screen.line(
                "written: \(output), \(counted(verdict.certificates.count, "certificate"))")
        }
        guard verdict.isVerified else {
            throw RunnerError.refused(
                subject: "attestation", verdict.faults.map { Violation(.tokenAttestation, $0) })
        }
    }

    private func chosen(on token: any Token) async throws -> TokenKey {
        if let key { return try await token.find(try InputFile.publicKey(key)) }
        let keys = try await token.keys()
        let wanted = slot.map { slot in keys.filter { $0.id == [slot.rawValue] } } ?? keys
        let identity = await token.identity
        guard let first = wanted.first else {
            throw TokenError(
                .keyNotFound,
                "\(identity) holds no key" + (slot.map { " in slot \($0)" } ?? ""))
        }
        guard wanted.count == 1 else {
            throw TokenError(
                .ambiguousKey, "\(identity) holds \(counted(wanted.count, "key"))",
                hint: "name the one that is meant with --key FILE.pub or --slot")
        }
        return first
    }

    /// A certificate as PEM, RFC 7468: lines of 64 characters.
    static func pem(_ der: [UInt8]) -> String {
        var text = "-----BEGIN CERTIFICATE-----\n"
        var rest = Base64.encode(der)[...]
        while !rest.isEmpty {
            text += rest.prefix(64) + "\n"
            rest = rest.dropFirst(64)
        }
        return text + "-----END CERTIFICATE-----\n"
    }
}
