// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHFormats
import Token
import TokenEvidence

/// The text that `token generate` writes of a new CA key, and that `init` reads.
///
/// Format: `Docs/Formats/TokenKey.md`.
struct TokenKeyText {
    let publicKey: PublicKey
    let token: String
    let bytes: [UInt8]

    init(_ key: TokenKey, on identity: TokenIdentity, route: TokenRoute, _ review: TokenReview) {
        publicKey = key.publicKey
        token = identity.uri.text
        var writer = DocumentWriter(kind: "token-key")
        writer.field("public-key", key.publicKey.line)
        writer.field("token", token)
        writer.field("module", route.description)
        for claim in key.evidence.statements {
            writer.field("claim", "\(claim.name)=\(claim.value)")
        }
        for field in RecordedEvidence(review).fields { writer.field(field.name, field.value) }
        bytes = writer.bytes
    }

    init(parsing bytes: [UInt8]) throws(Violations) {
        let document = try Document(parsing: bytes, kind: "token-key")
        var reader = BlockReader(document.header)
        let key = reader.key("public-key")
        let token = reader.value(reader.required("token"), expected: "an RFC 7512 URI") {
            text -> String? in
            do throws(TokenError) {
                return try TokenURI(text: text).text
            } catch {
                return nil
            }
        }
        _ = reader.required("module")
        _ = reader.repeated("claim")
        _ = RecordedEvidence(from: &reader)
        let violations = reader.finish()
        guard violations.isEmpty, let key, let token else { throw Violations(violations) }
        publicKey = key
        self.token = token
        self.bytes = bytes
    }
}
