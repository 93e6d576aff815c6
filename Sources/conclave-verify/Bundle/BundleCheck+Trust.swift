// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats

extension BundleCheck {
    private static let trustDirectory = "trust/"
    private static let userKeysPath = "trust/user_ca_keys.pub"
    private static let knownHostsPath = "trust/known_hosts"

    /// Checks that what hosts and clients will trust are the CA keys of the genesis and no others.
    mutating func checkTrust(_ founding: Founding?) {
        let paths = Set(files.paths(below: Self.trustDirectory))
        examined.formUnion(paths)
        guard let founding else {
            skip("the trust files", for: "there is no sound genesis")
            return
        }
        let before = findings.faults.count
        var known: Set<String> = [Self.userKeysPath, Self.knownHostsPath, Self.revocationListPath]
        for authority in founding.policy.authorities {
            let path = Self.trustDirectory + Self.fileName(authority.name) + ".pub"
            known.insert(path)
            checkKeys(path, equal: founding.keys(of: authority.name), of: authority.name)
        }
        let users = founding.policy.authorities.filter { $0.kind == .user }
        checkKeys(
            Self.userKeysPath, equal: users.flatMap { founding.keys(of: $0.name) },
            of: "the user authorities")
        checkKnownHosts(founding)
        for path in paths.subtracting(known).sorted() {
            findings.fail(path, .trust, "no file of this name belongs in \(Self.trustDirectory)")
        }
        if findings.faults.count == before {
            findings.ok("the trust files hold the CA keys of the genesis and no others")
        }
    }

    private mutating func checkKeys(_ path: String, equal keys: [PublicKey], of owner: String) {
        guard let bytes = require(path) else { return }
        guard let lines = lines(of: bytes) else {
            findings.fail(path, .trust, "the last line does not end in LF")
            return
        }
        var found: [PublicKey] = []
        for (index, line) in lines.enumerated() {
            do throws(FormatError) {
                found.append(try PublicKey(line: line))
            } catch {
                findings.fail(path, .trust, "line \(index + 1) is not a public key: \(error)")
                return
            }
        }
        compare(found, keys, path: path, owner: owner)
    }

    private mutating func compare(
        _ found: [PublicKey], _ keys: [PublicKey], path: String, owner: String
    ) {
        for key in found where !keys.contains(key) {
            findings.fail(
                path, .trust, "key \(key.fingerprint) is not a CA key of \(owner) in the genesis")
        }
        for key in keys where !found.contains(key) {
            findings.fail(path, .trust, "CA key \(key.fingerprint) of \(owner) is missing")
        }
        if found.count != Set(found).count {
            findings.fail(path, .trust, "a key stands there twice")
        }
    }

    /// Each host CA key stands in one line, for the names that the profiles of its authority allow.
    private mutating func checkKnownHosts(_ founding: Founding) {
        guard let bytes = require(Self.knownHostsPath) else { return }
        guard let lines = lines(of: bytes) else {
            findings.fail(Self.knownHostsPath, .trust, "the last line does not end in LF")
            return
        }
        var found: [PublicKey] = []
        for (index, line) in lines.enumerated() {
            let parts = line.split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count == 4, parts[0] == "@cert-authority",
                let key = Self.key(parts[2...].joined(separator: " "))
            else {
                findings.fail(
                    Self.knownHostsPath, .trust,
                    "line \(index + 1) is not @cert-authority, patterns and a public key")
                continue
            }
            found.append(key)
            guard let authority = founding.genesis.keys.first(where: { $0.publicKey == key })
            else { continue }
            let patterns = parts[1].split(separator: ",", omittingEmptySubsequences: false)
            let allowed = Self.hostNames(of: authority.authority, founding.policy)
            if Set(patterns.map(String.init)) != allowed || patterns.count != allowed.count {
                findings.fail(
                    Self.knownHostsPath, .trust,
                    "line \(index + 1) trusts the key for \(quoted(parts[1])), the profiles of "
                        + "\(authority.authority) allow "
                        + quoted(allowed.sorted().joined(separator: ",")))
            }
        }
        let hosts = founding.policy.authorities.filter { authority in
            authority.kind == .host && !Self.hostNames(of: authority.name, founding.policy).isEmpty
        }
        compare(
            found, hosts.flatMap { founding.keys(of: $0.name) }, path: Self.knownHostsPath,
            owner: "the host authorities")
    }

    private static func hostNames(of authority: String, _ policy: Policy) -> Set<String> {
        let profiles = policy.profiles.filter { $0.authority == authority }
        return Set(profiles.flatMap { $0.principals + $0.hostPatterns.map(\.text) })
    }

    private static func key(_ line: String) -> PublicKey? {
        do throws(FormatError) {
            return try PublicKey(line: line)
        } catch {
            return nil
        }
    }

    /// An authority's name as a file's: what is no letter, digit, dot or hyphen becomes `_`.
    private static func fileName(_ name: String) -> String {
        let bytes = name.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E: byte
            default: UInt8(ascii: "_")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
