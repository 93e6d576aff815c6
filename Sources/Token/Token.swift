// SPDX-License-Identifier: Apache-2.0

public import SSHFormats
public import TokenEvidence

/// The hardware seam: a device that keeps private keys and signs with them.
///
/// Calls on one token are carried out one after the other, on a thread of the token's own: a touch
/// or a PIN pad holds up nobody else. Nothing is retried, a PIN least of all.
public protocol Token: Sendable {
    /// What the token said of itself when it was opened.
    var identity: TokenIdentity { get async }

    /// The way on which the token is reached.
    var route: TokenRoute { get async }

    /// Whether the token asks for the PIN on a pad of its own, so that none must be read.
    var hasPINPad: Bool { get async }

    /// Logs in, once.
    ///
    /// A token that has one try left is not tried unless `allowLastTry` says so. The PIN is kept,
    /// hidden, for keys that want it for each signature, until the token is closed. Without a PIN
    /// the token must have a pad.
    ///
    /// - Throws: ``TokenError`` with what the token's flags say of the tries left.
    func login(_ pin: PIN?, allowLastTry: Bool) async throws(TokenError)

    /// What the device says of itself now; the tries that are left change with each wrong PIN.
    ///
    /// - Throws: ``TokenError`` where the token cannot be asked.
    func evidence() async throws(TokenError) -> DeviceEvidence

    /// The key pairs that can sign, each with what is known of its private key.
    ///
    /// - Throws: ``TokenError``; a login comes first.
    func keys() async throws(TokenError) -> [TokenKey]

    /// Finds a key pair by its public key.
    ///
    /// - Throws: ``TokenError`` where there is none, or more than one alike.
    func find(_ publicKey: PublicKey) async throws(TokenError) -> TokenKey

    /// Makes a key pair that can never leave the token, and tries it.
    ///
    /// What is known of it is read back and nothing may be at fault; a signature is made and
    /// verified. Nothing is ever deleted: where the new key fails, the error says how to remove it.
    ///
    /// - Throws: ``TokenError``, also where the label or the slot is taken already.
    func generate(_ request: KeyRequest) async throws(TokenError) -> TokenKey

    /// Takes a key on this token for the copy that the home's founders declared: restored from its
    /// maker's wrapped backup, and not made here.
    func acceptCopy(of key: PublicKey) async

    /// Makes ready to sign certificates with a key, so that the first signature costs no search.
    ///
    /// - Throws: ``TokenError`` where the key is not there once, or an attribute of it is at fault.
    func prepare(_ key: PublicKey) async throws(TokenError)

    /// Signs whole messages with a certificate authority's key; one SSH signature for each.
    ///
    /// The digest is made on the host: that of the curve for ECDSA, SHA-512 for RSA. Each signature
    /// is verified with the key, and none is handed out before all are.
    ///
    /// - Throws: ``TokenError`` at the first message that is not signed, where a signature is wrong,
    ///   or where an attribute of the key is at fault.
    func sign(
        _ messages: [[UInt8]], with key: PublicKey
    ) async throws(TokenError) -> [Signature]

    /// Signs as ``sign(_:with:)`` does, for a caller who verifies each signature himself.
    ///
    /// A ceremony verifies each certificate as a whole, while the token makes the next ones; what
    /// would be verified here would be verified twice.
    ///
    /// - Throws: ``TokenError`` at the first message that is not signed, or where an attribute of
    ///   the key is at fault.
    func signUnverified(
        _ messages: [[UInt8]], with key: PublicKey
    ) async throws(TokenError) -> [UnverifiedSignature]

    /// The texts of checkpoints that the token keeps of a home, named by its genesis digest.
    ///
    /// One at most, unless a change of it was interrupted.
    ///
    /// - Throws: ``TokenError``, `unsupported` where the token can keep none; a login comes first.
    func checkpoints(of home: String) async throws(TokenError) -> [[UInt8]]

    /// Has the token keep the text of a checkpoint of a home, in the place of earlier ones.
    ///
    /// - Throws: ``TokenError``, `unsupported` where the token can keep none; a login comes first, and
    ///   on a PIV card its management key.
    func keepCheckpoint(_ text: [UInt8], of home: String) async throws(TokenError)

    /// Logs out and lets go of the token; further calls are refused.
    func close() async
}

extension Token {
    /// Does nothing: a token without wrapped backups has no copies, and each key is judged as one
    /// that was made on it.
    public func acceptCopy(of key: PublicKey) async {}

    /// Refuses: not every device has room for what is no key.
    ///
    /// - Throws: ``TokenError``, `unsupported`.
    public func checkpoints(of home: String) async throws(TokenError) -> [[UInt8]] {
        throw TokenError(.unsupported, "\(await identity) can keep no checkpoint")
    }

    /// Refuses: not every device has room for what is no key.
    ///
    /// - Throws: ``TokenError``, `unsupported`.
    public func keepCheckpoint(_ text: [UInt8], of home: String) async throws(TokenError) {
        throw TokenError(.unsupported, "\(await identity) can keep no checkpoint")
    }

    /// Logs in, once, and not with the last try.
    ///
    /// - Throws: ``TokenError`` with what the token's flags say of the tries left.
    public func login(_ pin: PIN?) async throws(TokenError) {
        try await login(pin, allowLastTry: false)
    }
}
