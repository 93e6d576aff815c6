// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Issuance
import SSHCrypto
public import SSHFormats

extension HomeState {
    /// The shortest beginning of a fingerprint that names a key, in characters.
    public static let minimumKeyPrefix = 6

    /// The CA key that a person names: by the key, by its fingerprint, or by the beginning of it,
    /// with or without `SHA256:`.
    ///
    /// - Throws: `Violations` of `KEY-CHOICE`, which tell what keys there are.
    public func authorityKey(named name: String) throws(Violations) -> Genesis.AuthorityKey {
        let label = "SHA256:"
        let digits = name.hasPrefix(label) ? String(name.dropFirst(label.count)) : name
        let found = genesis.keys.filter { key in
            digits.utf8.count >= Self.minimumKeyPrefix
                && key.publicKey.fingerprint.dropFirst(label.count).hasPrefix(digits)
        }
        guard found.count == 1, let key = found.first else {
            let message =
                switch found.count {
                case 0 where digits.utf8.count < Self.minimumKeyPrefix:
                    "\(quoted(name)) is too short for the beginning of a fingerprint, which takes "
                        + "\(Self.minimumKeyPrefix) characters"
                case 0: "\(quoted(name)) is no CA key of this home"
                default: "\(quoted(name)) begins the fingerprints of \(found.count) CA keys"
                }
            throw Violations(Violation(.keyChoice, message, hint: keysListing))
        }
        return key
    }

    /// The CA key of the genesis that this is.
    ///
    /// - Throws: `Violations` of `KEY-CHOICE`, which tell what keys there are.
    public func authorityKey(_ key: PublicKey) throws(Violations) -> Genesis.AuthorityKey {
        guard let found = genesis.keys.first(where: { $0.publicKey == key }) else {
            throw Violations(
                Violation(
                    .keyChoice, "key \(key.fingerprint) is no CA key of this home",
                    hint: keysListing))
        }
        return found
    }

    /// The keys by authority, of which each may stand there once.
    ///
    /// - Throws: `Violations` of `KEY-CHOICE` where two are of one authority.
    public func choice(
        of keys: [Genesis.AuthorityKey]
    ) throws(Violations) -> [String: PublicKey] {
        var choice: [String: PublicKey] = [:]
        for key in keys {
            guard let other = choice.updateValue(key.publicKey, forKey: key.authority) else {
                continue
            }
            throw Violations(
                Violation(
                    .keyChoice,
                    "\(other.fingerprint) and \(key.publicKey.fingerprint) are both keys of "
                        + "\(key.authority); one signs for it in a batch",
                    hint: keysListing))
        }
        return choice
    }

    /// The home's CA keys in a few words, by authority.
    var keysListing: String {
        policy.authorities.map { authority in
            let keys = authorityKeys(authority.name).map { key in
                "\(key.fingerprint) (\(key.kind.shortName))"
            }
            return "\(authority.name) has \(keys.joined(separator: ", "))"
        }.joined(separator: "; ")
    }
}
