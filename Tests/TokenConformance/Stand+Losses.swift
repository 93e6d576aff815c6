// SPDX-License-Identifier: Apache-2.0

import PKCS11Token
import SSHCrypto
import SSHFormats
import SoftHSMSupport
import Token

extension Stand {
    /// The same back end with a module in front that can let calls go wrong.
    private func faulty() throws -> (module: FaultModule, stand: Stand) {
        guard let module else { throw CheckFailure("no module can stand in front of a card") }
        let front = FaultModule(module)
        return (
            front,
            Stand(
                pin: pin, wrongPIN: wrongPIN, module: front.path, initialization: initialization,
                uri: uri, environment: environment, kinds: kinds, isForOneKey: isForOneKey)
        )
    }

    private func approve(_ token: any TestedToken, _ key: PublicKey) async throws {
        let made = try await token.approvalSignature(
            over: [1, 2, 3], namespace: "conformance", key: key)
        _ = try made.verify(message: [1, 2, 3], namespace: "conformance")
    }

    func showLostLogin() async throws {
        guard let disturb else {
            let (front, stand) = try faulty()
            try await stand.withKeys { token, key in
                let key = key.publicKey
                try await approve(token, key)
                front.tell("at C_SignInit 1 lose")
                try await approve(token, key)
                front.tell("at C_Sign 1 lose")
                try await approve(token, key)
                front.tell("clear")
            }
            try require(front["wrong-logins"], is: 0, "the number of wrong logins")
            return
        }
        try await withKeys { token, key in
            try await approve(token, key.publicKey)
            try disturb()
            try await approve(token, key.publicKey)
        }
    }

    func showRemoval() async throws {
        guard let remove, let insert else {
            let (front, stand) = try faulty()
            try await stand.showRemoval({ front.tell("remove") }, { front.tell("insert") })
            try require(front["wrong-logins"], is: 0, "the number of wrong logins")
            return
        }
        try await showRemoval(remove, insert)
    }

    private func showRemoval(
        _ remove: () throws -> Void, _ insert: () throws -> Void
    ) async throws {
        var token = try await openAndLogIn()
        guard let key = try await foreignKeys(token).first else {
            throw CheckFailure("there is no key")
        }
        try await approve(token, key.publicKey)
        try remove()
        let former = token
        let gone = try await refusal("signing with a token that is gone", .removed) {
            try await approve(former, key.publicKey)
        }
        let still = try await refusal("the next try") { _ = try await former.keys() }
        try require(still.status, is: gone.status, "the next try's status")
        try require(still.code, is: .removed, "the next try's kind of error")
        _ = try await refusal("opening what is gone") { _ = try await reopen(former) }
        try insert()
        token = try await reopen(former)
        let locked = token
        _ = try await refusal("a token without a login", .notLoggedIn) {
            try await approve(locked, key.publicKey)
        }
        try await token.login(try PIN(pin.utf8))
        try await approve(token, key.publicKey)
        let found = try await token.find(key.publicKey)
        try require(found.id, is: key.id, "the ID of the key that is found again")
        await token.close()
    }
}
