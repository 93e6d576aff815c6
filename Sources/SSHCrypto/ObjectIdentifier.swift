// SPDX-License-Identifier: Apache-2.0

/// The names of algorithms, attributes and extensions in X.509: numbers with dots between them.
enum ObjectIdentifier {
    /// The longest that is read, in bytes.
    static let maximumLength = 64

    /// The dotted form of the contents of an `OBJECT IDENTIFIER`, ITU-T X.690 section 8.19.
    ///
    /// - Throws: ``SSHCryptoError`` where a number is cut off, padded, or above 64 bits.
    static func text(
        _ contents: some Collection<UInt8>, _ what: String
    ) throws(SSHCryptoError) -> String {
        guard !contents.isEmpty, contents.count <= maximumLength else {
            throw DERReader.refusal(
                "\(what) has \(contents.count) bytes, of 1 to \(maximumLength)")
        }
        var numbers: [UInt64] = []
        var number: UInt64 = 0
        var isInside = false
        for byte in contents {
            guard isInside || byte != 0x80, number <= UInt64.max >> 7 else {
                throw DERReader.refusal("\(what) is not an object identifier")
            }
            number = number << 7 | UInt64(byte & 0x7F)
            isInside = byte & 0x80 != 0
            if !isInside {
                numbers.append(number)
                number = 0
            }
        }
        guard !isInside, let first = numbers.first else {
            throw DERReader.refusal("\(what) is not an object identifier")
        }
        // The first two numbers share one.
        let top = min(first / 40, 2)
        return ([top, first - top * 40] + numbers.dropFirst()).map(String.init)
            .joined(separator: ".")
    }
}
