// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import SSHCrypto
import SSHFormats
import Token

/// A public key that a token shows, and what it can be told from others by.
struct PublicObject {
    let key: PublicKey
    let id: [UInt8]
    let label: String
    /// Whether it is a certificate that shows it.
    let isCertificate: Bool
}

extension TokenWorker {
    /// The public keys that the token shows: those of objects first, then those of certificates.
    func readPublicObjects(_ connection: Connection) throws(TokenError) -> [PublicObject] {
        var objects: [PublicObject] = []
        for handle in try find(connection, CKO_PUBLIC_KEY) {
            let key = try KeyNumbers.publicKey(connection.cryptoki, connection.session, handle)
            guard let key else { continue }
            objects.append(try publicObject(connection, handle, key, isCertificate: false))
        }
        for handle in try find(connection, CKO_CERTIFICATE) {
            guard let key = try certifiedKey(connection, handle) else { continue }
            objects.append(try publicObject(connection, handle, key, isCertificate: true))
        }
        return objects
    }

    /// The objects of a class.
    func find(
        _ connection: Connection, _ type: CK_OBJECT_CLASS
    ) throws(TokenError) -> [CK_OBJECT_HANDLE] {
        var template = AttributeTemplate()
        template.add(CKA_CLASS, number: type)
        return try connection.cryptoki.find(connection.session, template)
    }

    private func publicObject(
        _ connection: Connection, _ handle: CK_OBJECT_HANDLE, _ key: PublicKey, isCertificate: Bool
    ) throws(TokenError) -> PublicObject {
        let id = try connection.cryptoki.attribute(connection.session, handle, CKA_ID)
        return PublicObject(
            key: key, id: id ?? [], label: try readLabel(connection, handle),
            isCertificate: isCertificate)
    }

    /// The key that an X.509 certificate names; nil where it is none that SSH knows.
    private func certifiedKey(
        _ connection: Connection, _ handle: CK_OBJECT_HANDLE
    ) throws(TokenError) -> PublicKey? {
        let cryptoki = connection.cryptoki
        let type = try cryptoki.number(connection.session, handle, CKA_CERTIFICATE_TYPE)
        guard type == nil || type == CKC_X_509,
            let bytes = try cryptoki.attribute(connection.session, handle, CKA_VALUE)
        else { return nil }
        // What is no certificate, or names another kind of key, is not ours to judge.
        guard let certificate = try? X509Certificate(der: bytes) else { return nil }
        return try? certificate.subjectPublicKeyInfo.publicKey()
    }

    /// The label of an object; empty where it has none.
    func readLabel(
        _ connection: Connection, _ object: CK_OBJECT_HANDLE
    ) throws(TokenError) -> String {
        let bytes = try connection.cryptoki.attribute(connection.session, object, CKA_LABEL)
        return String(decoding: bytes ?? [], as: UTF8.self)
    }
}
