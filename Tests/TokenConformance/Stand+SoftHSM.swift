// SPDX-License-Identifier: Apache-2.0

import Glibc
import SoftHSMSupport
import TestSupport
import Token

extension Stand {
    private static let pairs = [
        (id: "01", type: "EC:prime256v1"), (id: "02", type: "EC:secp384r1"),
        (id: "03", type: "EC:secp521r1"), (id: "04", type: "rsa:2048"),
    ]

    /// Makes a SoftHSM token in a directory of its own; the variables that lead there.
    private static func makeSoftToken(_ directory: String) -> [String: String] {
        mkdir(SharedDirectory.file(directory), 0o700)
        let configuration = SharedDirectory.write(
            "\(directory).conf",
            """
            directories.tokendir = \(SharedDirectory.file(directory))
            objectstore.backend = file
            log.level = ERROR
            slots.removable = false

            """)
        let environment = ["SOFTHSM2_CONF": configuration]
        initialize("ca", environment)
        return environment
    }

    private static func initialize(_ label: String, _ environment: [String: String]) {
        SharedDirectory.run(
            [
                "softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", "12345678",
                "--pin", "123456",
            ], environment: environment)
    }

    /// SoftHSM: every kind of key, and no PIN that locks.
    static func softHSM() throws -> Stand {
        let environment = makeSoftToken("soft")
        makeKeys(
            SoftHSM.modulePath, pairs, ["--token-label", "ca"], environment: environment)
        // OpenSSL's engine sees no key on a token with one of Ed25519: those are on another.
        initialize("new", environment)
        export(environment)
        return Stand(
            module: SoftHSM.modulePath, uri: TokenURI(token: "ca"),
            generationURI: TokenURI(token: "new"), environment: environment,
            kinds: [.ecdsaP256, .ecdsaP384, .ecdsaP521, .rsa2048],
            makes: Set(CAKeyKind.allCases), faults: ["CKA_MODIFIABLE is true, must be false"],
            remark: "fewer tries left than at first")
    }

    /// p11-kit's client: SoftHSM in another process, which can be killed.
    static func remote() throws -> Stand {
        let environment = makeSoftToken("remote")
        makeKeys(
            SoftHSM.modulePath, pairs, ["--token-label", "ca"],
            environment: environment)
        let socket = SharedDirectory.file("p11")
        let server = Server(
            "/usr/bin/p11-kit",
            [
                "server", "-f", "-n", socket, "--provider", SoftHSM.modulePath, "pkcs11:token=ca",
            ], environment: environment.merging(programs) { $1 })
        try server.start { Server.isListening(socket) }
        let address = ["P11_KIT_SERVER_ADDRESS": "unix:path=\(socket)"]
        export(address)
        return Stand(
            module: "/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-client.so",
            uri: TokenURI(token: "ca"), environment: address,
            kinds: [.ecdsaP256, .ecdsaP384, .ecdsaP521, .rsa2048],
            makes: [
                .ecdsaP256, .ecdsaP384, .ecdsaP521, .rsa2048, .rsa3072, .rsa4096,
            ],
            faults: ["CKA_MODIFIABLE is true, must be false"],
            remark: "fewer tries left than at first",
            remove: {
                try server.stop()
                unlink(socket)
            },
            insert: { try server.start { Server.isListening(socket) } },
            stop: { try? server.stop() })
    }
}
