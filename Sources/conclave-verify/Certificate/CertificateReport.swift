// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHCrypto
import SSHFormats

/// What a certificate says, and whether it is valid.
struct CertificateReport: Sendable {
    /// The most bytes of a certificate's file: the longest certificate in Base64, with its comment.
    static let maximumBytes = 256 * 1_024

    /// The file.
    let path: String
    /// The certificate; nil where the file holds none that can be read.
    let certificate: Certificate?
    /// The time for which it was judged.
    let time: UnixTime
    /// The file of the CA key that signed, as a person named it; nil where it is none of them.
    let authorityFile: String?
    /// Whether the key that the certificate names signed it.
    let isSigned: Bool
    /// Everything that speaks against it.
    let faults: [Violation]

    /// Judges a certificate file for a moment, by the CA keys that a person named.
    init(file bytes: [UInt8], path: String, authorities: AuthorityKeys, time: UnixTime) {
        self.path = path
        self.time = time
        let certificate: Certificate
        do throws(Violations) {
            certificate = try Self.read(bytes)
        } catch {
            self.certificate = nil
            authorityFile = nil
            isSigned = false
            faults = error.all
            return
        }
        let fields = certificate.fields
        var faults: [Violation] = []
        var isSigned = false
        do throws(SSHCryptoError) {
            try certificate.verifySignature()
            isSigned = true
        } catch {
            faults.append(Violation(.signature, "the signature does not hold: \(error)"))
        }
        authorityFile = authorities.file(of: fields.signatureKey)
        if authorityFile == nil, !authorities.isEmpty {
            faults.append(
                Violation(
                    .signature,
                    "it is signed by \(fields.signatureKey.fingerprint), which is not one of the "
                        + "CA keys given"))
        }
        faults += fields.publicKey.sanityFaults().map { Violation(.subjectKey, $0) }
        if time.seconds < fields.validAfter {
            faults.append(
                Violation(
                    .validity,
                    "it is not valid before \(Self.text(fields.validAfter)); the time is "
                        + time.text))
        }
        if time.seconds >= fields.validBefore {
            faults.append(
                Violation(
                    .validity,
                    "it ended \(Self.text(fields.validBefore)); the time is \(time.text)"))
        }
        self.certificate = certificate
        self.isSigned = isSigned
        self.faults = faults
    }

    /// Whether nothing speaks against it.
    var isValid: Bool { faults.isEmpty }

    /// A second of a certificate's validity as a time in UTC; those beyond the year 9999 in words.
    static func text(_ seconds: UInt64) -> String {
        switch seconds {
        case 0: "the beginning of time"
        case .max: "never"
        default: UnixTime(seconds: seconds).text
        }
    }

    /// One line, whose LF may be missing.
    private static func read(_ bytes: [UInt8]) throws(Violations) -> Certificate {
        let line = bytes.last == 0x0A ? bytes.dropLast() : bytes[...]
        guard !line.contains(0x0A) else {
            throw Violations(Violation(.certificate, "it is not one line with a certificate"))
        }
        do throws(FormatError) {
            return try Certificate(line: String(decoding: line, as: UTF8.self))
        } catch {
            throw Violations(Violation(.certificate, "it cannot be read: \(error)"))
        }
    }
}
