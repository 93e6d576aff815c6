// SPDX-License-Identifier: Apache-2.0

import Glibc
import SSHFormats
import Token

@testable import PKCS11Token

/// SoftHSM with tokens of this test process alone.
///
/// All tokens are made, and filled by programs that are not ours, before the module is loaded:
/// SoftHSM 2.6 loses sight of a token that another process is writing to.
enum SoftHSM {
    static let path = "/usr/lib/softhsm/libsofthsm2.so"
    static let pin = "123456"

    /// One token for each test that opens one, since a token is open once in a process.
    enum Label: String, CaseIterable {
        case generation
        case labels
        case login
        case wrongPIN = "wrong-pin"
        case foreign
        case alike
        case search
        case left
        case right
        case officer
        case lifetime
        case reopened
        case context
    }

    /// The serial numbers of the two tokens with the label "twin" are found by listing.
    static let twinLabel = "twin"

    /// The module, with all tokens in place.
    static let module: PKCS11Module = {
        let configuration = Workspace.write(
            "softhsm2.conf",
            """
            directories.tokendir = \(Workspace.path)/tokens
            objectstore.backend = file
            log.level = ERROR
            slots.removable = false

            """)
        setenv("SOFTHSM2_CONF", configuration, 1)
        mkdir("\(Workspace.path)/tokens", 0o700)
        for label in Label.allCases.map(\.rawValue) + [twinLabel, twinLabel] {
            run(
                "softhsm2-util", "--init-token", "--free", "--label", label,
                "--so-pin", "12345678", "--pin", pin)
        }
        makeForeignKeys()
        do {
            return try PKCS11Module(path: path)
        } catch {
            fatalError("\(error)")
        }
    }()

    /// Keys as programs other than ours make them.
    private static func makeForeignKeys() {
        func make(_ token: Label, _ id: String, _ label: String, _ more: String...) {
            run(
                [
                    "pkcs11-tool", "--module", path, "--token-label", token.rawValue, "--login",
                    "--pin", pin, "--keypairgen", "--id", id, "--label", label, "--usage-sign",
                ] + more)
        }
        make(.foreign, "01", "extractable", "--key-type", "EC:prime256v1", "--extractable")
        make(.foreign, "02", "plain", "--key-type", "EC:secp384r1")
        make(.foreign, "03", "edwards", "--key-type", "EC:edwards25519")
        make(.context, "01", "always", "--key-type", "EC:prime256v1", "--always-auth")
        make(.alike, "05", "one", "--key-type", "EC:prime256v1")
        make(.alike, "05", "other", "--key-type", "EC:prime256v1")
        make(.alike, "06", "rsa", "--key-type", "rsa:2048")
        make(.alike, "06", "another rsa", "--key-type", "rsa:2048")
    }

    private static func run(_ arguments: String...) { run(arguments) }

    private static func run(_ arguments: [String]) {
        Workspace.run(
            arguments, environment: ["SOFTHSM2_CONF=\(Workspace.path)/softhsm2.conf"])
    }

    /// Opens a token.
    static func open(_ label: Label) async throws -> PKCS11Token {
        try await module.open(TokenURI(token: label.rawValue))
    }

    /// Opens a token and logs in.
    static func openAndLogIn(_ label: Label) async throws -> PKCS11Token {
        let token = try await open(label)
        try await token.login(try PIN(pin.utf8))
        return token
    }
}
