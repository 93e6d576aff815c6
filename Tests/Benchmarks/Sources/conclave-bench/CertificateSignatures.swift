// SPDX-License-Identifier: Apache-2.0
import CBenchmarks

/// The two signatures that a ledger holds for each certificate, as libcrypto alone verifies them: the
/// authority's by P-256, and the request's by an Ed25519 key of its own.
struct CertificateSignatures: Sendable {
    /// The authority's key; threads share it.
    private let authority: SoftwareKey
    private let pairs: [Pair]

    private struct Pair: Sendable {
        let certificate: [UInt8]
        let issued: [UInt8]
        let request: [UInt8]
        let subject: [UInt8]
        let asked: [UInt8]
    }

    /// Signs `count` messages of either kind, as long as they are for a host.
    init(count: Int) throws {
        let authority = try SoftwareKey.curve()
        self.authority = authority
        pairs = try (0..<count).map { number in
            let subject = try SoftwareKey("subject \(number)")
            let certificate = Self.message(number, length: 420)
            let request = Self.message(number, length: 110)
            return Pair(
                certificate: certificate, issued: try authority.signature(over: certificate),
                request: request, subject: try subject.rawPublicKey(),
                asked: try subject.signature(over: request))
        }
    }

    /// For how many certificates libcrypto verifies both in a second on all cores, and the microseconds
    /// that a core spends on one.
    func rate() async throws -> (perSecond: Double, microseconds: Double) {
        try await verify()
        let start = clock()
        let seconds = try await Stopwatch.seconds { try await verify() }
        let spent = Double(clock() - start) / Double(CLOCKS_PER_SEC)
        return (Double(pairs.count) / seconds, spent / Double(pairs.count) * 1e6)
    }

    private func verify() async throws {
        try await Cores.share(pairs.count) { numbers in
            let issuing = try authority.verifier()
            for number in numbers {
                let pair = pairs[number]
                let asking = try SoftwareKey(rawPublicKey: pair.subject).verifier()
                guard issuing.verifies(pair.issued, over: pair.certificate),
                    asking.verifies(pair.asked, over: pair.request)
                else { throw Failure("a signature is not genuine") }
            }
        }
    }

    private static func message(_ number: Int, length: Int) -> [UInt8] {
        (0..<length).map { UInt8(truncatingIfNeeded: number &* 31 &+ $0) }
    }
}
