// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
public import SSHFormats

/// What a home has revoked, and the last list that it published.
public struct RevocationState: Sendable {
    /// Every revocation, in order.
    public private(set) var items: [StateText.Revocation] = []
    /// The subject keys that were revoked.
    public private(set) var keys: Set<PublicKey> = []
    /// The version of the last published list.
    public private(set) var version: UInt64 = 0
    /// The last published list.
    public private(set) var list: [UInt8]

    /// Begins with the genesis' own list, which revokes nothing.
    init(genesis: Genesis) throws(Violations) {
        do throws(FormatError) {
            list = try genesis.firstRevocationList()
        } catch {
            throw Violations(
                Violation(.genesisText, "the empty revocation list cannot be written: \(error)"))
        }
    }

    mutating func insert(_ item: RevokeItem, batch: UInt64) {
        insert(
            StateText.Revocation(batch: batch, authority: item.authority, target: item.target))
    }

    private mutating func insert(_ item: StateText.Revocation) {
        items.append(item)
        if case .key(let key) = item.target { keys.insert(key) }
    }

    /// Goes on from what a state tells.
    mutating func resume(_ items: [StateText.Revocation], version: UInt64, list: [UInt8]) {
        for item in items { insert(item) }
        publish(version: version, list: list)
    }

    mutating func publish(version: UInt64, list: [UInt8]) {
        self.version = version
        self.list = list
    }

    /// Why a certificate is revoked, or nil where it is not.
    public func reason(
        authority: String, fields: CertificateFields
    ) -> StateText.Revocation? {
        items.first { item in
            switch item.target {
            case .serials(let range):
                item.authority == authority && range.contains(fields.serial)
            case .keyID(let keyID):
                item.authority == authority && keyID == fields.keyID
            case .key(let key): key == fields.publicKey
            }
        }
    }

    /// The list of everything revoked so far and by `added`, as the next version.
    ///
    /// - Throws: `FormatError` where it cannot be written so that OpenSSH reads it.
    func nextList(
        adding added: [RevokeItem], generated: UInt64, authorityKeys: (String) -> [PublicKey]
    ) throws(FormatError) -> (version: UInt64, bytes: [UInt8]) {
        let all =
            items.map { ($0.authority, $0.target) } + added.map { ($0.authority, $0.target) }
        var parts: [RevocationList.Authority] = []
        var keys: [PublicKey] = []
        for (authority, target) in all {
            switch target {
            case .serials(let range):
                parts += authorityKeys(authority).map {
                    RevocationList.Authority(key: $0, serials: [range])
                }
            case .keyID(let keyID):
                parts += authorityKeys(authority).map {
                    RevocationList.Authority(
                        key: $0, serials: [ClosedRange<UInt64>](), keyIDs: [keyID])
                }
            case .key(let key): keys.append(key)
            }
        }
        let list = RevocationList(
            version: version + 1, generated: generated, authorities: parts, keys: keys)
        let bytes = try list.encoded()
        guard try RevocationList(parsing: bytes) == list else {
            throw FormatError(
                "revocation list", at: 0, .invalid("it does not read back as it was written"))
        }
        return (list.version, bytes)
    }

}

extension RevokeItem.Target {
    /// The target in a message: a key by its fingerprint.
    var shortText: String {
        if case .key(let key) = self { "key \(key.fingerprint)" } else { text }
    }
}
