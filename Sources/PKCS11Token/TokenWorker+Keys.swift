// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import SSHCrypto
import SSHFormats
import Token
import TokenEvidence

extension TokenWorker {
    /// The public keys that can be seen, with their labels; no login is needed for most tokens.
    func publicKeys() throws(TokenError) -> [(key: PublicKey, label: String)] {
        try onToken { connection throws(TokenError) in
            var keys: [(key: PublicKey, label: String)] = []
            for object in try readPublicObjects(connection)
            where !keys.contains(where: { $0.key == object.key }) {
                keys.append((object.key, object.label))
            }
            return keys
        }
    }

    /// The key pairs that can sign, each with the attributes of its private key.
    func keys() throws(TokenError) -> [TokenKey] {
        try onToken { connection throws(TokenError) in
            try readSigningKeys(connection, readPublicObjects(connection)).map(\.key)
        }
    }

    /// Finds a key pair by its public key.
    func find(_ publicKey: PublicKey) throws(TokenError) -> TokenKey {
        try onToken { connection throws(TokenError) in
            try findSigningKey(connection, publicKey).key
        }
    }

    /// The private key of a public key, searched for on the token.
    func findSigningKey(
        _ connection: Connection, _ publicKey: PublicKey
    ) throws(TokenError) -> SigningKey {
        let objects = try readPublicObjects(connection)
        let keys = try readSigningKeys(connection, objects)
        let found = keys.filter { $0.key.publicKey == publicKey }
        guard let first = found.first else {
            throw absent(publicKey, objects.map(\.key) + keys.map(\.key.publicKey))
        }
        guard found.count == 1 else {
            let ids = found.map { "\($0.key.label.quotedForDisplay) (ID \($0.key.id.hex))" }
            throw TokenError(
                .ambiguousKey,
                "\(found.count) private keys on \(identity) may be that of "
                    + "\(publicKey.fingerprint): \(ids.joined(separator: ", "))")
        }
        try requireCertificates(objects, of: first.key, beside: keys.map(\.key))
        return first
    }

    /// Refuses a key beside which there is a certificate of another one.
    private func requireCertificates(
        _ objects: [PublicObject], of key: TokenKey, beside keys: [TokenKey]
    ) throws(TokenError) {
        for object in objects
        where object.isCertificate && !key.id.isEmpty && object.id == key.id
            && object.key != key.publicKey
            // Two keys may share an ID, each with a certificate of its own.
            && !keys.contains(where: { $0.id == key.id && $0.publicKey == object.key })
        {
            throw TokenError(
                .keyMismatch,
                "certificate \(object.label.quotedForDisplay) (ID \(object.id.hex)) on \(identity) "
                    + "is of key \(object.key.fingerprint), and not of the key beside it, "
                    + "\(key.publicKey.fingerprint)",
                hint: "put the key's own certificate in its place, or none")
        }
    }

    private func absent(_ key: PublicKey, _ present: [PublicKey]) -> TokenError {
        guard !present.contains(key) else {
            return TokenError(
                .keyNotFound,
                "\(identity) holds the public key \(key.fingerprint), "
                    + "and no private key with the same ID that can sign")
        }
        var names: [String] = []
        for name in present.map(\.fingerprint) where !names.contains(name) { names.append(name) }
        return TokenError(
            .keyNotFound,
            "no key \(key.fingerprint) is on \(identity), "
                + (names.isEmpty
                    ? "which holds no public key" : "which holds \(names.joined(separator: ", "))"))
    }

    /// The private keys that can sign, each with every public key that may be its other half.
    ///
    /// Where the private key shows its public half itself, it is that one. Else it is the one of a
    /// public object with the same ID and of the same type, or that of such a certificate.
    private func readSigningKeys(
        _ connection: Connection, _ objects: [PublicObject]
    ) throws(TokenError) -> [SigningKey] {
        for _ in 0..<2 {
            try requireLogin(connection)
            var keys: [SigningKey] = []
            for handle in try find(connection, CKO_PRIVATE_KEY) {
                keys += try readSigningKeys(connection, handle, objects)
            }
            // Where the login was lost meanwhile, private keys were hidden: the search says nothing.
            if try isLoggedIn(connection) { return keys }
        }
        throw TokenError(
            .notLoggedIn, "\(identity) has lost its login while its keys were read",
            hint: "end the other programs that use the token, and log in again")
    }

    private func readSigningKeys(
        _ connection: Connection, _ handle: CK_OBJECT_HANDLE, _ objects: [PublicObject]
    ) throws(TokenError) -> [SigningKey] {
        let cryptoki = connection.cryptoki
        let session = connection.session
        let claims = try readClaims(connection, handle)
        guard claims.sign == true else { return [] }
        let id = try cryptoki.attribute(session, handle, CKA_ID) ?? []
        let type = try cryptoki.number(session, handle, CKA_KEY_TYPE)
        let label = try readLabel(connection, handle)
        var halves: [PublicKey] = []
        if let own = try KeyNumbers.publicKey(cryptoki, session, handle) {
            halves = [own]
        } else if !id.isEmpty {
            let others = objects.filter {
                $0.id == id && KeyNumbers.keyType($0.key.kind) == type
            }
            let certificates = others.filter(\.isCertificate)
            let bare = others.filter { !$0.isCertificate }
            for object in bare.isEmpty ? certificates : bare
            where !halves.contains(object.key) {
                halves.append(object.key)
            }
        }
        return halves.map { half in
            let key = TokenKey(
                publicKey: half, evidence: KeyEvidence(claims: claims), label: label, id: id)
            return SigningKey(handle, key)
        }
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
}

extension [UInt8] {
    /// The bytes as lower-case hexadecimal digits.
    var hex: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
