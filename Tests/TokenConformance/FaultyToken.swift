// SPDX-License-Identifier: Apache-2.0

import PKCS11Token
import SSHFormats
import SoftHSMSupport
import Token

/// What is done with a token, in the order in which a ceremony does it.
public enum Operation: String, CaseIterable, Codable, Sendable {
    /// The token is opened.
    case open
    /// Somebody logs in.
    case login
    /// All keys are listed.
    case keys
    /// One key is found.
    case find
    /// A key is made.
    case generate
    /// A key is made ready.
    case prepare
    /// Three messages are signed.
    case sign
    /// The token is closed.
    case close
}

/// A token of SoftHSM behind a module in which a call goes wrong, and what is done with it.
struct FaultyToken {
    static let messages = [[], [1], [UInt8](repeating: 7, count: 400)] as [[UInt8]]

    let module = FaultModule()
    private let uri: TokenURI
    private let key: PublicKey

    /// Makes a token with one key.
    init(_ label: String) async throws {
        uri = TokenURI(serial: SoftHSM.makeToken(label))
        let token = try await PKCS11Module(path: module.path).open(uri)
        try await token.login(try PIN(SoftHSM.pin.utf8))
        key = try await token.generate(KeyRequest(.ecdsaP256, label: "ca")).publicKey
        await token.close()
    }

    private func open(_ limits: TimeLimits) async throws -> PKCS11Token {
        try await PKCS11Module(path: module.path).open(uri, limits: limits)
    }

    /// Opens the token, and does what comes before an operation.
    func ready(
        for operation: Operation, _ limits: TimeLimits = .standard
    ) async throws -> PKCS11Token? {
        guard operation != .open else { return nil }
        let token = try await open(limits)
        if operation != .login { try await token.login(try PIN(SoftHSM.pin.utf8)) }
        if operation == .sign || operation == .close { try await token.prepare(key) }
        return token
    }

    /// Carries an operation out; the token, which `open` makes.
    func perform(
        _ operation: Operation, on token: PKCS11Token?, _ limits: TimeLimits = .standard
    ) async throws -> PKCS11Token? {
        guard let token else { return try await open(limits) }
        switch operation {
        case .open: break
        case .login: try await token.login(try PIN(SoftHSM.pin.utf8))
        case .keys:
            try require(try await token.keys().map(\.publicKey), is: [key], "the keys")
        case .find: try require(try await token.find(key).publicKey, is: key, "the key")
        case .generate: _ = try await token.generate(KeyRequest(.ecdsaP256, label: "other"))
        case .prepare: try await token.prepare(key)
        case .sign: try await sign(with: token)
        case .close: await token.close()
        }
        return token
    }

    /// Signs, and verifies what comes of it apart from the token.
    private func sign(with token: PKCS11Token) async throws {
        let signatures = try await token.sign(Self.messages, with: key)
        try Stand.verify(signatures, over: Self.messages, key)
    }

    /// Shows that the next try works: on the same token where it still is one, else when it is
    /// opened anew; then leaves the token as it was made.
    func recover(_ token: PKCS11Token?) async throws {
        let token = try await usable(token)
        try await token.login(try PIN(SoftHSM.pin.utf8))
        module.tell("wipe other")
        try await sign(with: token)
        try require(try await token.keys().map(\.publicKey), is: [key], "the keys")
        await token.close()
        try require(module["sessions"], is: 0, "the number of sessions that stay open")
        try require(module["wrong-logins"], is: 0, "the number of tries that were spent")
    }

    private func usable(_ token: PKCS11Token?) async throws -> PKCS11Token {
        guard let token else { return try await open(.standard) }
        do {
            _ = try await token.information()
        } catch {
            try await token.reopen()
        }
        return token
    }

    /// How often an operation calls each function.
    func calls(of operation: Operation) async throws -> [(function: String, count: UInt)] {
        let token = try await ready(for: operation)
        module.tell("clear")
        let done = try await perform(operation, on: token)
        let calls = FaultModule.functions.map { ($0, module[$0]) }
        try await recover(done)
        return calls.filter { $0.1 > 0 }
    }
}
