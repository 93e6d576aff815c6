// SPDX-License-Identifier: Apache-2.0
public import SSHCrypto
public import SSHFormats
public import TestSupport

/// Keys and certificates made by OpenSSL, each under a name of its own, in a directory of its own.
public struct CertificateMaker {
    /// What keeps a certificate from being made.
    public struct Failure: Error, CustomStringConvertible {
        /// What went wrong.
        public let description: String
    }

    /// Where keys and certificates are: `NAME.key`, `NAME.pub`, `NAME.pem`.
    public let directory: TemporaryDirectory

    /// Makes an empty place.
    public init() throws {
        directory = try TemporaryDirectory()
    }

    /// Makes a key pair: `EC:P-256`, `EC:P-384`, `EC:P-521`, `EC:secp256k1`, `RSA:2048`, `ED25519`.
    public func key(_ name: String, _ algorithm: String = "EC:P-256") throws {
        let parts = algorithm.split(separator: ":").map(String.init)
        var arguments = ["genpkey", "-algorithm", parts[0], "-out", directory.file("\(name).key")]
        switch parts[0] {
        case "EC": arguments += ["-pkeyopt", "ec_paramgen_curve:\(parts[1])"]
        case "RSA": arguments += ["-pkeyopt", "rsa_keygen_bits:\(parts[1])"]
        default: break
        }
        try openssl(arguments)
        try openssl([
            "pkey", "-in", directory.file("\(name).key"), "-pubout", "-out",
            directory.file("\(name).pub"),
        ])
    }

    /// Puts a key pair of ``ready`` here, under another name.
    public func take(_ ready: String, as name: String) throws {
        let pair = try Self.ready.get()[ready]
        guard let pair else { throw Failure(description: "there is no key \(ready)") }
        try directory.write("\(name).key", pair.key)
        try directory.write("\(name).pub", pair.pub)
    }

    /// Key pairs that are made once and used by many tests.
    private static let ready: Result<[String: (key: [UInt8], pub: [UInt8])], any Error> = Result {
        let maker = try CertificateMaker()
        var pairs: [String: (key: [UInt8], pub: [UInt8])] = [:]
        for set in ["first", "other"] {
            for (name, algorithm) in [
                ("root", "EC:P-256"), ("intermediate", "EC:P-384"), ("f9", "RSA:2048"),
                ("ca", "EC:P-384"), ("rsa", "RSA:2048"),
            ] {
                try maker.key("\(set)-\(name)", algorithm)
                pairs["\(set)-\(name)"] = (
                    try maker.directory.read("\(set)-\(name).key"),
                    try maker.directory.read("\(set)-\(name).pub")
                )
            }
        }
        return pairs
    }

    /// Puts the public half of a key here that is elsewhere.
    public func take(_ key: PublicKey, as name: String) throws {
        guard let info = SubjectPublicKeyInfo(key) else {
            throw Failure(description: "\(key.kind) is no key of X.509")
        }
        let path = try directory.write("\(name).der", info.bytes)
        try openssl([
            "pkey", "-pubin", "-inform", "DER", "-in", path, "-out", directory.file("\(name).pub"),
        ])
    }

    /// Makes a certificate over the key `key`, signed by the key `issuer` in the name of its
    /// certificate, or by itself.
    @discardableResult
    public func certificate(
        _ name: String, key: String, subject: String, issuer: (name: String, key: String)? = nil,
        extensions: [String] = [], options: [String] = []
    ) throws -> X509Certificate {
        let list = try directory.write("\(name).ext", extensions.map { $0 + "\n" }.joined())
        var arguments = [
            "x509", "-new", "-subj", subject, "-extfile", list, "-days", "10", "-out",
            directory.file("\(name).pem"),
        ]
        if let issuer {
            arguments += [
                "-force_pubkey", directory.file("\(key).pub"), "-CA",
                directory.file("\(issuer.name).pem"), "-CAkey",
                directory.file("\(issuer.key).key"),
            ]
        } else {
            arguments += ["-key", directory.file("\(key).key")]
        }
        try openssl(arguments + options)
        return try self.certificate(name)
    }

    /// The certificate of this name.
    public func certificate(_ name: String) throws -> X509Certificate {
        let found = try X509CertificateFile.certificates(try directory.read("\(name).pem"))
        guard let first = found.first else { throw Failure(description: "\(name).pem is empty") }
        return first
    }

    /// The public key of this name, as X.509 writes it.
    public func info(_ name: String) throws -> SubjectPublicKeyInfo {
        let outcome = try openssl([
            "pkey", "-pubin", "-in", directory.file("\(name).pub"), "-outform", "DER",
        ])
        return try SubjectPublicKeyInfo(der: outcome.outputBytes)
    }

    /// Runs `openssl`, which must succeed.
    @discardableResult
    public func openssl(_ arguments: [String]) throws -> Subprocess.Outcome {
        let outcome = try Subprocess.run("/usr/bin/openssl", arguments)
        guard outcome.status == .exited(0) else {
            throw Failure(description: "openssl \(arguments): \(outcome.errors)")
        }
        return outcome
    }
}
