// SPDX-License-Identifier: Apache-2.0
import CBenchmarks
import CTokenLoop
import PIVToken
import PKCS11Token
import SSHFormats
import Token
import TokenEvidence

/// How fast a token signs through Conclave against the plainest loop over `C_Sign` on the same token
/// in the same process.
///
/// As in a ceremony, whose certificates are verified while the token makes the next ones; and with
/// each signature verified before it is handed out, which the loop never does.
struct TokenSigning {
    /// How many messages are signed in one call, as in a ceremony.
    private static let group = 64
    private static let pin = "123456"

    let module: String

    /// One side of the comparison: a token of Conclave, and a plain session beside it.
    private struct Sides: @unchecked Sendable {
        let token: any Token
        let key: PublicKey
        let loop: OpaquePointer
        let input: [UInt8]

        func ours(_ count: Int, isVerified: Bool = false) async throws {
            let message = [UInt8](repeating: 0x61, count: 400)
            var left = count
            while left > 0 {
                let size = min(left, TokenSigning.group)
                let messages = [[UInt8]](repeating: message, count: size)
                let made =
                    if isVerified { try await token.sign(messages, with: key).count } else {
                        try await token.signUnverified(messages, with: key).count
                    }
                guard made == size else { throw Failure("too few signatures") }
                left -= size
            }
        }

        func plain(_ count: Int) throws {
            guard token_loop_sign(loop, input, input.count, count) == count else {
                throw Failure("the plain loop fails")
            }
        }
    }

    /// The rows of RSA-4096 and P-256, with one thread and with two; the tokens `bench-1` and
    /// `bench-2` are there, without keys.
    func rows(rounds: Int, isQuick: Bool) async throws -> [Row] {
        let module = try PKCS11Module(path: module)
        var tokens: [PKCS11Token] = []
        for label in ["bench-1", "bench-2"] {
            let token = try await module.open(TokenURI(token: label))
            try await token.login(try PIN(Self.pin.utf8))
            tokens.append(token)
        }
        var rows: [Row] = []
        for (kind, count, goal) in [
            (CAKeyKind.rsa4096, isQuick ? 64 : 128, 0.97), (.ecdsaP256, isQuick ? 1280 : 6400, 0.9),
        ] {
            var sides: [Sides] = []
            for token in tokens { sides.append(try await self.sides(token, kind)) }
            let first = sides[0]
            rows.append(
                try await row(
                    "sign with \(kind)", count, rounds, goal,
                    { try await first.ours(count) }, { try first.plain(count) }))
            rows.append(
                try await row(
                    "  each verified at once", count, rounds, nil,
                    { try await first.ours(count, isVerified: true) }, { try first.plain(count) }))
            let second = sides[1]
            rows.append(
                try await row(
                    "  two tokens at once", 2 * count, rounds, goal,
                    {
                        async let one: Void = first.ours(count)
                        async let other: Void = second.ours(count)
                        _ = try await (one, other)
                    },
                    {
                        try await withThrowingTaskGroup(of: Void.self) { group in
                            for side in [first, second] {
                                group.addTask { try side.plain(count) }
                            }
                            try await group.waitForAll()
                        }
                    }))
        }
        for token in tokens { await token.close() }
        return rows
    }

    /// The rows of a PIV card that is reached directly, against the plain loop over a module.
    func cardRows(rounds: Int, count: Int) async throws -> [Row] {
        let token = try await PIVToken.open(TokenURI(scheme: .piv))
        try await token.login(try PIN(Self.pin.utf8))
        guard let key = try await token.keys().first(where: { $0.id == [0x9A] }) else {
            throw Failure("there is no key in slot 9a")
        }
        let label = token.identity.label
        guard let loop = token_loop_open(module, label, Self.pin, [1], 1, 0x1041) else {
            throw Failure("\(module) reaches no card")
        }
        let sides = Sides(
            token: token, key: key.publicKey, loop: loop,
            input: [UInt8](repeating: 0x61, count: 32))
        let rows = [
            try await row(
                "sign with a PIV card directly", count, rounds, 1,
                { try await sides.ours(count) }, { try sides.plain(count) }),
            try await row(
                "  each verified at once", count, rounds, nil,
                { try await sides.ours(count, isVerified: true) }, { try sides.plain(count) }),
        ]
        await token.close()
        return rows
    }

    private func sides(_ token: PKCS11Token, _ kind: CAKeyKind) async throws -> Sides {
        let key = try await token.generate(KeyRequest(kind, label: "bench-\(kind)"))
        try await token.prepare(key.publicKey)
        let isRSA = kind == .rsa4096
        let label = token.identity.label
        guard
            let loop = token_loop_open(
                module, label, Self.pin, key.id, key.id.count, isRSA ? 0x1 : 0x1041)
        else { throw Failure("no plain session with \(label)") }
        // As long as what RSA signs for SHA-512: 19 bytes and the digest.
        let input = [UInt8](repeating: 0x61, count: isRSA ? 83 : 32)
        return Sides(token: token, key: key.publicKey, loop: loop, input: input)
    }

    private func row(
        _ name: String, _ count: Int, _ rounds: Int, _ goal: Double?,
        _ ours: () async throws -> Void, _ plain: () async throws -> Void
    ) async throws -> Row {
        var spent: (ours: [Double], plain: [Double]) = ([], [])
        let turns = try await Stopwatch.compare(rounds: rounds) {
            let start = clock()
            try await ours()
            spent.ours.append(Double(clock() - start) / Double(count))
        } _: {
            let start = clock()
            try await plain()
            spent.plain.append(Double(clock() - start) / Double(count))
        }
        let ratios = turns.map { $0.baseline / $0.ours }
        func rate(_ seconds: [Double], _ spent: [Double]) -> String {
            "\(Int(Double(count) / seconds.median)) a second, \(Int(spent.median)) us of a core"
        }
        return Row(
            name: name, ours: rate(turns.map(\.ours), spent.ours),
            baseline: "C_Sign \(rate(turns.map(\.baseline), spent.plain))", ratios: ratios,
            goal: goal.map { "\($0) x" } ?? "", isMet: goal.map { ratios.median >= $0 } ?? true)
    }
}
