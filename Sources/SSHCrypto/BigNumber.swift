// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// A public integer of libcrypto, with the few operations that the checks of keys need.
///
/// None of them is made for secrets.
@safe struct BigNumber: ~Copyable {
    private let pointer: OpaquePointer

    private init() {
        guard let pointer = unsafe BN_new() else { failedArithmetic() }
        unsafe self.pointer = pointer
    }

    /// The number that `magnitude` spells, most significant byte first.
    init(_ magnitude: [UInt8]) {
        self.init()
        let length = Int32(clamping: magnitude.count)
        let read = unsafe magnitude.withUnsafeBufferPointer {
            unsafe BN_bin2bn($0.baseAddress, length, pointer)
        }
        guard unsafe read != nil else { failedArithmetic() }
    }

    /// The number `word`.
    init(_ word: UInt) {
        self.init()
        guard unsafe BN_set_word(pointer, word) == 1 else { failedArithmetic() }
    }

    deinit { unsafe BN_free(pointer) }

    /// The number of significant bits.
    var bitLength: Int { unsafe Int(BN_num_bits(pointer)) }

    /// Whether the number is below zero.
    var isNegative: Bool { unsafe BN_is_negative(pointer) == 1 }

    /// Whether the number is odd.
    var isOdd: Bool { unsafe BN_is_odd(pointer) == 1 }

    /// What is left of a number that is not negative when it is divided by `divisor`.
    func remainder(dividingBy divisor: UInt) -> UInt {
        let remainder = unsafe BN_mod_word(pointer, divisor)
        guard remainder != .max else { failedArithmetic() }
        return remainder
    }

    /// The sum of this number and `other`.
    func adding(_ other: borrowing BigNumber) -> BigNumber {
        let sum = BigNumber()
        guard unsafe BN_add(sum.pointer, pointer, other.pointer) == 1 else { failedArithmetic() }
        return sum
    }

    /// This number less `other`; the result may be negative.
    func subtracting(_ other: borrowing BigNumber) -> BigNumber {
        let difference = BigNumber()
        guard unsafe BN_sub(difference.pointer, pointer, other.pointer) == 1 else {
            failedArithmetic()
        }
        return difference
    }

    /// The product of this number and `other`.
    func multiplied(by other: borrowing BigNumber) -> BigNumber {
        let product = BigNumber()
        let workspace = Workspace()
        guard
            unsafe BN_mul(product.pointer, pointer, other.pointer, workspace.pointer) == 1
        else { failedArithmetic() }
        return product
    }

    /// The quotient of this number and `divisor`, rounded towards zero.
    func divided(by divisor: borrowing BigNumber) -> BigNumber {
        let quotient = BigNumber()
        let workspace = Workspace()
        guard
            unsafe BN_div(quotient.pointer, nil, pointer, divisor.pointer, workspace.pointer) == 1
        else { failedArithmetic() }
        return quotient
    }

    /// Half of this number, rounded towards zero.
    func halved() -> BigNumber {
        let half = BigNumber()
        guard unsafe BN_rshift1(half.pointer, pointer) == 1 else { failedArithmetic() }
        return half
    }

    /// Whether this number is below `other`.
    func isLess(than other: borrowing BigNumber) -> Bool {
        unsafe BN_cmp(pointer, other.pointer) < 0
    }

    /// Whether this number, which is not negative, is the square of a whole number.
    var isSquare: Bool {
        // Few numbers leave what squares leave modulo 64, 63, 65 and 11: no root is drawn of most.
        for modulus: UInt in [64, 63, 65, 11] {
            let rest = remainder(dividingBy: modulus)
            guard (0..<modulus).contains(where: { $0 * $0 % modulus == rest }) else {
                return false
            }
        }
        let root = squareRoot()
        return !root.multiplied(by: root).isLess(than: self)
    }

    /// The greatest number whose square is not above this one, which is not negative.
    func squareRoot() -> BigNumber {
        guard bitLength > 0 else { return BigNumber(0) }
        // Newton's iteration from above: it falls until it has arrived.
        var root = BigNumber(1).shiftedLeft(by: (bitLength + 1) / 2)
        while true {
            let next = divided(by: root).adding(root).halved()
            guard next.isLess(than: root) else { return root }
            root = next
        }
    }

    /// This number times two to the power of `bits`.
    private func shiftedLeft(by bits: Int) -> BigNumber {
        let shifted = BigNumber()
        guard unsafe BN_lshift(shifted.pointer, pointer, Int32(clamping: bits)) == 1 else {
            failedArithmetic()
        }
        return shifted
    }
}

/// The scratch memory that libcrypto's longer operations ask for.
@safe private struct Workspace: ~Copyable {
    let pointer: OpaquePointer

    init() {
        guard let pointer = unsafe BN_CTX_new() else { failedArithmetic() }
        unsafe self.pointer = pointer
    }

    deinit { unsafe BN_CTX_free(pointer) }
}

/// Ends the process: libcrypto cannot calculate, which only exhausted memory brings about.
private func failedArithmetic() -> Never {
    fatalError("libcrypto has no memory for a number")
}
