// SPDX-License-Identifier: Apache-2.0

/// What a web browser puts around a FIDO token's signature, OpenSSH PROTOCOL.u2f and WebAuthn level 2
/// section 6.3.3.
///
/// The token signed no SSH data but the hash of a JSON text, which holds the SSH data as a challenge.
public struct WebAuthnAssertion: Hashable, Sendable {
    /// The web page's origin, such as `https://ssh.example.org`.
    public let origin: String
    /// The JSON text whose hash the token signed.
    public let clientData: [UInt8]
    /// The extensions of the authenticator data; empty where there are none.
    public let extensions: [UInt8]

    /// Makes an assertion of these parts.
    public init(origin: String, clientData: [UInt8], extensions: [UInt8] = []) {
        self.origin = origin
        self.clientData = clientData
        self.extensions = extensions
    }

    /// What is wrong with the assertion for a signature over `message`; nil where it is sound.
    ///
    /// The client data must begin as browsers write it, with the message as the challenge and with
    /// the origin; what follows the origin is not looked at, as OpenSSH does not.
    public func fault(for message: [UInt8], flags: SecurityKeyAssertion) -> String? {
        // Quoted text that could end the origin early would let one JSON text be read as two.
        guard !origin.utf8.contains(UInt8(ascii: "\"")) else {
            return "the origin holds a quotation mark"
        }
        guard !flags.hasCredentialData else { return "the flags speak of a new credential" }
        guard flags.hasExtensions == !extensions.isEmpty else {
            return extensions.isEmpty
                ? "the flags speak of extensions, and there are none"
                : "there are extensions of which the flags do not speak"
        }
        let start =
            #"{"type":"webauthn.get","challenge":""# + Base64.encodeURL(message)
            + #"","origin":""# + origin + #"""#
        guard clientData.starts(with: start.utf8) else {
            return "the client data is not for this message and this origin"
        }
        return nil
    }

    init(from reader: inout WireReader) throws(FormatError) {
        origin = try reader.text("origin", limit: Self.maximumOriginLength)
        clientData = Array(try reader.string("clientData", limit: Self.maximumClientDataLength))
        extensions = Array(try reader.string("extensions", limit: Self.maximumExtensionsLength))
    }

    func write(to writer: inout WireWriter) {
        writer.string(origin)
        writer.string(clientData)
        writer.string(extensions)
    }

    /// The longest origin, in bytes: the longest address that browsers show, and room to spare.
    static let maximumOriginLength = 2_048
    /// The longest client data, in bytes.
    static let maximumClientDataLength = 65_536
    /// The longest extensions, in bytes.
    static let maximumExtensionsLength = 4_096
}
