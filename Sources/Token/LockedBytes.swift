// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A little memory for a secret: locked, left out of core dumps, wiped, and in one place.
///
/// It has pages of its own, so that nothing else shares them.
@safe public struct LockedBytes: ~Copyable {
    private let base: UnsafeMutableRawPointer
    private let size: Int
    /// How many bytes are held.
    public private(set) var count = 0

    /// The most bytes that one holds: a page.
    public static let pageSize = max(Int(sysconf(Int32(_SC_PAGESIZE))), 4096)

    // <asm-generic/mman-common.h>; Glibc's module does not show the names.
    private static let leftOutOfDumps: Int32 = 16
    private static let wipedInChild: Int32 = 18

    /// Takes memory that holds nothing yet.
    ///
    /// - Throws: ``TokenError`` where there is none, or none that can be locked.
    public init() throws(TokenError) {
        let size = Self.pageSize
        let memory = unsafe mmap(
            nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
            throw .pin("no memory for a PIN", errno)
        }
        guard unsafe mlock(memory, size) == 0 else {
            let error = TokenError.pin("memory for a PIN cannot be locked", errno)
            unsafe munmap(memory, size)
            throw error
        }
        // An old kernel may not know the advice; locked and wiped memory is still worth having.
        unsafe madvise(memory, size, Self.leftOutOfDumps)
        unsafe madvise(memory, size, Self.wipedInChild)
        unsafe base = memory
        self.size = size
    }

    deinit {
        unsafe explicit_bzero(base, size)
        unsafe munlock(base, size)
        unsafe munmap(base, size)
    }

    /// Adds a byte; false where there is no room.
    public mutating func append(_ byte: UInt8) -> Bool {
        guard count < size else { return false }
        unsafe base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count += 1
        return true
    }

    /// Hands out the bytes for as long as `body` runs.
    public borrowing func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(unsafe RawSpan(_unsafeStart: base, byteCount: count))
    }
}

extension TokenError {
    /// A PIN that could not be had, because of what the system said.
    static func pin(_ what: String, _ number: Int32) -> TokenError {
        TokenError(.pinUnavailable, "\(what): \(unsafe String(cString: strerror(number)))")
    }
}
