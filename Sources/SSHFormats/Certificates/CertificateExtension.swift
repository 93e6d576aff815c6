// SPDX-License-Identifier: Apache-2.0

/// The extensions that a user certificate may hold; all of them are flags.
///
/// draft-ietf-sshm-cert section 2.4. The table is closed: a name that is not in it is refused,
/// although a login server would skip it.
public enum CertificateExtension: String, CaseIterable, Hashable, Sendable {
    /// A FIDO signature counts without a touch.
    case noTouchRequired = "no-touch-required"
    /// X11 connections may be forwarded.
    case permitX11Forwarding = "permit-X11-forwarding"
    /// The agent may be forwarded.
    case permitAgentForwarding = "permit-agent-forwarding"
    /// Ports may be forwarded.
    case permitPortForwarding = "permit-port-forwarding"
    /// A terminal may be allocated.
    case permitPTY = "permit-pty"
    /// The file `~/.ssh/rc` is run.
    case permitUserRC = "permit-user-rc"

    /// The extension of this name on the wire.
    init?(name: ArraySlice<UInt8>) {
        guard let known = Self.known.first(where: { name.spells($0.rawValue) }) else {
            return nil
        }
        self = known
    }

    /// All of the table, in one array and not a new one each time.
    private static let known = allCases

    /// The extension as texts spell it: its name.
    public var text: String { rawValue }

    /// Reads the text form.
    ///
    /// - Throws: ``FormatError`` where the name is not in the table.
    public init(text: String) throws(FormatError) {
        guard let known = Self(rawValue: text) else {
            throw FormatError("extension", at: 0, .unknown(text))
        }
        self = known
    }
}
