// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// A table of multiples of one P-256 key, for the check of thousands of signatures by it.
///
/// libcrypto multiplies the generator of a curve by a table, and the point of a key without one, which
/// is three quarters of a verification. A group whose generator is the key's point gets such a table
/// too. All arithmetic is libcrypto's, and what does not hold is left to its own verification, which
/// has the last word. Of FIPS 186-5 section 6.4.2, this is all: both numbers lie between zero and the
/// order n, and the x of (e/s)G + (r/s)Q is r modulo n.
///
/// Once made, it is only read: threads may share it.
@safe final class CurveTable: @unchecked Sendable {
    private let group: OpaquePointer
    private let table: OpaquePointer
    private let order: OpaquePointer

    /// Makes the table of an uncompressed point, which is one of the curve; nil where libcrypto makes
    /// none.
    init?(_ point: [UInt8]) {
        let mark = ErrorMark()
        defer { mark.forget() }
        let context = unsafe LibraryContext.shared.pointer
        let group = unsafe EC_GROUP_new_by_curve_name_ex(context, nil, NID_X9_62_prime256v1)
        let table = unsafe EC_GROUP_new_by_curve_name_ex(context, nil, NID_X9_62_prime256v1)
        let order = unsafe BN_new()
        guard let group = unsafe group, let table = unsafe table, let order = unsafe order,
            unsafe Self.make(table, of: point, order)
        else {
            unsafe EC_GROUP_free(group)
            unsafe EC_GROUP_free(table)
            unsafe BN_free(order)
            return nil
        }
        unsafe self.group = group
        unsafe self.table = table
        unsafe self.order = order
    }

    deinit {
        unsafe EC_GROUP_free(group)
        unsafe EC_GROUP_free(table)
        unsafe BN_free(order)
    }

    /// Makes the point the generator of a group, with its table, and notes the order.
    private static func make(
        _ table: OpaquePointer, of bytes: [UInt8], _ order: OpaquePointer
    ) -> Bool {
        guard let context = unsafe BN_CTX_new() else { return false }
        defer { unsafe BN_CTX_free(context) }
        guard let point = unsafe EC_POINT_new(table) else { return false }
        defer { unsafe EC_POINT_free(point) }
        return unsafe EC_POINT_oct2point(table, point, bytes, bytes.count, context) == 1
            && EC_GROUP_get_order(table, order, context) == 1
            && EC_GROUP_set_generator(table, point, order, BN_value_one()) == 1
            && conclave_ec_group_make_table(table, context) == 1
    }

    /// Whether the two numbers are the key's signature over a message of this SHA-256; where it is
    /// not, or that cannot be found out here, libcrypto's own verification is to be asked.
    func accepts(r: [UInt8], s: [UInt8], over digest: [UInt8]) -> Bool {
        let mark = ErrorMark()
        defer { mark.forget() }
        guard let context = unsafe BN_CTX_new() else { return false }
        defer { unsafe BN_CTX_free(context) }
        let sum = unsafe EC_POINT_new(group)
        let other = unsafe EC_POINT_new(table)
        defer {
            unsafe EC_POINT_free(sum)
            unsafe EC_POINT_free(other)
        }
        guard let sum = unsafe sum, let other = unsafe other else { return false }
        unsafe BN_CTX_start(context)
        defer { unsafe BN_CTX_end(context) }
        var numbers: [OpaquePointer] = unsafe []
        for _ in 0..<5 {
            guard let number = unsafe BN_CTX_get(context) else { return false }
            unsafe numbers.append(number)
        }
        let (first, second, hash) = unsafe (numbers[0], numbers[1], numbers[2])
        let (inverse, x) = unsafe (numbers[3], numbers[4])
        guard unsafe Self.read(r, first), unsafe Self.read(s, second),
            unsafe Self.read(digest, hash), unsafe isScalar(first), unsafe isScalar(second),
            unsafe BN_mod_inverse(inverse, second, order, context) != nil,
            // The hash, and r, over s.
            unsafe BN_mod_mul(hash, hash, inverse, order, context) == 1,
            unsafe BN_mod_mul(second, first, inverse, order, context) == 1,
            unsafe EC_POINT_mul(group, sum, hash, nil, nil, context) == 1,
            unsafe EC_POINT_mul(table, other, second, nil, nil, context) == 1,
            unsafe EC_POINT_add(group, sum, sum, other, context) == 1,
            unsafe EC_POINT_is_at_infinity(group, sum) == 0,
            unsafe EC_POINT_get_affine_coordinates(group, sum, x, nil, context) == 1,
            unsafe BN_nnmod(x, x, order, context) == 1
        else { return false }
        return unsafe BN_cmp(x, first) == 0
    }

    private static func read(_ bytes: [UInt8], _ number: OpaquePointer) -> Bool {
        let length = Int32(clamping: bytes.count)
        return unsafe bytes.withUnsafeBufferPointer {
            unsafe BN_bin2bn($0.baseAddress, length, number) != nil
        }
    }

    /// Whether a number lies between zero and the order of the curve.
    private func isScalar(_ number: OpaquePointer) -> Bool {
        unsafe BN_is_zero(number) == 0 && BN_is_negative(number) == 0 && BN_cmp(number, order) < 0
    }
}
