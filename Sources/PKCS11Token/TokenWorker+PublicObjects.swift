// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import SSHFormats
import Token

/// A public key that a token shows, and what it can be told from others by.
struct PublicObject {
    let key: PublicKey
    let id: [UInt8]
    let label: String
}

extension TokenWorker {
    /// The public keys that the token shows.
    func readPublicObjects(_ connection: Connection) throws(TokenError) -> [PublicObject] {
        var template = AttributeTemplate()
        template.add(CKA_CLASS, number: CKO_PUBLIC_KEY)
        var objects: [PublicObject] = []
        for handle in try connection.cryptoki.find(connection.session, template) {
            guard
                let key = try KeyNumbers.publicKey(
                    connection.cryptoki, connection.session, handle)
            else { continue }
            objects.append(
                PublicObject(
                    key: key,
                    id: try connection.cryptoki.attribute(connection.session, handle, CKA_ID) ?? [],
                    label: try readLabel(connection, handle)))
        }
        return objects
    }

    /// The label of an object; empty where it has none.
    func readLabel(
        _ connection: Connection, _ object: CK_OBJECT_HANDLE
    ) throws(TokenError) -> String {
        let bytes = try connection.cryptoki.attribute(connection.session, object, CKA_LABEL)
        return String(decoding: bytes ?? [], as: UTF8.self)
    }
}
