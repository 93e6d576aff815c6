// SPDX-License-Identifier: Apache-2.0

import PKCS11Token
import SSHCrypto
import SSHFormats
import Token
import TokenEvidence

extension Stand {
    /// The keys that other programs made.
    func foreignKeys(_ token: any TestedToken) async throws -> [TokenKey] {
        try await token.keys().filter { key in
            foreignIDs?.contains(key.id) ?? !key.label.hasPrefix("ours-")
        }
    }

    func showForeignKeys() async throws {
        let token = try await openAndLogIn()
        let keys = try await foreignKeys(token)
        let found = keys.compactMap { key in
            CAKeyKind.allCases.first { $0.describes(key.publicKey) }
        }
        try require(Set(found), is: kinds, "the kinds of key")
        try require(keys.count, is: keyCount ?? kinds.count, "the number of keys")
        for key in keys {
            let one = try await token.find(key.publicKey)
            try require(one.publicKey, is: key.publicKey, "the key that is found")
            try require(one.id, is: key.id, "its ID")
        }
        await token.close()
    }

    /// A key that is on no token: its private half is the number one.
    private static func absentKey() throws -> PublicKey {
        try PublicKey(
            line: "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBGsX0f"
                + "LhLEJH+Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT+NC4v4af5uO5+tKfA+eFivOM1drMV7Oy7ZAaDe"
                + "/UfU=")
    }

    func showAbsentKey() async throws {
        let token = try await openAndLogIn()
        let absent = try Self.absentKey()
        let error = try await refusal("a key that is not there", .keyNotFound) {
            try await token.prepare(absent)
        }
        for key in try await token.keys() {
            try require(
                error.description.contains(key.publicKey.fingerprint),
                "\(key.publicKey.fingerprint) is not named: \(error)")
        }
        await token.close()
    }

    func showClaims() async throws {
        let token = try await openAndLogIn()
        for key in try await foreignKeys(token) {
            try require(key.evidence.faults, is: faults, "what is at fault with \(key.label)")
            if faults.isEmpty {
                let signatures = try await token.sign([[1], [2]], with: key.publicKey)
                try Self.verify(signatures, over: [[1], [2]], key.publicKey)
            } else {
                _ = try await refusal("signing certificates", .attributeFault) {
                    _ = try await token.sign([[1]], with: key.publicKey)
                }
            }
        }
        await token.close()
    }

    func showApprovals() async throws {
        try await withKeys { token, key in
            for text in ["", "one", String(repeating: "long", count: 500)] {
                let message = Array(text.utf8)
                let made = try await token.approvalSignature(
                    over: message, namespace: "conformance", key: key.publicKey)
                _ = try made.verify(message: message, namespace: "conformance")
            }
        }
    }

    func showJudge() async throws {
        let message = Array("judged\n".utf8)
        var keys: [TokenKey] = []
        var identity: TokenIdentity?
        try await withKeys { token, key in
            let ours = try await token.approvalSignature(
                over: message, namespace: "conformance", key: key.publicKey)
            _ = try ours.verify(message: message, namespace: "conformance")
            keys.append(key)
            identity = await token.identity
        }
        guard let identity else { throw CheckFailure("there is no key to judge") }
        let judge = Judge(stand: self, token: identity)
        for key in keys {
            let theirs = try judge.signature(over: message, with: key)
            try Self.verify([theirs], over: [message], key.publicKey)
        }
    }

    func showGeneration() async throws {
        let stand = generationURI.map { with(uri: $0) } ?? self
        var token = try await stand.openAndLogIn()
        try await beforeGeneration(token)
        for kind in CAKeyKind.allCases where kind != .rsa4096 {
            try await showGeneration(of: kind, token)
            guard isForOneKey else { continue }
            token = try await reopen(token)
            try await token.login(try PIN(pin.utf8))
        }
        await token.close()
    }

    private func showGeneration(of kind: CAKeyKind, _ token: any TestedToken) async throws {
        let request = KeyRequest(kind, label: "ours-\(kind)", slot: slots[kind])
        guard makes.contains(kind) else {
            let error = try await refusal("a key of kind \(kind)") {
                _ = try await token.generate(request)
            }
            return try require(
                error.code, is: refusals[kind] ?? .unsupported,
                "the refusal of \(kind), which is \(error),")
        }
        let key = try await token.generate(request)
        try require(key.evidence.faults, is: [], "what is at fault with \(kind)")
        let signatures = try await token.sign([[1], [2]], with: key.publicKey)
        try Self.verify(signatures, over: [[1], [2]], key.publicKey)
    }

    func showManySignatures() async throws {
        let token = try await openAndLogIn()
        guard let key = try await foreignKeys(token).first(where: { $0.publicKey.kind != .rsa })
        else { throw CheckFailure("there is no key") }
        for number in 0..<100 as Range<UInt8> {
            let made = try await token.approvalSignature(
                over: [number], namespace: "conformance", key: key.publicKey)
            _ = try made.verify(message: [number], namespace: "conformance")
        }
        await token.close()
    }

    /// Verifies signatures apart from the token.
    static func verify(
        _ signatures: [Signature], over messages: [[UInt8]], _ key: PublicKey
    ) throws {
        try require(signatures.count, is: messages.count, "the number of signatures")
        let verifier = try VerificationKey(key)
        for (signature, message) in zip(signatures, messages) {
            try verifier.verify(signature, over: message)
        }
    }
}
