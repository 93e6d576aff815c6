// SPDX-License-Identifier: Apache-2.0

/// The one line that a PIN is read from, byte by byte into locked memory.
struct PINLine: ~Copyable {
    private var bytes: LockedBytes

    init() throws(TokenError) { bytes = try LockedBytes() }

    /// Adds a byte of the PIN.
    mutating func add(_ byte: UInt8) throws(TokenError) {
        guard bytes.count < PIN.maximumLength, bytes.append(byte) else {
            throw TokenError(.pinUnavailable, "PIN is longer than \(PIN.maximumLength) bytes")
        }
        if byte == UInt8(ascii: "\r") {
            throw TokenError(
                .pinUnavailable, "PIN has a carriage return",
                hint: "end the line with LF alone")
        }
        guard byte >= 0x20, byte != 0x7F else {
            throw TokenError(.pinUnavailable, "PIN has a control character")
        }
    }

    /// Adds what was read; true where that was the end of the line.
    mutating func addOrEnd(_ byte: UInt8) throws(TokenError) -> Bool {
        if byte == UInt8(ascii: "\n") { return true }
        try add(byte)
        return false
    }

    /// The PIN's bytes, at least one.
    consuming func finish() throws(TokenError) -> LockedBytes {
        guard bytes.count > 0 else { throw TokenError(.pinUnavailable, "PIN is empty") }
        return bytes
    }
}
