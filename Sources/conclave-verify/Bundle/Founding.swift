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

    /// The revocation list of what was revoked, as `Docs/Formats/RevocationList.md` has it.
    func list(version: UInt64, of items: [RevokeItem], generated: UnixTime) -> RevocationList {
        var parts: [RevocationList.Authority] = []
        var revoked: [PublicKey] = []
        for item in items {
            for key in keys(of: item.authority) {
                switch item.target {
                case .serials(let range):
                    parts.append(RevocationList.Authority(key: key, serials: [range]))
                case .keyID(let keyID):
                    parts.append(
                        RevocationList.Authority(
                            key: key, serials: [ClosedRange<UInt64>](), keyIDs: [keyID]))
                case .key: break
                }
            }
            if case .key(let key) = item.target { revoked.append(key) }
        }
        return RevocationList(
            version: version, generated: generated.seconds, authorities: parts, keys: revoked)
    }

    /// Whether a key is a CA key of this home.
    func isAuthority(_ key: PublicKey) -> Bool {
        genesis.keys.contains { $0.publicKey == key }
    }
}
