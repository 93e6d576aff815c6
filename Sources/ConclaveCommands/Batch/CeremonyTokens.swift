// SPDX-License-Identifier: Apache-2.0
import Ceremony
import CeremonyRunner
import Issuance
import PIVToken
import SSHCrypto
import SSHFormats
import Token

/// Opens the tokens that hold the CA keys of a batch.
struct CeremonyTokens {
    /// Where tokens are opened.
    let directory: TokenDirectory
    /// Where their PINs come from.
    let pin: PINOptions
    /// Where PIV cards' management keys come from, where they shall be able to keep a checkpoint.
    let managementKey: ManagementKeyOptions?
    /// Of tokens that hold the same key, those to use.
    let preferred: [TokenURI]

    private typealias Open = (token: any Token, identity: TokenIdentity)

    /// Opens and logs in to a token for each CA key, each token one time.
    ///
    /// - Throws: `TokenError`; what was opened before is closed.
    func devices(
        for keys: [PublicKey], home: Home
    ) async throws -> [PublicKey: Signing.Device] {
        let entries = try keys.map { key in
            guard let entry = home.state.genesis.keys.first(where: { $0.publicKey == key }) else {
                throw RunnerError.damaged("CA key \(key.fingerprint) is not in the genesis")
            }
            return entry
        }
        guard !entries.isEmpty else { return [:] }
        try KeyPlace.check(preferred, hold: entries)
        var open: [Open] = []
        do {
            var devices: [PublicKey: Signing.Device] = [:]
            for entry in entries {
                let places = try KeyPlace.places(of: entry, preferring: preferred)
                let (found, place) = try await token(of: places, among: open)
                if !open.contains(where: { $0.identity == found.identity }) {
                    open.append(found)
                    Screen.line("token       \(found.identity)")
                    try await pin.login(to: found.token, for: [entry.publicKey])
                    if let managementKey, let card = found.token as? PIVToken {
                        try await managementKey.authenticate(to: card)
                    }
                }
                if let copy = place.copy { Screen.line("  a copy    \(copy.origin)") }
                devices[entry.publicKey] = Signing.Device(
                    token: found.token, module: await found.token.route.description,
                    copy: place.copy)
            }
            return devices
        } catch {
            for other in open { await other.token.close() }
            throw error
        }
    }

    /// The first of these tokens that is there; one that is open already is not opened again.
    private func token(
        of places: [KeyPlace], among open: [Open]
    ) async throws(TokenError) -> (Open, KeyPlace) {
        var failure: TokenError?
        for place in places {
            if let known = open.first(where: { place.token.matches($0.identity) }) {
                return (known, place)
            }
            do throws(TokenError) {
                let token = try await directory.open(place.token)
                return ((token, await token.identity), place)
            } catch {
                switch error.code {
                case .noToken, .noReader, .noService: failure = failure ?? error
                default: throw error
                }
            }
        }
        throw failure ?? TokenError(.noToken, "no token holds the CA key")
    }
}
