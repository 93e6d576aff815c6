// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats

extension BundleCheck {
    /// A certificate of the bundle that is what its item says.
    struct HandedOut: Sendable {
        /// Where it is.
        let path: String
        /// The certificate.
        let certificate: Certificate
    }

    static let certificateDirectory = "certificates/"

    /// Checks each certificate, and that each item has one; the answer is by item number.
    mutating func checkCertificates(
        _ batch: ManifestedBatch?, _ founding: Founding?
    ) -> [UInt64: HandedOut] {
        let paths = files.paths(below: Self.certificateDirectory).filter { !Self.isProof($0) }
        examined.formUnion(paths)
        guard let batch, let founding else {
            if !paths.isEmpty {
                skip("\(counted(paths.count, "certificate"))", for: "batch or home is not sound")
            }
            return [:]
        }
        var keys: [PublicKey: VerificationKey] = [:]
        var found: [UInt64: HandedOut] = [:]
        let items = Dictionary(
            batch.issues.map {
                (
                    SerialOfKey(key: $0.item.fields.signatureKey, serial: $0.item.fields.serial),
                    $0.number
                )
            },
            uniquingKeysWith: { first, _ in first })
        let before = findings.faults.count
        for path in paths {
            guard let certificate = readCertificate(path) else { continue }
            let fields = certificate.fields
            guard founding.isAuthority(fields.signatureKey) else {
                findings.fail(
                    path, .signature,
                    "it names \(fields.signatureKey.fingerprint), which is no CA key of this home")
                continue
            }
            verify(certificate, path: path, keys: &keys)
            checkName(path, fields)
            let serial = SerialOfKey(key: fields.signatureKey, serial: fields.serial)
            guard let number = items[serial], let approved = batch.toBeSigned[number] else {
                findings.fail(
                    path, .certificate,
                    "serial \(fields.serial) of this CA key is in no sound item of the manifest")
                continue
            }
            guard certificate.toBeSigned == approved.bytes else {
                findings.fail(
                    path, .certificate,
                    "its signed bytes are not those that were approved in item \(number)")
                continue
            }
            if let other = found[number] {
                findings.fail(
                    path, .certificate, "item \(number) has a certificate, \(other.path)")
                continue
            }
            found[number] = HandedOut(path: path, certificate: certificate)
        }
        let givenUp = givenUp(of: batch)
        for (number, item) in batch.issues where found[number] == nil && !givenUp.contains(number) {
            findings.fail(
                Self.manifestPath, .certificate,
                "item \(number), serial \(item.fields.serial) of \(item.authority), has no sound "
                    + "certificate in the bundle")
        }
        if findings.faults.count == before, !paths.isEmpty {
            findings.ok(
                "\(counted(paths.count, "certificate")): each signed by a CA key of the genesis, "
                    + "over the approved bytes; "
                    + (givenUp.isEmpty
                        ? "none is missing, none too many"
                        : "\(givenUp.count) were given up, and none is too many"))
        }
        return found
    }

    private mutating func readCertificate(_ path: String) -> Certificate? {
        guard let line = line(of: files.files[path]?.bytes ?? []) else {
            findings.fail(path, .certificate, "it is not one line, ended by LF")
            return nil
        }
        do throws(FormatError) {
            return try Certificate(line: line)
        } catch {
            findings.fail(path, .certificate, "it cannot be read: \(error)")
            return nil
        }
    }

    private mutating func verify(
        _ certificate: Certificate, path: String, keys: inout [PublicKey: VerificationKey]
    ) {
        let authority = certificate.fields.signatureKey
        do throws(SSHCryptoError) {
            let key =
                if let ready = keys[authority] { ready } else { try VerificationKey(authority) }
            keys[authority] = key
            try certificate.verifySignature(using: key)
        } catch {
            findings.fail(
                path, .signature, "the CA key's signature does not hold: \(error)")
        }
    }

    /// A file whose name speaks of another certificate would be installed in the wrong place.
    private mutating func checkName(_ path: String, _ fields: CertificateFields) {
        let directory = Self.certificateDirectory + fields.kind.name + "/"
        let name = path.split(separator: "/").last ?? ""
        let start = padded(fields.serial, to: 6) + "-"
        if !path.hasPrefix(directory) || !name.hasPrefix(start) || !name.hasSuffix("-cert.pub") {
            findings.fail(
                path, .certificate,
                "it holds the \(fields.kind.name) certificate with serial \(fields.serial), whose "
                    + "name is \(directory)\(start)…-cert.pub")
        }
    }
}

/// The one line of a file, without its LF; nil where there are none or several.
func line(of bytes: [UInt8]) -> String? {
    guard bytes.last == 0x0A, bytes.dropLast().allSatisfy({ $0 != 0x0A }) else { return nil }
    return String(decoding: bytes.dropLast(), as: UTF8.self)
}

/// The lines of a file that each end in LF; nil where the last does not.
func lines(of bytes: [UInt8]) -> [String]? {
    guard let last = bytes.last else { return [] }
    guard last == 0x0A else { return nil }
    return bytes.dropLast().split(separator: 0x0A, omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
}
