// SPDX-License-Identifier: Apache-2.0

import Token

/// The data object that holds a certificate, SP 800-73-4 part 1 table 10.
enum PIVCertificate {
    private static let certificate: UInt32 = 0x70
    private static let information: UInt32 = 0x71
    private static let errorDetection: UInt32 = 0xFE

    /// The certificate in the object's contents, in DER.
    ///
    /// Some tools pack certificates with gzip; nothing is unpacked here.
    static func certificate(
        in bytes: [UInt8], _ slot: PIVSlot
    ) throws(TokenError) -> [UInt8] {
        guard let objects = TLVReader.objects(in: bytes[...]),
            let value = objects.value(certificate)
        else {
            throw TokenError(
                .other, "the certificate object of slot \(slot) is not understood",
                hint: "write the certificate anew: yubico-piv-tool -a import-certificate")
        }
        let isPacked = objects.value(information)?.first.map { $0 & 1 != 0 } ?? false
        guard !isPacked, !value.starts(with: [0x1F, 0x8B]) else {
            throw TokenError(
                .unsupported, "the certificate of slot \(slot) is packed with gzip",
                hint: "write it anew without: yubico-piv-tool -a import-certificate")
        }
        return Array(value)
    }

    /// The object's contents for a certificate.
    static func object(_ certificate: [UInt8]) -> [UInt8] {
        TLV.encode(self.certificate, certificate) + TLV.encode(information, [0])
            + TLV.encode(errorDetection, [])
    }
}
