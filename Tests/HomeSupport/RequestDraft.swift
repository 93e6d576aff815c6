// SPDX-License-Identifier: Apache-2.0
import Issuance
import SSHFormats

/// A request's text in the making; every line of it can be changed before it is signed.
public struct RequestDraft: Sendable {
    /// The fields below the first line, in order.
    public var fields: [(name: String, value: String)]

    /// Begins with these fields.
    public init(fields: [(name: String, value: String)]) {
        self.fields = fields
    }

    /// A good request of a user, under the sample policy.
    public static func user(
        _ key: SoftwareKey, principal: String = "alice", nonce: UInt8 = 1
    ) -> RequestDraft {
        RequestDraft(fields: [
            ("authority", "users@example.org"), ("type", "user"),
            ("public-key", key.publicKey.line), ("principal", principal), ("profile", "staff"),
            ("created", "2026-11-22T09:00:00Z"), ("nonce", Self.nonce(nonce)),
            ("requester", "Alice Adams"),
        ])
    }

    /// A good request of a host, under the sample policy.
    public static func host(
        _ key: SoftwareKey, principal: String = "web1.example.org", nonce: UInt8 = 2
    ) -> RequestDraft {
        RequestDraft(fields: [
            ("authority", "hosts@example.org"), ("type", "host"),
            ("public-key", key.publicKey.line), ("principal", principal),
            ("profile", "servers"), ("created", "2026-11-22T09:00:00Z"),
            ("nonce", Self.nonce(nonce)), ("requester", "ops@example.org"),
        ])
    }

    /// The same with another value of the first field of this name, appended where it is not there.
    public func setting(_ name: String, _ value: String) -> RequestDraft {
        guard let place = fields.firstIndex(where: { $0.name == name }) else {
            return adding(name, value)
        }
        var draft = self
        draft.fields[place].value = value
        return draft
    }

    /// The same with one field more.
    public func adding(_ name: String, _ value: String) -> RequestDraft {
        var draft = self
        draft.fields.append((name, value))
        return draft
    }

    /// The same without the fields of this name.
    public func removing(_ name: String) -> RequestDraft {
        var draft = self
        draft.fields.removeAll { $0.name == name }
        return draft
    }

    /// The text, unsigned.
    public var text: [UInt8] {
        Array("conclave-request: v1\n".utf8)
            + fields.flatMap { Array("\($0.name): \($0.value)\n".utf8) }
    }

    /// The request file, signed by `key`.
    public func file(signedBy key: SoftwareKey, touched: Bool = true) throws -> [UInt8] {
        try text
            + key.seal(text, namespace: CertificateRequest.namespace, touched: touched)
    }

    /// The request, signed by `key`.
    public func request(signedBy key: SoftwareKey) throws -> CertificateRequest {
        try CertificateRequest(file: file(signedBy: key))
    }

    private static func nonce(_ byte: UInt8) -> String {
        let digits = "0123456789abcdef".map { String($0) }
        return String(repeating: digits[Int(byte >> 4)] + digits[Int(byte & 15)], count: 16)
    }
}
