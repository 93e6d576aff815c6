// SPDX-License-Identifier: Apache-2.0
import PIVCardSupport
import SSHFormats
import Token
import TokenEvidence

@testable import PIVToken

/// A simulated card of the test's own, and tokens that are opened on it.
final class Workbench: Sendable {
    let card: PIVCard
    let line = SocketTransport.Line()

    static let pin = "123456"
    static let puk = "12345678"
    static let managementKey: [UInt8] = Array(repeating: [1, 2, 3, 4, 5, 6, 7, 8], count: 3)
        .flatMap { $0 }

    /// What stops a test that hangs, and not one that waits its turn.
    static let limits = TimeLimits(call: .seconds(120), signature: .seconds(120))

    /// Starts a card; one that attests costs an RSA key pair more.
    init(
        firmware: String = "5.4.3", quirks: [String: String] = [:], attests: Bool = false
    ) throws {
        let attestation = attests ? [:] : ["no-attestation": "on"]
        card = try PIVCard(
            PIVCardSettings(
                firmware: firmware, quirks: quirks.merging(attestation) { given, _ in given }))
    }

    /// Opens a token on the card.
    func open(
        limits: TimeLimits = Workbench.limits, observer: (any TokenObserver)? = nil,
        answerToReset: [UInt8]? = nil, isByteOriented: Bool = false
    ) async throws -> PIVToken {
        let path = card.socketPath
        let line = line
        return try await PIVToken.open(limits: limits, observer: observer) {
            () throws(TokenError) in
            try SocketTransport(
                path, line, answerToReset: answerToReset, isByteOriented: isByteOriented)
        }
    }

    /// Opens a token, logs in, and shows the management key.
    func openForWork(
        limits: TimeLimits = Workbench.limits, observer: (any TokenObserver)? = nil
    ) async throws -> PIVToken {
        let token = try await open(limits: limits, observer: observer)
        try await token.authenticate(ManagementKey(Self.managementKey))
        try await token.login(PIN(Self.pin.utf8))
        return token
    }

    /// A card with a key in a slot, its token logged in.
    static func withKey(
        _ kind: CAKeyKind = .ecdsaP256, slot: PIVSlot = .authentication,
        pinPolicy: PINPolicy? = nil, touchPolicy: TouchPolicy? = nil, firmware: String = "5.4.3",
        attests: Bool = false
    ) async throws -> (Workbench, PIVToken, PublicKey) {
        let bench = try Workbench(firmware: firmware, attests: attests)
        let token = try await bench.openForWork()
        let key = try await token.generate(
            KeyRequest(
                kind, label: "", slot: slot, pinPolicy: pinPolicy, touchPolicy: touchPolicy))
        return (bench, token, key.publicKey)
    }
}

/// The error of something that is expected to fail.
func tokenError(_ body: () async throws -> some Any) async -> TokenError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? TokenError
    }
}

/// Bytes of hexadecimal digits; blanks and line ends don't count.
func bytes(_ digits: String) -> [UInt8] {
    let plain = Array(digits.utf8).filter { $0 != 0x20 && $0 != 0x0A }
    return stride(from: 0, to: plain.count - plain.count % 2, by: 2).compactMap {
        UInt8(String(decoding: plain[$0...($0 + 1)], as: UTF8.self), radix: 16)
    }
}
