// SPDX-License-Identifier: Apache-2.0

import Glibc
import SoftHSMSupport
import TestSupport
import Token

extension Stand {
    /// tpm2-pkcs11 on swtpm, without a resource manager.
    ///
    /// A TPM has room for one key of ours beside what the module needs itself, and the module lets
    /// none go before it is finalised: the token is opened anew for each. The module crashes when its TPM goes away: a module in front shows
    /// what can be shown of that. Inside
    /// OpenSSL's engine it cannot begin a session, so OpenSC's pkcs11-tool is the judge.
    static func tpm() throws -> Stand {
        let state = SharedDirectory.file("tpm-state")
        let store = SharedDirectory.file("tpm-store")
        mkdir(state, 0o700)
        mkdir(store, 0o700)
        let port = try freePorts()
        let server = Server(
            "/usr/bin/swtpm",
            [
                "socket", "--tpm2", "--tpmstate", "dir=\(state)", "--ctrl",
                "type=tcp,port=\(port + 1),bindaddr=127.0.0.1", "--server",
                "type=tcp,port=\(port),bindaddr=127.0.0.1", "--flags",
                "not-need-init,startup-clear",
            ], environment: programs)
        let isReady = { isListening(port) && isListening(port + 1) }
        try server.start(isReady)
        let environment = [
            "TPM2_PKCS11_TCTI": "swtpm:host=127.0.0.1,port=\(port)",
            "TPM2_PKCS11_STORE": store, "TSS2_LOG": "all+NONE",
        ]
        let module = "/usr/lib/x86_64-linux-gnu/pkcs11/libtpm2_pkcs11.so"
        let tool = ["pkcs11-tool", "--module", module, "--slot-index", "0", "--so-pin", "12345678"]
        SharedDirectory.run(
            tool + ["--init-token", "--label", "ca"], environment: environment)
        SharedDirectory.run(
            tool + ["--init-pin", "--login", "--login-type", "so", "--pin", "123456"],
            environment: environment)
        makeKeys(
            module,
            [
                (id: "01", type: "EC:prime256v1"), (id: "02", type: "rsa:2048"),
            ], ["--token-label", "ca"], environment: environment)
        export(environment)
        return Stand(
            module: module, uri: TokenURI(token: "ca"), environment: environment,
            kinds: [.ecdsaP256, .rsa2048], makes: [.ecdsaP256, .ecdsaP384, .rsa2048, .rsa3072],
            refusals: [.ecdsaP521: .moduleFault], isForOneKey: true,
            faults: ["CKA_MODIFIABLE is true, must be false"],
            isJudgedByTool: true,
            stop: { try? server.stop() })
    }

    /// Two ports of the loopback that follow each other and are free.
    private static func freePorts() throws -> Int {
        for _ in 0..<100 {
            let port = Int.random(in: 20_000...30_000)
            if !isListening(port), !isListening(port + 1) { return port }
        }
        throw CheckFailure("no two ports are free")
    }

    /// Whether somebody listens on a port of the loopback, by the kernel's table: a connection would
    /// be the one that swtpm takes.
    private static func isListening(_ port: Int) -> Bool {
        let digits = String(port, radix: 16, uppercase: true)
        let place = ":" + String(repeating: "0", count: 4 - digits.count) + digits
        let table = (try? contents(ofFile: "/proc/net/tcp")) ?? []
        return String(decoding: table, as: UTF8.self).split(separator: "\n").contains { line in
            let fields = line.split(separator: " ")
            return fields.count > 3 && fields[1].hasSuffix(place) && fields[3] == "0A"
        }
    }
}
