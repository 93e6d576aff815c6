// SPDX-License-Identifier: Apache-2.0

import SSHFormats

/// The form in which a PIV card gives ECDSA signatures: DER, RFC 3279 section 2.2.3.
enum ECDSASignature {
    /// r and s side by side, each as long as a coordinate; nil where the bytes are not exactly the
    /// DER of two positive numbers of that length at most.
    static func sides(_ bytes: [UInt8], _ curve: EllipticCurve) -> [UInt8]? {
        var rest = bytes[...]
        guard let body = element(0x30, &rest), rest.isEmpty else { return nil }
        rest = body
        guard let r = integer(&rest, curve.coordinateLength),
            let s = integer(&rest, curve.coordinateLength), rest.isEmpty
        else { return nil }
        return r + s
    }

    private static func integer(_ bytes: inout ArraySlice<UInt8>, _ length: Int) -> [UInt8]? {
        guard let value = element(0x02, &bytes), let first = value.first, first < 0x80 else {
            return nil
        }
        var magnitude = value
        if first == 0 {
            // A leading zero is there for the sign, and for nothing else.
            magnitude = value.dropFirst()
            guard let second = magnitude.first, second >= 0x80 else { return nil }
        }
        guard magnitude.count <= length else { return nil }
        return [UInt8](repeating: 0, count: length - magnitude.count) + magnitude
    }

    /// The contents of an element of one tag, with its length in the one shortest form.
    private static func element(_ tag: UInt8, _ bytes: inout ArraySlice<UInt8>) -> ArraySlice<
        UInt8
    >? {
        guard bytes.popFirst() == tag, var length = bytes.popFirst().map(Int.init) else {
            return nil
        }
        if length == 0x81 {
            guard let byte = bytes.popFirst(), byte >= 0x80 else { return nil }
            length = Int(byte)
        } else if length >= 0x80 {
            return nil
        }
        guard length <= bytes.count else { return nil }
        defer { bytes = bytes.dropFirst(length) }
        return bytes.prefix(length)
    }
}
