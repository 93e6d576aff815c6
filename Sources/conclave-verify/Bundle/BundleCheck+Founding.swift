// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats

extension BundleCheck {
    private static let genesisPath = "audit/genesis.txt"
    private static let policyPath = "audit/policy.txt"
    private static let rosterPath = "audit/roster.txt"

    /// The signatures over the genesis that are there, numbered from 1 on.
    var genesisSignaturePaths: [String] { numbered("audit/genesis-") }

    /// The paths PREFIX1.sig, PREFIX2.sig, … that are there, up to the first that is not.
    func numbered(_ prefix: String) -> [String] {
        var paths: [String] = []
        while files.files["\(prefix)\(paths.count + 1).sig"] != nil {
            paths.append("\(prefix)\(paths.count + 1).sig")
        }
        return paths
    }

    /// Checks the genesis with its signatures, the policy and the roster.
    mutating func checkFounding() -> Founding? {
        let genesis = read(Self.genesisPath) { bytes throws(Violations) in
            try Genesis(text: bytes)
        }
        let policy = read(Self.policyPath) { bytes throws(Violations) in
            try Policy(text: bytes)
        }
        let roster = read(Self.rosterPath) { bytes throws(Violations) in
            try Roster(text: bytes)
        }
        checkPin(genesis)
        let paths = genesisSignaturePaths
        examined.formUnion(paths)
        for path in files.paths(below: "audit/genesis-")
        where path.hasSuffix(".sig") && !paths.contains(path) {
            examined.insert(path)
            findings.fail(path, .genesis, "the numbers of the signatures have a gap before it")
        }
        guard let genesis, let policy, let roster else {
            skip("whether genesis, policy and roster belong together", for: "one is not sound")
            return nil
        }
        if policy.digest != genesis.policy {
            findings.fail(Self.policyPath, .genesis, "the genesis names another policy")
        }
        if roster.digest != genesis.roster {
            findings.fail(Self.rosterPath, .genesis, "the genesis names another roster")
        }
        guard policy.digest == genesis.policy, roster.digest == genesis.roster else { return nil }
        do throws(Violations) {
            try genesis.check(policy: policy, roster: roster)
        } catch {
            findings.fail(Self.genesisPath, error)
            return nil
        }
        checkSignatures(paths, genesis: genesis, roster: roster)
        return Founding(genesis: genesis, policy: policy, roster: roster)
    }

    private mutating func checkPin(_ genesis: Genesis?) {
        guard let found = genesis?.id ?? files.files[Self.genesisPath]?.digest else { return }
        guard let pinned else {
            findings.warn(
                "the home's identity was not pinned: anybody can make a bundle of another home; "
                    + "compare this with what you know from elsewhere, or give --genesis: "
                    + found.hex)
            return
        }
        guard found == pinned else {
            findings.fail(
                Self.genesisPath, .home,
                "it is of home \(found.hex), not of \(pinned.hex) as --genesis says")
            return
        }
        findings.ok("the home is \(found.hex), as --genesis says")
    }

    private mutating func checkSignatures(_ paths: [String], genesis: Genesis, roster: Roster) {
        var signed: [String] = []
        for path in paths {
            guard let armored = files.files[path]?.bytes else { continue }
            do throws(Violations) {
                let signature = try OfficerSignature(
                    armored: armored, message: genesis.text, namespace: Genesis.namespace,
                    what: "the genesis")
                guard let officer = roster.officer(holding: signature.key) else {
                    findings.fail(
                        path, .genesis,
                        "key \(signature.key.fingerprint) belongs to no officer on the roster")
                    continue
                }
                signed.append(officer.name)
            } catch {
                for violation in error.all { findings.fail(path, .genesis, violation.message) }
            }
        }
        let missing = roster.officers.map(\.name).filter { !signed.contains($0) }
        guard missing.isEmpty else {
            findings.fail(
                Self.genesisPath, .genesis, "the signature of \(listed(missing)) is missing")
            return
        }
        findings.ok(
            "the genesis is signed by every officer: \(listed(roster.officers.map(\.name)))")
    }

    /// What `parse` makes of a file that must be there; its violations are faults of the file.
    mutating func read<Value>(
        _ path: String, _ parse: ([UInt8]) throws(Violations) -> Value
    ) -> Value? {
        guard let bytes = require(path) else { return nil }
        do throws(Violations) {
            return try parse(bytes)
        } catch {
            findings.fail(path, error)
            return nil
        }
    }
}
