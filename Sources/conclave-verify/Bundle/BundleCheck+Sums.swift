// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats

extension BundleCheck {
    /// The file that says that the bundle is whole.
    private static let completeName = "COMPLETE"

    /// Checks that every listed file is there with its sum, and no other.
    mutating func checkSums() {
        guard let bytes = require(ChecksumList.name) else { return }
        let list: ChecksumList
        do throws(Violations) {
            list = try ChecksumList(parsing: bytes)
        } catch {
            findings.fail(ChecksumList.name, error)
            return
        }
        let before = findings.faults.count
        for (path, sum) in list.sums.sorted(by: { $0.key < $1.key }) {
            guard let file = files.files[path] else {
                findings.fail(path, .listed, "\(ChecksumList.name) lists it, and it is not there")
                continue
            }
            if file.digest != sum {
                findings.fail(
                    path, .sum,
                    "its SHA-256 is \(file.digest.hex), \(ChecksumList.name) says \(sum.hex)")
            }
        }
        let own = Set(sealPaths + [ChecksumList.name, Self.completeName])
        for path in files.paths where list.sums[path] == nil && !own.contains(path) {
            findings.fail(path, .listed, "\(ChecksumList.name) does not list it")
        }
        if findings.faults.count == before {
            findings.ok(
                "\(counted(list.sums.count, "file")) with the sums that \(ChecksumList.name) "
                    + "lists, and no other file")
        }
    }

    /// Checks that persons of the roster signed the sums, as many as it asks for.
    mutating func checkSeal(roster: Roster?) {
        let paths = sealPaths
        examined.formUnion(paths)
        for path in files.paths
        where path.hasPrefix(ChecksumList.name + "-") && !paths.contains(path) {
            findings.fail(path, .seal, "the numbers of the signatures have a gap before it")
        }
        guard let sums = files.files[ChecksumList.name]?.bytes else { return }
        guard let roster else {
            skip("the signatures over \(ChecksumList.name)", for: "there is no sound roster")
            return
        }
        var persons: [String] = []
        for path in paths {
            guard let armored = files.files[path]?.bytes else { continue }
            do throws(Violations) {
                let signature = try OfficerSignature(
                    armored: armored, message: sums, namespace: ChecksumList.namespace,
                    what: ChecksumList.name)
                guard let person = roster.person(holding: signature.key) else {
                    findings.fail(
                        path, .seal,
                        "key \(signature.key.fingerprint) belongs to nobody on the roster")
                    continue
                }
                if !persons.contains(person.name) { persons.append(person.name) }
            } catch {
                for violation in error.all { findings.fail(path, .seal, violation.message) }
            }
        }
        let needed = roster.bundleSignatures
        guard persons.count >= needed else {
            findings.fail(
                ChecksumList.name, .seal,
                "\(persons.count) of \(needed) persons of the roster have signed it")
            return
        }
        findings.ok(
            "\(ChecksumList.name) is signed by \(listed(persons)); the roster asks for \(needed)")
    }

    /// Checks the mark of a whole bundle, which names it.
    mutating func checkComplete() {
        guard let bytes = require(Self.completeName) else { return }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let number = manifest?.header.number else {
            skip("the name in \(Self.completeName)", for: "there is no sound manifest")
            return
        }
        let name = "conclave-" + padded(number, to: 4)
        guard text.utf8.elementsEqual("conclave-bundle \(name)\n".utf8) else {
            findings.fail(
                Self.completeName, .complete,
                "it says \(quoted(text)), not that it completes bundle \(name)")
            return
        }
        findings.ok("\(Self.completeName) is there, of bundle \(name)")
    }

    /// The signatures over the sums that are there: the first, and those numbered from 2 on.
    private var sealPaths: [String] {
        var paths: [String] = []
        while true {
            let number = paths.isEmpty ? "" : "-\(paths.count + 1)"
            let path = "\(ChecksumList.name)\(number).sig"
            guard files.files[path] != nil else { return paths }
            paths.append(path)
        }
    }
}

/// A number in decimal, filled with zeros in front to `width` digits.
func padded(_ number: UInt64, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
