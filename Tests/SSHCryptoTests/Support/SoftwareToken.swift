// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import SSHCrypto
import SSHFormats
import Testing

/// A FIDO token made of libcrypto: it signs as OpenSSH PROTOCOL.u2f lays down, and lies as asked.
final class SoftwareToken {
    struct Failure: Error {}

    let publicKey: PublicKey
    private let application: String
    private let key: OpaquePointer

    /// Makes a new key of `kind`, bound to `application`.
    init(_ kind: KeyKind, application: String) throws {
        let type = kind == .skEd25519 ? "ED25519" : "EC"
        guard let context = EVP_PKEY_CTX_new_from_name(nil, type, nil) else { throw Failure() }
        defer { EVP_PKEY_CTX_free(context) }
        try Self.require(EVP_PKEY_keygen_init(context))
        if kind == .skECDSA {
            try Self.require(EVP_PKEY_CTX_set_group_name(context, "P-256"))
        }
        var made: OpaquePointer?
        try Self.require(EVP_PKEY_generate(context, &made))
        guard let made else { throw Failure() }
        key = made
        self.application = application
        var point = [UInt8](repeating: 0, count: 133)
        var length = 0
        try Self.require(
            EVP_PKEY_get_octet_string_param(made, "pub", &point, point.count, &length))
        point.removeLast(point.count - length)
        publicKey = try PublicKey(
            kind == .skECDSA
                ? .skECDSA(point: point, application: application)
                : .skEd25519(point, application: application))
    }

    deinit { EVP_PKEY_free(key) }

    /// Signs `message` for `application`, asserting `flags` and `counter`.
    func sign(
        _ message: [UInt8], application: String, flags: UInt8, counter: UInt32
    ) throws -> Signature {
        var signed = SHA256Digest(hashing: Array(application.utf8)).bytes
        signed.append(flags)
        signed += (0..<4).map { UInt8(truncatingIfNeeded: counter >> (24 - 8 * $0)) }
        signed += SHA256Digest(hashing: message).bytes
        let assertion = SecurityKeyAssertion(flags: flags, counter: counter)
        if publicKey.kind == .skECDSA {
            return try Signature(
                algorithm: .skECDSA, value: try Self.numbers(try sign(signed, "SHA256")),
                securityKey: assertion)
        }
        return try Signature(
            algorithm: .skEd25519, value: .ed25519(try sign(signed, nil)),
            securityKey: assertion)
    }

    /// Signs `message` as a web page of `origin` has a token do, with the client data that browsers
    /// write unless another is given.
    func signInBrowser(
        _ message: [UInt8], origin: String, flags: UInt8 = 0x01, extensions: [UInt8] = [],
        clientData: [UInt8]? = nil
    ) throws -> Signature {
        let challenge = Base64.encode(message)
            .split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)[0]
            .map { $0 == "+" ? "-" : $0 == "/" ? "_" : String($0) }.joined()
        let usual =
            #"{"type":"webauthn.get","challenge":"\#(challenge)","origin":"\#(origin)","#
            + #""crossOrigin":false}"#
        let clientData = clientData ?? Array(usual.utf8)
        let assertion = SecurityKeyAssertion(
            flags: flags, counter: 3,
            webAuthn: WebAuthnAssertion(
                origin: origin, clientData: clientData, extensions: extensions))
        let signed =
            SHA256Digest(hashing: Array(application.utf8)).bytes + [flags, 0, 0, 0, 3] + extensions
            + SHA256Digest(hashing: clientData).bytes
        return try Signature(
            algorithm: .webAuthnECDSA, value: try Self.numbers(try sign(signed, "SHA256")),
            securityKey: assertion)
    }

    /// Signs `message` as ``SSHSIG`` does for `namespace`.
    func sshsig(
        _ message: [UInt8], namespace: String, flags: UInt8, counter: UInt32 = 1
    ) throws -> SSHSIG {
        let data = SSHSIG.signedData(
            namespace: namespace, hashAlgorithm: .sha512, messageHash: sha512(message))
        return try SSHSIG(
            publicKey: publicKey, namespace: namespace, hashAlgorithm: .sha512,
            signature: try sign(data, application: application, flags: flags, counter: counter))
    }

    private func sign(_ bytes: [UInt8], _ digest: String?) throws -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else { throw Failure() }
        defer { EVP_MD_CTX_free(context) }
        try Self.require(EVP_DigestSignInit_ex(context, nil, digest, nil, nil, key, nil))
        var signature = [UInt8](repeating: 0, count: 256)
        var length = signature.count
        try Self.require(EVP_DigestSign(context, &signature, &length, bytes, bytes.count))
        return Array(signature.prefix(length))
    }

    private static func numbers(_ der: [UInt8]) throws -> Signature.Value {
        try der.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            guard let signature = d2i_ECDSA_SIG(nil, &start, der.count) else { throw Failure() }
            defer { ECDSA_SIG_free(signature) }
            return .ecdsa(
                r: magnitude(of: ECDSA_SIG_get0_r(signature)),
                s: magnitude(of: ECDSA_SIG_get0_s(signature)))
        }
    }

    private static func magnitude(of number: OpaquePointer?) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 66)
        let length = BN_bn2bin(number, &bytes)
        return Array(bytes.prefix(Int(length)))
    }

    private static func require(_ result: Int32) throws {
        guard result == 1 else { throw Failure() }
    }
}
