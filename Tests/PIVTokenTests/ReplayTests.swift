// SPDX-License-Identifier: Apache-2.0
import Glibc
import PIVCardSupport
import SSHCrypto
import SSHFormats
import Testing
import Token
import TokenEvidence

@testable import PIVToken

/// Recorded traffic, replayed: the same commands are sent, byte for byte, and understood as they were.
///
/// `RECORD_SNAPSHOTS=1` records the transcripts anew from the simulated card; what is at random in them
/// (keys, signatures) changes then.
@Suite("Recorded traffic with PIV cards", .timeLimit(.minutes(20)))
struct ReplayTests {
    /// Everything that has no randomness of ours in it.
    private static func session(_ token: PIVToken, _ signs: Bool) async throws -> [String] {
        var lines = ["\(token.identity.uri)", token.firmware.map { "\($0)" } ?? "no version"]
        let evidence = try await token.evidence()
        lines.append("PIN: \(evidence.pinTries.map { "\($0)" } ?? "-")")
        lines.append("PUK: \(evidence.pukTries.map { "\($0)" } ?? "-")")
        lines.append("\(evidence.defaultSecrets?.map(\.rawValue) ?? [])")
        let keys = try await token.keys()
        for key in keys {
            lines.append("\(key.label): \(key.publicKey.kind) \(key.evidence.statements)")
            lines.append("\(key.evidence.attestation?.certificates.count ?? 0) certificates")
        }
        try await token.login(PIN(Workbench.pin.utf8))
        for key in keys where signs {
            let signatures = try await token.sign([[1, 2, 3], []], with: key.publicKey)
            for (message, signature) in zip([[1, 2, 3], []] as [[UInt8]], signatures) {
                try VerificationKey(key.publicKey).verify(signature, over: message)
            }
        }
        return lines
    }

    private static let cases: [(name: String, firmware: String, kinds: [CAKeyKind])] = [
        ("firmware-5.4.3", "5.4.3", [.ecdsaP256, .ecdsaP384, .rsa2048]),
        ("firmware-5.2.7", "5.2.7", [.ecdsaP256]),
        ("firmware-5.7.1", "5.7.1", [.ed25519, .rsa3072]),
    ]

    @Test(
        "the commands are those of the transcript, and the answers are understood",
        arguments: cases.map(\.name))
    func replay(name: String) async throws {
        let test = try #require(Self.cases.first { $0.name == name })
        if getenv("RECORD_SNAPSHOTS") != nil {
            try await Self.record(test.name, test.firmware, test.kinds)
        }
        let transcript = try Transcript(name)
        let token = try await PIVToken.open(limits: Workbench.limits) { () throws(TokenError) in
            ReplayTransport(transcript)
        }
        let lines = try await Self.session(token, true)
        #expect(
            lines.contains(
                "piv:token=YubiKey%20PIV%20%2312345678;manufacturer=Yubico;serial=12345678;model=YubiKey"
            ))
        #expect(lines.contains(test.firmware))
        #expect(lines.filter { $0.hasPrefix("slot ") }.count == test.kinds.count)
        #expect(lines.contains("2 certificates"))
        await token.close()
    }

    private static func record(
        _ name: String, _ firmware: String, _ kinds: [CAKeyKind]
    ) async throws {
        let bench = try Workbench(firmware: firmware, attests: true)
        let maker = try await bench.open()
        let algorithm = try await maker.managementAlgorithm()
        try await maker.authenticate(ManagementKey(Workbench.managementKey))
        try await maker.login(PIN(Workbench.pin.utf8))
        for (slot, kind) in zip(PIVSlot.forKeys, kinds) {
            _ = try await maker.generate(KeyRequest(kind, label: "", slot: slot))
        }
        await maker.close()
        try bench.card.control.clearLog()
        let token = try await bench.open()
        _ = try await session(token, true)
        await token.close()
        try Transcript.write(
            name,
            "The simulated card of Tests/Support/piv-card as firmware \(firmware), management key "
                + "\(algorithm): identity, evidence, keys, login, two signatures of each key.",
            bytes("3BFD1300008131FE158073C021C057597562694B657940"),
            try bench.card.control.exchanges())
    }
}
