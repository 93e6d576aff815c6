// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// SoftHSM with tokens of this test process alone.
///
/// All test targets run in one process, and SoftHSM reads its configuration when it starts: so there
/// is one directory of tokens for all of them, and each test makes the tokens it needs. The module is
/// initialised here and stays so.
///
/// No other process may touch the tokens meanwhile: SoftHSM 2.6 takes a token that another process is
/// writing to for a broken one, and never looks again. So keys that other programs make are made
/// before the module starts, on ``foreignTokens``.
public enum SoftHSM {
    /// Where Debian installs the module.
    public static let modulePath = "/usr/lib/softhsm/libsofthsm2.so"
    /// The PIN of every token that is made here.
    public static let pin = "123456"
    private static let officerPIN = "12345678"

    private static let environment: [String: String] = {
        let tokens = SharedDirectory.file("tokens")
        mkdir(tokens, 0o700)
        let configuration = SharedDirectory.write(
            "softhsm2.conf",
            """
            directories.tokendir = \(tokens)
            objectstore.backend = file
            log.level = ERROR
            slots.removable = false

            """)
        return ["SOFTHSM2_CONF": configuration]
    }()

    /// Makes a token; its serial number, which no other has, whatever the labels.
    @discardableResult
    public static func makeToken(_ label: String) -> String {
        administrator.withLock { administrator in
            let known = Set(administrator.tokens().map(\.serial))
            administrator.initialize(label, officerPIN: officerPIN)
            let made = administrator.tokens().first { !known.contains($0.serial) }
            guard let made else { fatalError("token \(label) is not there") }
            administrator.setPIN(made.slot, officerPIN: officerPIN, pin: pin)
            return made.serial
        }
    }

    /// A token with keys that `pkcs11-tool` made; one test opens each.
    public struct ForeignToken: Sendable {
        /// The token's label, which no other token has.
        public let label: String
        fileprivate let keys: [ForeignKey]
    }

    fileprivate struct ForeignKey {
        let id: String
        let label: String
        let kind: String
        var option: String?
    }

    /// A token with a key that can be taken out, and two that cannot.
    public static let plainForeignToken = ForeignToken(
        label: "foreign",
        keys: [
            ForeignKey(
                id: "01", label: "extractable", kind: "EC:prime256v1", option: "--extractable"),
            ForeignKey(id: "02", label: "plain", kind: "EC:secp384r1"),
            ForeignKey(id: "03", label: "edwards", kind: "EC:edwards25519"),
        ])
    /// A token with a key that wants the PIN for each signature.
    public static let alwaysAuthenticatingToken = ForeignToken(
        label: "context",
        keys: [
            ForeignKey(id: "01", label: "always", kind: "EC:prime256v1", option: "--always-auth")
        ])
    /// A token with two pairs of keys that share an ID.
    public static let ambiguousToken = ForeignToken(
        label: "alike",
        keys: [
            ForeignKey(id: "05", label: "one", kind: "EC:prime256v1"),
            ForeignKey(id: "05", label: "other", kind: "EC:prime256v1"),
            ForeignKey(id: "06", label: "rsa", kind: "rsa:2048"),
            ForeignKey(id: "06", label: "another rsa", kind: "rsa:2048"),
        ])

    /// The tokens that are there from the start.
    public static let foreignTokens = [
        plainForeignToken, alwaysAuthenticatingToken, ambiguousToken,
    ]

    private static func makeForeignTokens() {
        for token in foreignTokens {
            SharedDirectory.run(
                [
                    "softhsm2-util", "--init-token", "--free", "--label", token.label,
                    "--so-pin", officerPIN, "--pin", pin,
                ], environment: environment)
            for key in token.keys {
                SharedDirectory.run(
                    [
                        "pkcs11-tool", "--module", modulePath, "--token-label", token.label,
                        "--login", "--pin", pin, "--keypairgen", "--id", key.id,
                        "--label", key.label, "--key-type", key.kind, "--usage-sign",
                    ] + (key.option.map { [$0] } ?? []), environment: environment)
            }
        }
    }

    /// Makes ready; the first call of any test that loads the module itself.
    public static func start() { administrator.withLock { _ in } }

    private static let administrator: Mutex<TokenAdministrator> = {
        makeForeignTokens()
        for (name, value) in environment { setenv(name, value, 1) }
        // Read when the module starts, and no program that a test runs shall come by it unasked.
        defer { for name in environment.keys { unsetenv(name) } }
        return Mutex(TokenAdministrator(modulePath))
    }()
}
