// SPDX-License-Identifier: Apache-2.0

extension RevocationSpecification {
    /// Reads `N` or `N-M`.
    func serials(
        _ value: ArraySlice<UInt8>
    ) throws(RevocationSpecificationError) -> ClosedRange<UInt64> {
        let shown = PrintableText.quoted(String(decoding: value, as: UTF8.self))
        var rest = value
        let low = try number(from: &rest, of: shown)
        var high = low
        if rest.first == UInt8(ascii: "-") {
            rest = rest.dropFirst()
            high = try number(from: &rest, of: shown)
            guard low < high else {
                throw fault(.serial, "the range \(shown) does not ascend")
            }
        }
        guard rest.isEmpty else { throw fault(.serial, "\(shown) is no serial and no range") }
        guard low > 0 else {
            throw fault(.serial, "\(shown) holds serial 0, which stands for none")
        }
        return low...high
    }

    /// Reads a number as strtoull(3) does in base 0: decimal, octal behind `0`, hexadecimal behind
    /// `0x`.
    ///
    /// A minus sign is refused, which would count down from 2^64.
    private func number(
        from value: inout ArraySlice<UInt8>, of shown: String
    ) throws(RevocationSpecificationError) -> UInt64 {
        value = value.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
        if value.first == UInt8(ascii: "+") { value = value.dropFirst() }
        var base: UInt64 = 10
        if value.first == UInt8(ascii: "0") {
            base = 8
            let behind = value.dropFirst()
            if let letter = behind.first, letter | 0x20 == UInt8(ascii: "x"),
                let digit = behind.dropFirst().first, Self.digit(digit) < 16
            {
                base = 16
                value = behind.dropFirst()
            }
        }
        let digits = value.prefix { Self.digit($0) < base }
        guard !digits.isEmpty else { throw fault(.serial, "\(shown) is no serial and no range") }
        var number: UInt64 = 0
        for byte in digits {
            let (product, carried) = number.multipliedReportingOverflow(by: base)
            let (sum, overflow) = product.addingReportingOverflow(Self.digit(byte))
            guard !carried, !overflow else {
                throw fault(.serial, "\(shown) exceeds 2^64-1")
            }
            number = sum
        }
        value = value[digits.endIndex...]
        return number
    }

    /// What a digit stands for; 255 for what is none.
    private static func digit(_ byte: UInt8) -> UInt64 {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A")) + 10
        default: 255
        }
    }

    /// Reads `SHA256:` and Base64, with its padding or without.
    func hash(_ value: ArraySlice<UInt8>) throws(RevocationSpecificationError) -> [UInt8] {
        let prefix = "SHA256:"
        let shown = PrintableText.quoted(String(decoding: value, as: UTF8.self))
        guard value.starts(with: prefix.utf8) else {
            throw fault(.hash, "\(shown) does not begin with \(prefix)")
        }
        var text = Array(value.dropFirst(prefix.utf8.count))
        while text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
        guard let hash = Base64.decode(text) else {
            throw fault(.hash, "\(shown) is not Base64 behind \(prefix)")
        }
        guard hash.count == 32 else {
            throw fault(.hash, "\(shown) stands for \(hash.count) bytes, not 32")
        }
        return hash
    }
}
