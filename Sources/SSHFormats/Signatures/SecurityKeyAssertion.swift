// SPDX-License-Identifier: Apache-2.0

/// What a FIDO token says about the touch that led to a signature, OpenSSH PROTOCOL.u2f.
public struct SecurityKeyAssertion: Hashable, Sendable {
    /// The flags of the authenticator data, WebAuthn level 2 section 6.1.
    public let flags: UInt8
    /// The token's count of signatures; zero where it keeps none.
    public let counter: UInt32
    /// What a web browser put around the signature; nil where ssh asked the token itself.
    public let webAuthn: WebAuthnAssertion?

    /// Makes an assertion of these flags and this count.
    public init(flags: UInt8, counter: UInt32, webAuthn: WebAuthnAssertion? = nil) {
        self.flags = flags
        self.counter = counter
        self.webAuthn = webAuthn
    }

    /// Whether the token was touched: bit 0.
    public var userPresent: Bool { flags & 0x01 != 0 }

    /// Whether the token verified the user, by PIN or finger: bit 2.
    public var userVerified: Bool { flags & 0x04 != 0 }

    /// Whether the flags say that a new credential is described: bit 6.
    public var hasCredentialData: Bool { flags & 0x40 != 0 }

    /// Whether the flags say that extensions follow: bit 7.
    public var hasExtensions: Bool { flags & 0x80 != 0 }

    /// Reads what follows the numbers of a signature of this algorithm.
    init(
        _ algorithm: Signature.Algorithm, from reader: inout WireReader
    ) throws(FormatError) {
        flags = try reader.byte("flags")
        counter = try reader.uint32("counter")
        webAuthn =
            algorithm == .webAuthnECDSA ? try WebAuthnAssertion(from: &reader) : nil
    }

    func write(to writer: inout WireWriter) {
        writer.byte(flags)
        writer.uint32(counter)
        webAuthn?.write(to: &writer)
    }
}
