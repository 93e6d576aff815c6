// SPDX-License-Identifier: Apache-2.0
import TestSupport

extension Workbench {
    /// A table with a home whose users' authority has two CA keys: `users` on the token `demo`, and
    /// `users-spare` on the token `spare`.
    static func foundedWithSpare() throws -> Workbench {
        let bench = try Workbench()
        let unpacked = try Subprocess.run(
            "/usr/bin/tar", ["-x", "-C", bench.directory.path], input: try archiveWithSpare.get())
        guard unpacked.status == .exited(0) else { throw SystemCallError(unpacked.errors) }
        return bench
    }

    /// A table with a home in which these authorities have a second CA key on the token `spare`.
    static func foundedWithSpare(_ plan: HomePlan, _ authorities: [String]) throws -> Workbench {
        let bench = try Workbench()
        try bench.makeToken("demo")
        try bench.makeToken("spare")
        for name in authorities {
            try bench.makeAuthorityKey("ed25519", "\(name)-spare", on: "spare")
        }
        let keys = authorities.map { "--ca-key \($0)@example.org=\($0)-spare.token" }
        try bench.found(plan, keys.joined(separator: " "))
        return bench
    }

    private static let archiveWithSpare: Result<[UInt8], any Error> = Result {
        let bench = try foundedWithSpare(HomePlan(), ["users"])
        let packed = try Subprocess.run(
            "/usr/bin/tar",
            ["-c", "-C", bench.directory.path, "--exclude=./softhsm2.conf", "."])
        guard packed.status == .exited(0) else { throw SystemCallError(packed.errors) }
        return packed.outputBytes
    }

    /// Takes a token away, or puts it back.
    func takeAway(_ label: String) throws {
        try run("mv \"$(dirname \"$(grep -l '\(label) ' tokens/*/token.object)\")\" \(label).away")
    }

    /// Puts a token back that was taken away.
    func putBack(_ label: String) throws { try run("mv \(label).away tokens/\(label)") }

    /// So many users ask, all with the same key.
    func askMany(_ count: Int) throws {
        try run(
            "bash -ec '. \"$SOURCES/Tests/Support/workbench.sh\"; make_requests \(count) 1'")
    }

    /// How many certificates of a batch are recorded.
    func issued(_ batch: Int) throws -> Int {
        let lines = try run("conclave batch list --home ca --json").lines
        let number = lines[batch - 1].value(after: "\"issued\":")?.prefix { $0.isNumber }
        return number.flatMap { Int($0) } ?? -1
    }

    /// Holds a ceremony that is killed when some of its certificates are recorded and some are not;
    /// answers how many are.
    func interrupt(_ batch: Int) throws -> Int {
        try run("cp -a ca before")
        for point in 1...40 {
            try run("rm -rf ca && cp -a before ca")
            let killed = try attempt(
                "CONCLAVE_FAULT=fdatasync:\(point):kill LD_PRELOAD=$FAULTS "
                    + "\(Self.sign) \(batch) \(Officer.quinn.seal)")
            let count = try issued(batch)
            guard killed.status != .exited(0), count == 0 else {
                try run("rm -rf before")
                return count
            }
        }
        return 0
    }
}
