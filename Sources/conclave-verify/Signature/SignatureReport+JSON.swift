// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHCrypto
import SSHFormats

extension SignatureReport {
    /// The report for a program.
    ///
    /// What the signature says of its key, its certificate and its token stands there only where
    /// the signature was taken: before that nobody knows who wrote it.
    var json: JSON {
        var members: [JSON.Member] = [
            .init("good", .bool(isGood)),
            .init("file", .string(path)),
            .init("identity", .string(demand.identity)),
            .init("namespace", .string(demand.namespace)),
            .init("time", .string(UnixTime(seconds: demand.time).text)),
            .init(
                "faults",
                .array(
                    faults.map { fault in
                        .object([
                            .init("rule", .string(fault.reason.rule.name)),
                            .init("line", fault.line.map { .number($0) } ?? .null),
                            .init("message", .string(fault.description)),
                        ])
                    })),
            .init(
                "faultyLines",
                .array(
                    allowedSigners.faultyLines.map { faulty in
                        .object([
                            .init("line", .number(faulty.line)),
                            .init("message", .string("\(faulty.fault)")),
                        ])
                    })),
            .init("revokedKeys", .optional(revokedPath)),
        ]
        if case .good(let allowed) = verdict {
            members.append(.init("allowedByLine", .number(allowed.entry.line)))
            members += Self.members(signature, allowed.signature)
        }
        return .object(members)
    }

    /// The report for a program where a file kept the signature from being judged.
    static func json(_ refused: RefusedFile, of path: String) -> JSON {
        .object([
            .init("good", .bool(false)),
            .init("file", .string(path)),
            .init(
                "faults",
                .array(
                    refused.violations.all.map { violation in
                        .object([
                            .init("rule", .string(violation.rule.name)),
                            .init("line", violation.line.map { .number($0) } ?? .null),
                            .init("message", .string("\(refused.path): \(violation.message)")),
                        ])
                    })),
        ])
    }

    private static func members(
        _ signature: SSHSIG, _ verified: VerifiedSignature
    ) -> [JSON.Member] {
        var members: [JSON.Member] = [
            .init("keyKind", .string(signature.publicKey.kind.shortName)),
            .init("fingerprint", .string(signature.publicKey.fingerprint)),
            .init("algorithm", .string(signature.signature.algorithm.rawValue)),
            .init("hash", .string(signature.hashAlgorithm.rawValue)),
        ]
        if let present = verified.userPresent {
            members.append(
                .init(
                    "token",
                    .object([
                        .init("userPresent", .bool(present)),
                        .init("userVerified", .bool(verified.userVerified ?? false)),
                        .init("counter", .number(Int(verified.counter ?? 0))),
                        .init("origin", .optional(verified.origin)),
                    ])))
        }
        if let fields = signature.signer.certificate?.fields {
            members.append(
                .init(
                    "certificate",
                    .object([
                        .init("keyID", .string(fields.keyID)),
                        .init("serial", .string(String(fields.serial))),
                        .init("principals", .strings(fields.validPrincipals)),
                        .init("validAfter", .string(Self.end(fields.validAfter))),
                        .init(
                            "validBefore", .string(Self.end(fields.validBefore))),
                        .init("signedBy", .string(fields.signatureKey.fingerprint)),
                    ])))
        }
        return members
    }
}
