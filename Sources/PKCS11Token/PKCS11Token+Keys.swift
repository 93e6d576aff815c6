// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import SSHCrypto
public import SSHFormats
public import Token
import TokenEvidence

extension PKCS11Token {
    /// The public keys that can be seen, with their labels; no login is needed for most tokens.
    ///
    /// - Throws: ``TokenError`` where the token cannot be asked.
    public func publicKeys() throws(TokenError) -> [(key: PublicKey, label: String)] {
        try onToken { connection throws(TokenError) in
            var keys: [(key: PublicKey, label: String)] = []
            for object in try readPublicObjects(connection) {
                let label = try readLabel(connection, object.handle)
                keys.append((object.key, label))
            }
            return keys
        }
    }

    /// The key pairs that can sign, each with the attributes of its private key.
    ///
    /// - Throws: ``TokenError``; a login comes first.
    public func keys() throws(TokenError) -> [TokenKey] {
        try onToken { connection throws(TokenError) in
            try readSigningKeys(connection) { _ in true }.map(\.key)
        }
    }

    /// Finds a key pair by its public key.
    ///
    /// - Throws: ``TokenError`` where there is none, or more than one alike.
    public func find(_ publicKey: PublicKey) throws(TokenError) -> TokenKey {
        try onToken { connection throws(TokenError) in
            try findSigningKey(connection, publicKey).key
        }
    }

    /// The private key of a public key, searched for on the token.
    func findSigningKey(
        _ connection: Connection, _ publicKey: PublicKey
    ) throws(TokenError) -> SigningKey {
        let found = try readSigningKeys(connection) { $0 == publicKey }
        guard let first = found.first else {
            throw absent(publicKey, try readPublicObjects(connection).map(\.key))
        }
        guard found.count == 1 else {
            let ids = found.map { "\($0.key.label.quotedForDisplay) (ID \($0.key.id.hex))" }
            throw TokenError(
                .ambiguousKey,
                "\(found.count) private keys on \(identity) may be that of "
                    + "\(publicKey.fingerprint): \(ids.joined(separator: ", "))")
        }
        return first
    }

    private func absent(_ key: PublicKey, _ present: [PublicKey]) -> TokenError {
        guard !present.contains(key) else {
            return TokenError(
                .keyNotFound,
                "\(identity) holds the public key \(key.fingerprint), "
                    + "and no private key with the same ID that can sign")
        }
        let names = present.map(\.fingerprint)
        return TokenError(
            .keyNotFound,
            "no key \(key.fingerprint) is on \(identity), "
                + (names.isEmpty
                    ? "which holds no public key" : "which holds \(names.joined(separator: ", "))"))
    }

    private typealias PublicObject = (handle: CK_OBJECT_HANDLE, key: PublicKey)

    private func readPublicObjects(
        _ connection: Connection
    ) throws(TokenError) -> [PublicObject] {
        var template = AttributeTemplate()
        template.add(CKA_CLASS, number: CKO_PUBLIC_KEY)
        var objects: [PublicObject] = []
        for handle in try connection.cryptoki.find(connection.session, template) {
            if let key = try KeyNumbers.publicKey(
                connection.cryptoki, connection.session, handle)
            {
                objects.append((handle, key))
            }
        }
        return objects
    }

    /// The private keys that belong to public keys which are wanted, each once for a public key.
    private func readSigningKeys(
        _ connection: Connection, where isWanted: (PublicKey) -> Bool
    ) throws(TokenError) -> [SigningKey] {
        try requireLogin(connection)
        var keys: [SigningKey] = []
        for object in try readPublicObjects(connection) where isWanted(object.key) {
            for candidate in try readPrivateKeys(connection, of: object)
            where !keys.contains(where: {
                $0.handle == candidate.handle && $0.key.publicKey == candidate.key.publicKey
            }) {
                keys.append(candidate)
            }
        }
        return keys
    }

    /// The private keys with the public object's ID and type that can sign.
    private func readPrivateKeys(
        _ connection: Connection, of object: PublicObject
    ) throws(TokenError) -> [SigningKey] {
        let cryptoki = connection.cryptoki
        let session = connection.session
        guard let id = try cryptoki.attribute(session, object.handle, CKA_ID), !id.isEmpty else {
            return []
        }
        let type = try cryptoki.number(session, object.handle, CKA_KEY_TYPE)
        var template = AttributeTemplate()
        template.add(CKA_CLASS, number: CKO_PRIVATE_KEY)
        template.add(CKA_ID, id)
        var keys: [SigningKey] = []
        for handle in try cryptoki.find(session, template) {
            guard try cryptoki.number(session, handle, CKA_KEY_TYPE) == type else { continue }
            let claims = try readClaims(connection, handle)
            guard claims.sign == true else { continue }
            // Where the private key shows its public half, it must be this one.
            if let own = try KeyNumbers.publicKey(cryptoki, session, handle), own != object.key {
                continue
            }
            let key = TokenKey(
                publicKey: object.key, evidence: KeyEvidence(claims: claims),
                label: try readLabel(connection, handle), id: id)
            keys.append(SigningKey(handle, key))
        }
        return keys
    }

    /// The attributes of a private key, as the module tells them.
    func readClaims(
        _ connection: Connection, _ object: CK_OBJECT_HANDLE
    ) throws(TokenError) -> ModuleClaims {
        func flag(_ type: CK_ATTRIBUTE_TYPE) throws(TokenError) -> Bool? {
            try connection.cryptoki.flag(connection.session, object, type)
        }
        return ModuleClaims(
            sensitive: try flag(CKA_SENSITIVE),
            alwaysSensitive: try flag(CKA_ALWAYS_SENSITIVE),
            extractable: try flag(CKA_EXTRACTABLE),
            neverExtractable: try flag(CKA_NEVER_EXTRACTABLE),
            local: try flag(CKA_LOCAL),
            modifiable: try flag(CKA_MODIFIABLE),
            isPrivate: try flag(CKA_PRIVATE),
            sign: try flag(CKA_SIGN),
            token: try flag(CKA_TOKEN),
            alwaysAuthenticate: try flag(CKA_ALWAYS_AUTHENTICATE))
    }

    private func readLabel(
        _ connection: Connection, _ object: CK_OBJECT_HANDLE
    ) throws(TokenError) -> String {
        let bytes = try connection.cryptoki.attribute(connection.session, object, CKA_LABEL)
        return String(decoding: bytes ?? [], as: UTF8.self)
    }
}

extension [UInt8] {
    /// The bytes as lower-case hexadecimal digits.
    var hex: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
