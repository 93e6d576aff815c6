// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHFormats

/// What a home stands on: its genesis, signed by every officer, with its policy and its roster.
struct Founding: Sendable {
    /// The genesis.
    let genesis: Genesis
    /// The policy that it names.
    let policy: Policy
    /// The roster that it names.
    let roster: Roster

    /// The CA keys of an authority.
    func keys(of authority: String) -> [PublicKey] {
        genesis.keys.filter { $0.authority == authority }.map(\.publicKey)
    }

    /// Whether a key is a CA key of this home.
    func isAuthority(_ key: PublicKey) -> Bool {
        genesis.keys.contains { $0.publicKey == key }
    }
}
