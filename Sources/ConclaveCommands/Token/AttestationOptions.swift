// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ceremony
import CeremonyRunner
import Documents
import Issuance
import SSHCrypto
import SSHFormats
import Token
import TokenEvidence

/// What attestations are verified with: certificates that the site brings, roots, and a policy.
struct AttestationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Certificates between the device's and a root, PEM; may be repeated.",
            valueName: "file"))
    var intermediate: [String] = []

    @Option(
        help: ArgumentHelp(
            "Certificates to trust as roots beside Yubico's published ones, PEM; may be repeated.",
            valueName: "file"))
    var root: [String] = []

    /// What was read of the files.
    struct Inputs {
        /// Certificates in DER.
        var certificates: [[UInt8]] = []
        /// What is demanded.
        var policy = TokenPolicy.standard

        /// Holds a key against it.
        func review(
            _ key: TokenKey, _ device: DeviceEvidence, _ identity: TokenIdentity
        ) -> TokenReview {
            TokenReview(
                key.publicKey, key: key.evidence, device: device,
                manufacturer: identity.manufacturer, certificates: certificates, policy: policy)
        }
    }

    /// Reads the files, and those that a home keeps for this.
    ///
    /// - Throws: an error that a person reads, where one is no list of certificates.
    func inputs(of home: Home?) throws -> Inputs {
        var inputs = try inputs(home?.state.policy.tokens ?? .standard)
        if let home {
            inputs.certificates += try AttestationFolder.certificates(home: home.path)
        }
        return inputs
    }

    /// Reads the files.
    ///
    /// - Throws: an error that a person reads, where one is no list of certificates.
    func inputs(_ policy: TokenPolicy = .standard) throws -> Inputs {
        var inputs = Inputs(policy: policy)
        for path in intermediate {
            inputs.certificates += try Self.read(path).map(\.bytes)
        }
        for certificate in try root.flatMap(Self.read) {
            inputs.certificates.append(certificate.bytes)
            inputs.policy.roots.append(
                AttestationRoot(pin: certificate.subjectPublicKeyInfo.digest))
        }
        return inputs
    }

    private static func read(_ path: String) throws -> [X509Certificate] {
        let bytes = try InputFile.read(path, limit: X509CertificateFile.maximumLength)
        do throws(SSHCryptoError) {
            return try X509CertificateFile.certificates(bytes)
        } catch {
            throw RunnerError.refused(
                subject: quoted(path), [Violation(.tokenAttestation, "\(error)")])
        }
    }
}
