// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ceremony
import CeremonyRunner
import Documents
import Issuance
import SSHCrypto
import SSHFormats

/// Shows the authorities of a home, with all their CA keys.
struct AuthorityShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show each authority's CA keys, their tokens, and which one signs next.",
        discussion: "conclave authority show --home ca")

    @OptionGroup var home: HomeReadingOptions

    @Flag(help: "Write one JSON object a CA key.")
    var json = false

    func run() throws {
        let state = try home.read().state
        for authority in state.policy.authorities {
            let keys = state.genesis.keys.filter { $0.authority == authority.name }
            let next = state.signatureKey(of: authority.name)
            if !json {
                Screen.line(
                    "\(authority.name), for \(authority.kind.name)s, next serial "
                        + "\(state.nextSerials[authority.name] ?? 1)")
            }
            for key in keys {
                let standing =
                    key.publicKey == next
                    ? "signs next" : state.setAside.contains(key.publicKey) ? "set aside" : "spare"
                if json {
                    Screen.line(Self.object(key, standing).text)
                } else {
                    AuthorityScreen.show(key, standing: standing)
                }
            }
        }
    }

    private static func object(_ key: Genesis.AuthorityKey, _ standing: String) -> JSONText {
        .object([
            ("authority", .string(key.authority)), ("standing", .string(standing)),
            ("fingerprint", .string(key.publicKey.fingerprint)),
            ("kind", .string(key.publicKey.kind.shortName)),
            ("publicKey", .string(key.publicKey.line)), ("token", .string(key.token)),
            (
                "copies",
                .array(
                    key.copies.map {
                        .object([("token", .string($0.token)), ("origin", .string($0.origin))])
                    })
            ),
        ])
    }
}
