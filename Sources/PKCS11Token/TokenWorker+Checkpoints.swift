// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import Token

/// What the token keeps of a home: the last checkpoint, in a data object that only a login shows.
///
/// The object's class, application and label are all that tell it; nothing else is ever destroyed.
extension TokenWorker {
    private typealias Kept = (handle: CK_OBJECT_HANDLE, text: [UInt8])

    /// The texts of the checkpoints of a home.
    func checkpoints(of home: String) throws(TokenError) -> [[UInt8]] {
        try onToken { connection throws(TokenError) in
            try requireLogin(connection)
            return try kept(connection, home).map(\.text)
        }
    }

    /// Makes an object of the text, reads it back, and then destroys those that were there before.
    ///
    /// Interrupted in between, the token has both, and each is a checkpoint that was.
    func keepCheckpoint(_ text: [UInt8], of home: String) throws(TokenError) {
        try onToken { connection throws(TokenError) in
            try requireLogin(connection)
            let before = try kept(connection, home)
            if before.contains(where: { $0.text == text }), before.count == 1 { return }
            do throws(TokenError) {
                try connection.withWritableSession { session throws(TokenError) in
                    try replace(connection, session, before, text, home)
                }
            } catch {
                guard Self.noRoom.contains(error.status) else { throw error }
                throw TokenError(
                    .unsupported, "\(identity) takes no object for a checkpoint",
                    operation: error.operation, status: error.status,
                    statusName: error.statusName)
            }
        }
    }

    private func kept(_ connection: Connection, _ home: String) throws(TokenError) -> [Kept] {
        var found: [Kept] = []
        let handles = try connection.cryptoki.find(connection.session, Self.template(home))
        guard handles.count <= Self.maximumCount else {
            throw TokenError(
                .moduleFault,
                "\(identity) shows \(handles.count) checkpoints of one home, more than "
                    + "\(Self.maximumCount)",
                hint:
                    "look at its data objects of the application conclave, and delete the old ones")
        }
        for handle in handles {
            let value = try connection.cryptoki.attribute(connection.session, handle, CKA_VALUE)
            found.append((handle, value ?? []))
        }
        return found
    }

    private func replace(
        _ connection: Connection, _ session: CK_SESSION_HANDLE, _ before: [Kept],
        _ text: [UInt8], _ home: String
    ) throws(TokenError) {
        var template = Self.template(home)
        template.add(CKA_TOKEN, true)
        template.add(CKA_MODIFIABLE, false)
        template.add(CKA_VALUE, text)
        _ = try connection.cryptoki.create(session, template)
        guard try kept(connection, home).contains(where: { $0.text == text }) else {
            throw TokenError(
                .moduleFault, "\(identity) does not show the checkpoint that it took")
        }
        for object in before { try connection.cryptoki.destroy(session, object.handle) }
    }

    /// The most checkpoints of one home that are read: there is one, and one more after each change of
    /// it that was interrupted.
    private static let maximumCount = 64

    /// What tells the object: a private one, since everybody can make others.
    private static func template(_ home: String) -> AttributeTemplate {
        var template = AttributeTemplate()
        template.add(CKA_PRIVATE, true)
        template.add(CKA_CLASS, number: CKO_DATA)
        template.add(CKA_APPLICATION, Array("conclave".utf8))
        template.add(CKA_LABEL, Array(home.utf8))
        return template
    }

    /// What tokens answer that are full, or were not made for this.
    private static let noRoom: Set<CK_RV> = [
        CKR_ATTRIBUTE_READ_ONLY, CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_VALUE_INVALID,
        CKR_ACTION_PROHIBITED, CKR_DEVICE_MEMORY, CKR_SESSION_READ_ONLY, CKR_TEMPLATE_INCOMPLETE,
        CKR_TEMPLATE_INCONSISTENT, CKR_TOKEN_RESOURCE_EXCEEDED, CKR_TOKEN_WRITE_PROTECTED,
    ]
}
