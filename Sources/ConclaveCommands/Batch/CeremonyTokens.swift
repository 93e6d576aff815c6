// SPDX-License-Identifier: Apache-2.0
import Ceremony
import CeremonyRunner
import Issuance
import SSHCrypto
import SSHFormats
import Token

/// Opens the tokens that hold the CA keys of a batch.
struct CeremonyTokens {
    /// Where tokens are opened.
    let directory: TokenDirectory
    /// Where their PINs come from.
    let pin: PINOptions
    /// The tokens that a person names, of those that hold the same key.
    let preferred: [TokenURI]

    /// Opens and logs in to a token for each of these keys, each token one time.
    ///
    /// - Throws: `TokenError`, and `RunnerError` where a token is named that holds none of the
    ///   keys; what was opened before is closed.
    func devices(
        for keys: [PublicKey], home: Home
    ) async throws -> [PublicKey: Signing.Device] {
        guard !keys.isEmpty else { return [:] }
        let entries = try keys.map { key in
            guard let entry = home.state.genesis.keys.first(where: { $0.publicKey == key }) else {
                throw RunnerError.damaged("CA key \(key.fingerprint) is not in the genesis")
            }
            return entry
        }
        try KeyPlace.check(preferred, hold: entries)
        var open: [(token: any Token, identity: TokenIdentity)] = []
        do {
            var devices: [PublicKey: Signing.Device] = [:]
            for entry in entries {
                let places = try KeyPlace.places(of: entry, preferring: preferred)
                let token: any Token
                let place: KeyPlace
                if let found = places.lazy.compactMap({ place in
                    open.first { place.token.matches($0.identity) }.map { ($0.token, place) }
                }).first {
                    (token, place) = found
                } else {
                    (token, place) = try await first(of: places)
                    let identity = await token.identity
                    open.append((token, identity))
                    Screen.line("token       \(identity)")
                    // All keys of this batch that the genesis places there.
                    let wanted = try entries.filter { entry in
                        try KeyPlace.places(of: entry, preferring: preferred)
                            .contains { $0.token.matches(identity) }
                    }
                    try await pin.login(to: token, for: wanted.map(\.publicKey))
                }
                if let copy = place.copy { Screen.line("  a copy    \(copy.origin)") }
                devices[entry.publicKey] = Signing.Device(
                    token: token, module: await token.route.description, copy: place.copy)
            }
            return devices
        } catch {
            for (token, _) in open { await token.close() }
            throw error
        }
    }

    /// The first of these tokens that is there.
    private func first(of places: [KeyPlace]) async throws -> (any Token, KeyPlace) {
        var failure: TokenError?
        for place in places {
            do throws(TokenError) {
                return (try await directory.open(place.token), place)
            } catch {
                guard error.code == .noToken else { throw error }
                failure = failure ?? error
            }
        }
        throw failure ?? TokenError(.noToken, "no token holds the CA key")
    }
}
