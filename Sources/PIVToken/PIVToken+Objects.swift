// SPDX-License-Identifier: Apache-2.0

public import Token

extension PIVToken {
    /// The certificate of a slot in DER; nil where there is none.
    ///
    /// - Throws: ``Token/TokenError`` where it is packed with gzip, which is not unpacked, or the card
    ///   cannot be asked.
    public nonisolated func certificate(of slot: PIVSlot) async throws(TokenError) -> [UInt8]? {
        try await timed { (token) throws(TokenError) in
            try token.onCard { card throws(TokenError) in try card.certificate(slot) }
        }
    }

    /// Writes a slot's certificate, or removes it where none is given.
    ///
    /// - Throws: ``Token/TokenError`` where the certificate is not of the slot's key, or the card does
    ///   not take it; the management key comes first.
    public nonisolated func write(
        certificate: [UInt8]?, to slot: PIVSlot
    ) async throws(TokenError) {
        try await timed { (token) throws(TokenError) in
            try token.onCard { card throws(TokenError) in
                if let certificate, slot != .attestation {
                    let own = CertificateKey.key(in: certificate)
                    guard let key = try token.key(card, in: slot), key.publicKey == own else {
                        throw TokenError(
                            .keyMismatch,
                            "the certificate is not of the key in slot \(slot) of \(token.identity)"
                        )
                    }
                }
                try token.showManagementKey(card)
                try card.write(
                    certificate.map(PIVCertificate.object) ?? [], to: .certificate(slot))
            }
        }
    }

    /// What a data object holds; nil where there is none, or it is empty.
    ///
    /// - Throws: ``Token/TokenError`` where the card does not give it; some want a login.
    public nonisolated func object(_ object: PIVObject) async throws(TokenError) -> [UInt8]? {
        try await timed { (token) throws(TokenError) in
            try token.onCard { card throws(TokenError) in
                if token.pin != nil { try token.ensureLogin(card) }
                return try card.object(object)
            }
        }
    }

    /// Writes a data object, or removes it where there are no bytes.
    ///
    /// - Throws: ``Token/TokenError`` where the card does not take it; the management key comes first.
    public nonisolated func write(
        _ bytes: [UInt8], to object: PIVObject
    ) async throws(TokenError) {
        try await timed { (token) throws(TokenError) in
            try token.onCard { card throws(TokenError) in
                try token.showManagementKey(card)
                try card.write(bytes, to: object)
            }
        }
    }
}
