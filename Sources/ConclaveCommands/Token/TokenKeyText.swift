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
    /// What module or card say of the key, as `NAME=VALUE`.
    let claims: [String]
    /// What the device proves, and what is advised against.
    let proof: RecordedEvidence
    let bytes: [UInt8]

    init(
        _ key: TokenKey, on identity: TokenIdentity, route: TokenRoute, proof: RecordedEvidence
    ) {
        publicKey = key.publicKey
        token = identity.uri.text
        claims = key.evidence.statements.map { "\($0.name)=\($0.value)" }
        self.proof = proof
        var writer = DocumentWriter(kind: "token-key")
        writer.field("public-key", key.publicKey.line)
        writer.field("token", token)
        writer.field("module", route.description)
        for claim in claims { writer.field("claim", claim) }
        for field in proof.fields { writer.field(field.name, field.value) }
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
        claims = reader.repeated("claim").map(\.value)
        proof = RecordedEvidence(from: &reader)
        let violations = reader.finish()
        guard violations.isEmpty, let key, let token else { throw Violations(violations) }
        publicKey = key
        self.token = token
        self.bytes = bytes
    }

    /// Verifies the text's evidence anew, and holds it against a policy.
    ///
    /// - Throws: `TokenError` where the token's URI is none.
    func review(_ policy: TokenPolicy) throws(TokenError) -> TokenReview {
        let uri = try TokenURI(text: token)
        return proof.review(
            publicKey, manufacturer: uri.manufacturer ?? "", model: uri.model ?? "",
            serial: uri.serial, claims: claims, policy: policy)
    }
}
