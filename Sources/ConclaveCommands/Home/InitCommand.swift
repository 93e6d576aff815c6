// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CeremonyRunner
import Configuration
import Documents
import Glibc
import Issuance
import SSHCrypto
import SSHFormats
import Token
import TokenEvidence

/// Makes a home: drafts its genesis, takes the officers' signatures, founds it with the last.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a new home: draft its genesis, then let every officer sign it.",
        discussion: """
            First, draft:
              conclave init --home ca --policy policy.yaml --roster roster.yaml \\
                --ca-key users@example.org=users.token --ca-key hosts@example.org=hosts.token
            Then each officer signs; with the last signature the home is made:
              conclave init --home ca --key ~/.ssh/id_ed25519
              conclave init --home ca --token piv:serial=12345678 --token-key olivia.pub
            or with OpenSSH alone:
              ssh-keygen -Y sign -f KEY -n conclave-genesis-v1 ca.genesis/genesis.txt
              conclave init --home ca --signature ca.genesis/genesis.txt.sig
            """)

    @Option(help: ArgumentHelp("The home's directory.", valueName: "dir"))
    var home: String

    @Option(help: ArgumentHelp("The policy, to draft.", valueName: "yaml"))
    var policy: String?

    @Option(help: ArgumentHelp("The roster, to draft.", valueName: "yaml"))
    var roster: String?

    @Option(
        help: ArgumentHelp(
            "A CA key that token generate made, to draft; once for each key.",
            valueName: "authority=file"))
    var caKey: [String] = []

    @Option(
        help: ArgumentHelp(
            "A further token with the same key as a --ca-key file, by wrapped backup; once for each.",
            valueName: "file=uri"))
    var copy: [String] = []

    @Option(
        help: ArgumentHelp(
            "How the keys of --copy came onto their tokens, for the officers who sign.",
            valueName: "text"))
    var copyOrigin: String?

    @OptionGroup var officer: OfficerKeyOptions
    @OptionGroup var token: OfficerTokenOptions

    @Option(
        help: ArgumentHelp(
            "An officer's signature over the genesis, made elsewhere.", valueName: "file"))
    var signature: String?

    mutating func validate() throws {
        // The draft lies beside the home: its name is the home's with an ending.
        while home.count > 1, home.hasSuffix("/") { home.removeLast() }
        let drafts = policy != nil || roster != nil || !caKey.isEmpty
        let signatures = [officer.key, signature, token.tokenKey].count { $0 != nil }
        guard signatures == (drafts ? 0 : 1),
            !drafts || (policy != nil && roster != nil && !caKey.isEmpty)
        else {
            throw ValidationError(
                "give --policy, --roster and --ca-key to draft; or one of --key, --signature and "
                    + "--token-key to sign")
        }
        guard copy.isEmpty == (copyOrigin == nil), drafts || copy.isEmpty else {
            throw ValidationError("--copy and --copy-origin belong together, to draft")
        }
    }

    func run() async throws {
        if let policy, let roster {
            try draft(policyPath: policy, rosterPath: roster)
        } else {
            try await sign()
        }
    }

    private func draft(policyPath: String, rosterPath: String) throws {
        let policy = try ConfigurationInput.policy(policyPath)
        let roster = try ConfigurationInput.roster(rosterPath)
        var copies = try keyCopies()
        let keys = try caKey.map { argument -> Genesis.AuthorityKey in
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw ValidationError("--ca-key \"\(argument)\" is not AUTHORITY=FILE")
            }
            let made = try TokenKeyText(parsing: InputFile.read(parts[1], limit: 65_536))
            let review = try made.review(policy.tokens)
            guard review.violations.isEmpty else {
                throw RunnerError.refused(
                    subject: "CA key \(made.publicKey.fingerprint)", review.violations)
            }
            return Genesis.AuthorityKey(
                authority: parts[0], publicKey: made.publicKey, token: made.token,
                copies: copies.removeValue(forKey: parts[1]) ?? [])
        }
        for file in copies.keys.sorted() {
            throw ValidationError("--copy \"\(file)=…\" names no file of a --ca-key")
        }
        let founding = try HomeFounding.draft(
            home: home, policy: policy, roster: roster, keys: keys, surroundings: .machine)
        Screen.line("genesis drafted: \(founding.genesisPath)")
        Screen.line("identity:        \(founding.genesis.id.hex)")
        AuthorityScreen.show(founding.genesis)
        Screen.line("")
        Screen.line("Every officer reads it, with policy.txt and roster.txt beside it, and signs:")
        for name in try founding.missingOfficers() { Screen.line("  \(name)") }
        Screen.line("  conclave init --home \(home) --key KEY")
    }

    /// The copies by the file of their key.
    private func keyCopies() throws -> [String: [KeyCopy]] {
        var copies: [String: [KeyCopy]] = [:]
        for argument in copy {
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let copyOrigin else {
                throw ValidationError("--copy \"\(argument)\" is not FILE=URI")
            }
            let uri = try TokenURI(text: parts[1])
            guard uri.modulePath == nil else {
                throw ValidationError("--copy \"\(argument)\" names a module; leave it out")
            }
            copies[parts[0], default: []].append(KeyCopy(token: uri.text, origin: copyOrigin))
        }
        return copies
    }

    private func sign() async throws {
        let founding = try HomeFounding.open(home: home)
        let armored: [UInt8]
        if let signer = officer.signer {
            armored = try await signer.sign(
                founding.genesis.text, namespace: Genesis.namespace)
        } else if let signature {
            armored = try InputFile.read(signature, limit: 65_536)
        } else {
            armored = try await token.sign(founding.genesis.text, namespace: Genesis.namespace)
        }
        let person = try founding.add(signature: armored)
        Screen.line("signed by \(person.name)")
        let missing = try founding.missingOfficers()
        guard missing.isEmpty else {
            Screen.line("still to sign: \(missing.joined(separator: ", "))")
            return
        }
        try founding.found(surroundings: .machine)
        Screen.line("every officer has signed; the home is made: \(home)")
        Screen.line("identity:    \(founding.genesis.id.hex)")
        Screen.line("enforcement: \(Tool.tierMeaning)")
    }
}
