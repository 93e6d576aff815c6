// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats

extension BundleCheck {
    /// Where the revocation list is.
    static let revocationListPath = "trust/revoked_keys.krl"

    /// Checks that the revocation list is there, can be read and is the approved one.
    ///
    /// A batch that publishes none hands out the one before; whether that is so, the ledger's
    /// entries have to say.
    mutating func checkRevocationList(
        _ batch: ManifestedBatch?, _ founding: Founding?
    ) -> RevocationList? {
        guard let bytes = require(Self.revocationListPath) else { return nil }
        let file = BundleFiles.File(bytes)
        let list: RevocationList
        do throws(FormatError) {
            list = try RevocationList(parsing: bytes)
        } catch {
            findings.fail(Self.revocationListPath, .revocationList, "it cannot be read: \(error)")
            return nil
        }
        let before = findings.faults.count
        if let item = batch?.revocationLists.first {
            if file.digest != item.digest {
                findings.fail(
                    Self.revocationListPath, .revocationList,
                    "its SHA-256 is \(file.digest.hex), the manifest publishes \(item.digest.hex)")
            }
            if list.version != item.version {
                findings.fail(
                    Self.revocationListPath, .revocationList,
                    "it has version \(list.version), the manifest says \(item.version)")
            }
        }
        if let batch, let founding { checkRevoked(batch, list, founding) }
        for key in founding?.genesis.keys.map(\.publicKey) ?? []
        where list.revokes(key: key, sha256: { SHA256Digest(hashing: $0).bytes }) != nil {
            findings.fail(
                Self.revocationListPath, .revocationList,
                "it revokes CA key \(key.fingerprint), and with it everything that the key signed")
        }
        if findings.faults.count == before {
            let origin = batch?.revocationLists.isEmpty == false ? ", the approved one" : ""
            findings.ok(
                "revocation list version \(list.version) can be read\(origin); "
                    + RevocationSummary(list).text)
        }
        return list
    }

    /// Checks where a list comes from that this batch did not publish: from an entry before, or
    /// from the genesis, with which the empty list of version 0 begins.
    mutating func checkEarlierList(
        _ list: RevocationList?, batch: ManifestedBatch, founding: Founding?, isWhole: Bool
    ) {
        guard batch.revocationLists.isEmpty, let list, let founding else { return }
        // Byte by byte: two files that mean the same may differ in what readers pass over.
        let first = try? founding.genesis.firstRevocationList()
        let bytes = files.files[Self.revocationListPath]?.bytes
        if isWhole || list.version == 0, bytes != first {
            findings.fail(
                Self.revocationListPath, .revocationList,
                list.version == 0
                    ? "it has version 0, and is not the empty list of the genesis"
                    : "no entry of the ledger publishes version \(list.version)")
        } else if !isWhole {
            findings.note(
                "not proven: that revocation list version \(list.version) is the last that was "
                    + "published; this batch publishes none, and the record is in a bundle before")
        }
    }

    /// What the batch revokes must be on the list, and what it issues should not be.
    private mutating func checkRevoked(
        _ batch: ManifestedBatch, _ list: RevocationList, _ founding: Founding
    ) {
        for item in batch.revocations {
            for authority in founding.keys(of: item.authority)
            where !list.carriesOut(item.target, authority: authority) {
                findings.fail(
                    Self.revocationListPath, .revocationList,
                    "\(item.target.text) of \(item.authority) is to be revoked, and the list does "
                        + "not revoke it under CA key \(authority.fingerprint)")
            }
        }
        for (number, item) in batch.issues {
            let fields = item.fields
            let reason = list.revokes(
                serial: fields.serial, keyID: fields.keyID, subjectKey: fields.publicKey,
                authority: fields.signatureKey, sha256: { SHA256Digest(hashing: $0).bytes })
            if let reason {
                findings.warn(
                    "the certificate of item \(number), serial \(fields.serial), is revoked by the "
                        + "list beside it: \(reason)")
            }
        }
    }
}

extension RevocationList {
    /// Whether everything that `target` names is revoked for this CA key.
    func carriesOut(_ target: RevokeItem.Target, authority: PublicKey) -> Bool {
        let parts = authorities.filter { $0.key == authority || $0.key == nil }
        switch target {
        case .serials(let range):
            return parts.contains { part in
                part.serials.ranges.contains {
                    $0.contains(range.lowerBound) && $0.contains(range.upperBound)
                }
            }
        case .keyID(let keyID):
            return parts.contains { part in
                part.keyIDs.contains { $0.utf8.elementsEqual(keyID.utf8) }
            }
        case .key(let key):
            return revokes(key: key, sha256: { SHA256Digest(hashing: $0).bytes }) != nil
        }
    }
}

/// What a revocation list revokes, in a few words.
struct RevocationSummary {
    /// The words.
    let text: String

    /// Counts what a list holds.
    init(_ list: RevocationList) {
        var serials: UInt64 = 0
        var keyIDs = 0
        for part in list.authorities {
            keyIDs += part.keyIDs.count
            for range in part.serials.ranges {
                let (count, overflow) = (range.upperBound - range.lowerBound)
                    .addingReportingOverflow(1)
                let (sum, carry) = serials.addingReportingOverflow(count)
                serials = overflow || carry ? .max : sum
            }
        }
        let keys = list.keys.count + list.keyHashes.count + list.sha1KeyHashes.count
        text =
            "it revokes \(serials) serial\(serials == 1 ? "" : "s"), "
            + "\(counted(keyIDs, "key ID")) and \(counted(keys, "key"))"
    }
}
