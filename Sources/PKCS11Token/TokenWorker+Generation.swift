// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import SSHCrypto
import SSHFormats
import Token

extension TokenWorker {
    /// Makes a key pair that can never leave the token, and tries it.
    func generate(_ request: KeyRequest) throws(TokenError) -> TokenKey {
        let kind = request.kind
        let label = request.label
        guard request.slot == nil, request.pinPolicy == nil, request.touchPolicy == nil else {
            throw TokenError(
                .unsupported, "slot and policies of PIV keys cannot be asked of a PKCS#11 module",
                hint: "name the card by a piv: URI, which reaches it directly")
        }
        try Self.requirePlain(label)
        return try onToken { connection throws(TokenError) in
            try requireLogin(connection)
            try requireFree(connection, label)
            let id = try connection.cryptoki.random(connection.session, count: 16)
            let pair: Pair
            do throws(TokenError) {
                pair = try connection.withWritableSession { session throws(TokenError) in
                    try makePair(connection, session, kind, label, id)
                }
            } catch {
                guard error.operation == "C_GenerateKeyPair",
                    Self.requestRefused.contains(error.status)
                else { throw error }
                throw TokenError(
                    .unsupported,
                    "the module makes no key with the attributes that an authority's must have",
                    operation: error.operation, status: error.status,
                    statusName: error.statusName,
                    hint: "make it with the maker's own tool; on a PIV card, by its piv: URI")
            }
            do throws(TokenError) {
                return try tryOut(connection, kind, label, id, pair)
            } catch {
                throw TokenError(
                    error.code, "the new key \(label.quotedForDisplay) is refused: \(error.detail)",
                    operation: error.operation, status: error.status,
                    statusName: error.statusName, hint: removal(id))
            }
        }
    }

    private static func requirePlain(_ label: String) throws(TokenError) {
        guard (1...PKCS11Token.maximumLabelLength).contains(label.utf8.count),
            label.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw TokenError(
                .unsupported,
                "label \(label.quotedForDisplay) is not 1 to \(PKCS11Token.maximumLabelLength) printable "
                    + "ASCII characters without blanks")
        }
    }

    private func requireFree(_ connection: Connection, _ label: String) throws(TokenError) {
        var template = AttributeTemplate()
        template.add(CKA_LABEL, Array(label.utf8))
        guard try connection.cryptoki.find(connection.session, template).isEmpty else {
            throw TokenError(
                .labelTaken, "label \(label.quotedForDisplay) is on \(identity) already")
        }
    }

    private typealias Pair = (publicKey: CK_OBJECT_HANDLE, privateKey: CK_OBJECT_HANDLE)

    private func makePair(
        _ connection: Connection, _ session: CK_SESSION_HANDLE, _ kind: CAKeyKind,
        _ label: String, _ id: [UInt8]
    ) throws(TokenError) -> Pair {
        var privateTemplate = AttributeTemplate()
        for (type, value) in [
            (CKA_TOKEN, true), (CKA_PRIVATE, true), (CKA_SENSITIVE, true),
            (CKA_EXTRACTABLE, false), (CKA_SIGN, true), (CKA_MODIFIABLE, false),
        ] {
            privateTemplate.add(type, value)
        }
        privateTemplate.add(CKA_LABEL, Array(label.utf8))
        privateTemplate.add(CKA_ID, id)

        var publicTemplate = AttributeTemplate()
        for (type, value) in [
            (CKA_TOKEN, true), (CKA_PRIVATE, false), (CKA_VERIFY, true), (CKA_MODIFIABLE, false),
        ] {
            publicTemplate.add(type, value)
        }
        publicTemplate.add(CKA_LABEL, Array(label.utf8))
        publicTemplate.add(CKA_ID, id)

        func make(
            _ mechanism: CK_MECHANISM_TYPE, _ finish: (inout AttributeTemplate) -> Void
        ) throws(TokenError) -> Pair {
            var template = publicTemplate
            finish(&template)
            return try connection.cryptoki.generateKeyPair(
                session, mechanism, publicTemplate: template, privateTemplate: privateTemplate)
        }
        if let bits = kind.modulusBits {
            return try make(CKM_RSA_PKCS_KEY_PAIR_GEN) {
                $0.add(CKA_MODULUS_BITS, number: CK_ULONG(bits))
                $0.add(CKA_PUBLIC_EXPONENT, [1, 0, 1])
            }
        }
        if let curve = kind.keyKind.curve {
            return try make(CKM_EC_KEY_PAIR_GEN) {
                $0.add(CKA_EC_PARAMS, KeyNumbers.parameters(curve))
            }
        }
        do throws(TokenError) {
            return try make(CKM_EC_EDWARDS_KEY_PAIR_GEN) {
                $0.add(CKA_EC_PARAMS, KeyNumbers.ed25519)
            }
        } catch {
            // Older modules know the curve by its name alone.
            guard Self.parametersRefused.contains(error.status) else { throw error }
            return try make(CKM_EC_EDWARDS_KEY_PAIR_GEN) {
                $0.add(CKA_EC_PARAMS, KeyNumbers.ed25519Name)
            }
        }
    }

    private static let requestRefused: Set<CK_RV> = [
        CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_VALUE_INVALID, CKR_TEMPLATE_INCONSISTENT,
    ]

    private static let parametersRefused: Set<CK_RV> = [
        CKR_ATTRIBUTE_VALUE_INVALID, CKR_CURVE_NOT_SUPPORTED, CKR_DOMAIN_PARAMS_INVALID,
        CKR_MECHANISM_PARAM_INVALID, CKR_TEMPLATE_INCONSISTENT,
    ]

    /// Reads the new key back, demands that nothing is at fault, and has it sign.
    private func tryOut(
        _ connection: Connection, _ kind: CAKeyKind, _ label: String, _ id: [UInt8],
        _ pair: Pair
    ) throws(TokenError) -> TokenKey {
        guard
            let publicKey = try KeyNumbers.publicKey(
                connection.cryptoki, connection.session, pair.publicKey),
            kind.describes(publicKey)
        else {
            throw TokenError(.moduleFault, "the token made no key of kind \(kind)")
        }
        let sanity = publicKey.sanityFaults()
        guard sanity.isEmpty else {
            throw TokenError(.moduleFault, sanity.joined(separator: "; "))
        }
        let found = try findSigningKey(connection, publicKey)
        guard found.handle == pair.privateKey || found.key.id == id else {
            throw TokenError(
                .moduleFault, "the private key that is found by the public key is another one")
        }
        try found.key.requireNoFaults(on: identity)
        let nonce = try connection.cryptoki.random(connection.session, count: 32)
        let message = Array("conclave: first signature of a new key\n".utf8) + nonce
        do throws(TokenError) {
            _ = try signature(connection, over: message, found)
        } catch {
            guard error.code == .wrongSignature else { throw error }
            throw TokenError(.wrongSignature, "its first signature is wrong: \(error.detail)")
        }
        return found.key
    }

    private func removal(_ id: [UInt8]) -> String {
        let tool =
            "pkcs11-tool --module \(module.path) --token-label "
            + "\(identity.label.quotedForDisplay) --login --delete-object"
        return "both objects are still on \(identity); to remove them: "
            + "\(tool) --type privkey --id \(id.hex), and with --type pubkey"
    }
}
