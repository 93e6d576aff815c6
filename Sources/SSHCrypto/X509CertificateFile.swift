// SPDX-License-Identifier: Apache-2.0
import SSHFormats

/// The certificates of a file: one in DER, or any number in PEM, RFC 7468.
public enum X509CertificateFile {
    /// The longest file that is read, in bytes.
    public static let maximumLength = 262_144
    /// The most certificates of one file.
    public static let maximumCount = 64

    /// Reads all certificates of a file, in its order; text around PEM blocks is passed over.
    ///
    /// - Throws: ``SSHCryptoError`` where there is none, or one is not a certificate.
    public static func certificates(
        _ bytes: [UInt8]
    ) throws(SSHCryptoError) -> [X509Certificate] {
        guard bytes.count <= maximumLength else {
            throw DERReader.refusal(
                "the file has \(bytes.count) bytes, more than \(maximumLength)")
        }
        if bytes.first == DERReader.Tag.sequence {
            return [try X509Certificate(der: bytes)]
        }
        var found: [X509Certificate] = []
        var base64: [UInt8]?
        for line in bytes.split(separator: 0x0A) {
            let text = line.last == 0x0D ? line.dropLast() : line
            if text.elementsEqual(begin) {
                guard base64 == nil else {
                    throw DERReader.refusal("a certificate begins before the one before it ends")
                }
                base64 = []
            } else if text.elementsEqual(end) {
                guard let digits = base64, let der = Base64.decode(digits) else {
                    throw DERReader.refusal("certificate \(found.count + 1) is not Base64")
                }
                guard found.count < maximumCount else {
                    throw DERReader.refusal("the file has more than \(maximumCount) certificates")
                }
                found.append(try X509Certificate(der: der))
                base64 = nil
            } else if base64 != nil {
                base64?.append(contentsOf: text)
            }
        }
        guard base64 == nil else { throw DERReader.refusal("the last certificate has no end") }
        guard !found.isEmpty else { throw DERReader.refusal("the file holds no certificate") }
        return found
    }

    private static let begin = Array("-----BEGIN CERTIFICATE-----".utf8)
    private static let end = Array("-----END CERTIFICATE-----".utf8)
}
