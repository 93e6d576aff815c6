// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// The named values that libcrypto makes a key of, with the memory that they lie in.
@safe struct KeyParameters: ~Copyable {
    private var parameters: [OSSL_PARAM] = unsafe []
    private var values: [UnsafeMutableRawBufferPointer] = unsafe []

    deinit {
        for index in unsafe values.indices { unsafe values[index].deallocate() }
    }

    /// Adds bytes.
    mutating func add(_ name: StaticString, octets: [UInt8]) {
        let value = unsafe copy(octets)
        unsafe parameters.append(
            OSSL_PARAM_construct_octet_string(Self.key(name), value.baseAddress, octets.count))
    }

    /// Adds a number, given most significant byte first.
    mutating func add(_ name: StaticString, number: [UInt8]) {
        // libcrypto takes numbers in the byte order of the machine.
        let native = UInt16(1).littleEndian == 1 ? Array(number.reversed()) : number
        let value = unsafe copy(native)
        unsafe parameters.append(
            OSSL_PARAM_construct_BN(
                Self.key(name), value.baseAddress?.assumingMemoryBound(to: UInt8.self),
                native.count))
    }

    /// Adds a text.
    mutating func add(_ name: StaticString, text: String) {
        let bytes = Array(text.utf8)
        let value = unsafe copy(bytes + [0])
        unsafe parameters.append(
            OSSL_PARAM_construct_utf8_string(
                Self.key(name), value.baseAddress?.assumingMemoryBound(to: CChar.self),
                bytes.count))
    }

    /// Gives `body` the values as libcrypto takes them, for as long as the call lasts.
    mutating func withPointer<Result>(
        _ body: (UnsafeMutablePointer<OSSL_PARAM>?) -> Result
    ) -> Result {
        unsafe parameters.append(OSSL_PARAM_construct_end())
        defer { unsafe parameters.removeLast() }
        return unsafe parameters.withUnsafeMutableBufferPointer { unsafe body($0.baseAddress) }
    }

    private mutating func copy(_ bytes: [UInt8]) -> UnsafeMutableRawBufferPointer {
        let value = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(bytes.count, 1), alignment: 8)
        unsafe value.copyBytes(from: bytes)
        unsafe values.append(value)
        return unsafe value
    }

    /// A name as C text: a `StaticString` lasts for ever and ends in NUL.
    private static func key(_ name: StaticString) -> UnsafePointer<CChar> {
        unsafe UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
    }
}
