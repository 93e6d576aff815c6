// SPDX-License-Identifier: Apache-2.0

/// What a FIDO token says about the touch that led to a signature, OpenSSH PROTOCOL.u2f.
public struct SecurityKeyAssertion: Hashable, Sendable {
    /// The flags of the authenticator data, WebAuthn level 2 section 6.1.
    public let flags: UInt8
    /// The token's count of signatures; zero where it keeps none.
    public let counter: UInt32

    /// Makes an assertion of these flags and this count.
    public init(flags: UInt8, counter: UInt32) {
        self.flags = flags
        self.counter = counter
    }

    /// Whether the token was touched: bit 0.
    public var userPresent: Bool { flags & 0x01 != 0 }

    /// Whether the token verified the user, by PIN or finger: bit 2.
    public var userVerified: Bool { flags & 0x04 != 0 }

    init(from reader: inout WireReader) throws(FormatError) {
        flags = try reader.byte("flags")
        counter = try reader.uint32("counter")
    }

    func write(to writer: inout WireWriter) {
        writer.byte(flags)
        writer.uint32(counter)
    }
}
