// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats

/// A manifest, with the bytes that its items ask a CA key to sign.
struct ManifestedBatch: Sendable {
    /// The manifest.
    let manifest: BatchManifest
    /// The bytes to be signed by item number, of those items whose bytes have the stated digest.
    let toBeSigned: [UInt64: ToBeSignedCertificate]
    /// The approvals that hold, each with the path of its file.
    var approvals: [(path: String, approval: Approval)] = []
    /// Every item that could not be rebuilt, and every serial that stands there twice.
    let violations: [Violation]

    /// Rebuilds all bytes from the manifest alone.
    init(_ manifest: BatchManifest) {
        self.manifest = manifest
        var toBeSigned: [UInt64: ToBeSignedCertificate] = [:]
        var violations: [Violation] = []
        var places: [SerialOfKey: UInt64] = [:]
        var answers: [SHA256Digest: UInt64] = [:]
        for (number, item) in Self.issues(of: manifest) {
            do throws(Violations) {
                toBeSigned[number] = try item.rebuild()
            } catch {
                violations += error.all.map {
                    Violation($0.rule, "item \(number): \($0.message)", hint: $0.hint)
                }
            }
            if let other = answers.updateValue(number, forKey: item.request) {
                violations.append(
                    Violation(.manifest, "items \(other) and \(number) answer the same request"))
            }
            let serial = SerialOfKey(key: item.fields.signatureKey, serial: item.fields.serial)
            if let other = places.updateValue(number, forKey: serial) {
                violations.append(
                    Violation(
                        .manifest,
                        "items \(other) and \(number) have the same CA key and the same serial, "
                            + "\(item.fields.serial)"))
            }
        }
        if let item = manifest.abandonment {
            let given = item.revocations(riskClass: "")
            if given.map(Self.text) != Self.revocations(of: manifest).map(Self.text) {
                violations.append(
                    Violation(
                        .manifest,
                        "it abandons batch \(item.number), and does not revoke the serials that it "
                            + "gives up, them alone and for this reason"))
            }
        }
        let given = manifest.newEpochs.flatMap { $0.revocations(riskClass: "") }
        if !given.isEmpty,
            given.map(Self.text) != Self.revocations(of: manifest).map(Self.text)
        {
            violations.append(
                Violation(
                    .manifest,
                    "it begins an epoch, and does not revoke the serials that it gives up, them "
                        + "alone and for this reason"))
        }
        self.toBeSigned = toBeSigned
        self.violations = violations
    }

    /// What is well where there are no violations.
    var soundness: String {
        let count = toBeSigned.count
        let bytes =
            count == 0
            ? "it issues no certificate"
            : "the bytes to be signed of \(counted(count, "certificate")) have the stated digests"
        return "the manifest is in canonical form, and \(bytes)"
    }

    /// The items that issue a certificate, with their numbers.
    var issues: [(number: UInt64, item: IssueItem)] { Self.issues(of: manifest) }

    /// The items that revoke.
    var revocations: [RevokeItem] { Self.revocations(of: manifest) }

    /// The items of a manifest that revoke.
    static func revocations(of manifest: BatchManifest) -> [RevokeItem] {
        manifest.items.compactMap { if case .revoke(let item) = $0 { item } else { nil } }
    }

    private static func text(_ item: RevokeItem) -> String {
        "\(item.authority) \(item.target.text): \(item.reason)"
    }

    /// The revocation lists that are published; one at most makes sense.
    var revocationLists: [RevocationListItem] {
        manifest.items.compactMap { if case .revocationList(let item) = $0 { item } else { nil } }
    }

    private static func issues(of manifest: BatchManifest) -> [(UInt64, IssueItem)] {
        manifest.items.enumerated().compactMap { index, item in
            guard case .issue(let issue) = item else { return nil }
            return (UInt64(index) + 1, issue)
        }
    }
}

/// A serial of one CA key, under which no two certificates exist.
struct SerialOfKey: Hashable, Sendable {
    /// The CA key.
    let key: PublicKey
    /// The serial.
    let serial: UInt64
}
