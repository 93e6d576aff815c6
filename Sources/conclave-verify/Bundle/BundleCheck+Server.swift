// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHFormats

extension BundleCheck {
    private static let principalsDirectory = "sshd/auth_principals/"
    private static let configurationPath = "sshd/conclave.conf"
    /// What the drop-in must set, and all that it may set: keywords with the one value of each.
    private static let settings = [
        ("TrustedUserCAKeys", "/etc/ssh/conclave/user_ca_keys.pub"),
        ("RevokedKeys", "/etc/ssh/conclave/revoked_keys.krl"),
        ("AuthorizedPrincipalsFile", "/etc/ssh/auth_principals/%u"),
    ]

    /// Checks the files for sshd: the drop-in, and who may log in to which account.
    mutating func checkServerFiles(_ founding: Founding?) {
        let before = findings.faults.count
        checkConfiguration()
        let paths = files.paths(below: Self.principalsDirectory)
        examined.formUnion(paths)
        guard let founding else {
            skip("the principals files", for: "there is no sound policy")
            return
        }
        let accounts = founding.policy.principalsFiles
        for (account, allowed) in accounts.sorted(by: { $0.key < $1.key }) {
            let path = Self.principalsDirectory + account
            guard let bytes = require(path) else { continue }
            guard let found = lines(of: bytes) else {
                findings.fail(path, .server, "the last line does not end in LF")
                continue
            }
            for name in Set(found).subtracting(allowed).sorted() {
                findings.fail(
                    path, .server,
                    "the policy does not let \(quoted(name)) log in to \(quoted(account))")
            }
            for name in Set(allowed).subtracting(found).sorted() {
                findings.fail(
                    path, .server,
                    "the policy lets \(quoted(name)) log in to \(quoted(account)), and the file "
                        + "does not")
            }
        }
        for path in paths
        where accounts[String(path.dropFirst(Self.principalsDirectory.count))] == nil {
            findings.fail(path, .server, "the policy knows no account of this name")
        }
        if findings.faults.count == before {
            findings.ok(
                "the files for sshd set what the policy says, for "
                    + counted(accounts.count, "account"))
        }
    }

    private mutating func checkConfiguration() {
        guard let bytes = require(Self.configurationPath) else { return }
        guard let lines = lines(of: bytes) else {
            findings.fail(Self.configurationPath, .server, "the last line does not end in LF")
            return
        }
        var found: [String] = []
        for (index, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
            let keyword = String(line.prefix { $0 != " " })
            guard let (_, value) = Self.settings.first(where: { $0.0 == keyword }) else {
                findings.fail(
                    Self.configurationPath, .server,
                    "line \(index + 1) sets \(quoted(keyword)), which is not one of "
                        + Self.settings.map(\.0).joined(separator: ", "))
                continue
            }
            if !line.utf8.elementsEqual("\(keyword) \(value)".utf8) {
                findings.fail(
                    Self.configurationPath, .server,
                    "line \(index + 1) is \(quoted(line)), not \"\(keyword) \(value)\"")
            }
            if found.contains(keyword) {
                findings.fail(
                    Self.configurationPath, .server, "line \(index + 1) sets \(keyword) again")
            }
            found.append(keyword)
        }
        for (keyword, _) in Self.settings where !found.contains(keyword) {
            findings.fail(Self.configurationPath, .server, "it does not set \(keyword)")
        }
    }
}
