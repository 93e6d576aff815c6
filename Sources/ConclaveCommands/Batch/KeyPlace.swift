// SPDX-License-Identifier: Apache-2.0
import Ceremony
import CeremonyRunner
import Documents
import Issuance
import SSHCrypto
import Token

/// A token that holds a CA key: the one on which it was made, or one with a declared copy of it.
struct KeyPlace {
    /// The token.
    let token: TokenURI
    /// How the key came there; nil for the token on which it was made.
    let copy: KeyCopy?

    /// The places of a key: those that a person names before the others, then in the order of the
    /// genesis.
    ///
    /// - Throws: `TokenError` where the genesis names something that is no token.
    static func places(
        of key: Genesis.AuthorityKey, preferring wanted: [TokenURI]
    ) throws(TokenError) -> [KeyPlace] {
        var places = [KeyPlace(token: try TokenURI(text: key.token), copy: nil)]
        for copy in key.copies {
            places.append(KeyPlace(token: try TokenURI(text: copy.token), copy: copy))
        }
        let named = places.filter { place in wanted.contains { $0.matches(place.identity) } }
        return named.isEmpty ? places : named
    }

    /// Refuses a token that a person names and that holds none of these keys.
    ///
    /// - Throws: `RunnerError` of `KEY-CHOICE`, which tells where the keys are.
    static func check(_ wanted: [TokenURI], hold keys: [Genesis.AuthorityKey]) throws {
        let places = try keys.flatMap { key in
            try Self.places(of: key, preferring: []).map { (key: key, place: $0) }
        }
        let strangers = wanted.filter { uri in
            !places.contains { uri.matches($0.place.identity) }
        }
        guard !strangers.isEmpty else { return }
        let known = places.map { "\($0.key.publicKey.fingerprint) is on \($0.place.token)" }
        throw RunnerError.refused(
            subject: "--token",
            strangers.map { uri in
                Violation(
                    .keyChoice,
                    "\(quoted(uri.text)) names no token that the genesis knows for this batch",
                    hint: known.joined(separator: "; "))
            })
    }

    /// The token as far as the genesis describes it.
    private var identity: TokenIdentity {
        TokenIdentity(
            scheme: token.scheme, label: token.token ?? "", serial: token.serial ?? "",
            model: token.model ?? "", manufacturer: token.manufacturer ?? "")
    }
}
