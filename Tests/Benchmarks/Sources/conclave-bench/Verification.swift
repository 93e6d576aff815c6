// SPDX-License-Identifier: Apache-2.0
import CBenchmarks
import SSHCrypto
import SSHFormats

/// How fast certificates are read and their signatures verified on all cores, against libcrypto that
/// verifies the same signatures and does nothing else.
struct Verification: Sendable {
    private let maker: CertificateMaker
    private let certificates: [Certificate]

    init(_ maker: CertificateMaker, count: Int) throws {
        self.maker = maker
        certificates = try (1...UInt64(count)).map { try maker.certificate($0) }
    }

    /// The row of reading and verifying.
    func row(rounds: Int) async throws -> Row {
        let blobs = certificates.map(\.blob)
        let key = try VerificationKey(maker.authority.publicKey())
        let turns = try await Stopwatch.compare(rounds: rounds) {
            try await Cores.share(blobs.count) { indices in
                for index in indices {
                    try Certificate(blob: blobs[index]).verifySignature(using: key)
                }
            }
        } _: {
            try await verifyByLibrary()
        }
        let ratios = turns.map { $0.baseline / $0.ours }
        return Row(
            name: "read and verify certificates, \(Cores.count) cores",
            ours: rate(turns.map(\.ours)), baseline: "libcrypto \(rate(turns.map(\.baseline)))",
            ratios: ratios, goal: "0.8 x", isMet: ratios.median >= 0.8)
    }

    /// How many signatures libcrypto verifies in a second on all cores, and the microseconds that a
    /// core spends on one.
    func libraryRate() async throws -> (perSecond: Double, microseconds: Double) {
        try await verifyByLibrary()
        let start = clock()
        let seconds = try await Stopwatch.seconds { try await verifyByLibrary() }
        let spent = Double(clock() - start) / Double(CLOCKS_PER_SEC)
        let count = Double(certificates.count)
        return (count / seconds, spent / count * 1e6)
    }

    private func verifyByLibrary() async throws {
        let signatures = certificates.map { certificate -> [UInt8] in
            guard case .ed25519(let octets) = certificate.signature.value else { return [] }
            return octets
        }
        let messages = certificates.map(\.toBeSigned)
        try await Cores.share(signatures.count) { indices in
            let verifier = try maker.authority.verifier()
            for index in indices {
                guard verifier.verifies(signatures[index], over: messages[index]) else {
                    throw Failure("a signature is not genuine")
                }
            }
        }
    }

    private func rate(_ seconds: [Double]) -> String {
        "\(Int(Double(certificates.count) / seconds.median)) a second"
    }
}
