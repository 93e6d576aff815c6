// SPDX-License-Identifier: Apache-2.0

/// The critical options that a user certificate may hold, draft-ietf-sshm-cert section 2.3.
///
/// The table is closed: a name that is not in it is refused, as a login server refuses it.
public enum CriticalOption: Hashable, Sendable {
    /// Only this command is run, whatever the client asks for: 1 to 4096 printable ASCII characters.
    case forceCommand(String)
    /// Logins are taken from these addresses and networks only; at least one.
    case sourceAddress([String])
    /// A FIDO signature counts only where the token verified the user.
    case verifyRequired

    /// The option's name on the wire.
    public var name: String {
        switch self {
        case .forceCommand: Self.forceCommandName
        case .sourceAddress: Self.sourceAddressName
        case .verifyRequired: Self.verifyRequiredName
        }
    }

    /// The names of the table.
    public static let names = [forceCommandName, sourceAddressName, verifyRequiredName]

    /// The option as texts spell it: the name, and `=` and the value where it has one.
    public var text: String {
        switch self {
        case .forceCommand(let command): "\(name)=\(command)"
        case .sourceAddress(let entries): "\(name)=\(entries.joined(separator: ","))"
        case .verifyRequired: name
        }
    }

    /// Reads the text form.
    ///
    /// - Throws: ``FormatError`` where the name is not in the table or the value is not allowed;
    ///   offsets are those of the text.
    public init(text: String) throws(FormatError) {
        let bytes = Array(text.utf8)
        let name = bytes.prefix { $0 != UInt8(ascii: "=") }
        let value = bytes.count == name.count ? nil : bytes.dropFirst(name.count + 1)
        try self.init(name: String(decoding: name, as: UTF8.self), value: value, at: 0)
    }

    /// Makes the option of a name at `offset`, and a value where one was given.
    private init(name: String, value: ArraySlice<UInt8>?, at offset: Int) throws(FormatError) {
        switch (name, value) {
        case (Self.forceCommandName, let value?):
            self = .forceCommand(try Self.command(value))
        case (Self.sourceAddressName, let value?):
            self = .sourceAddress(try SourceAddress.list(value))
        case (Self.verifyRequiredName, nil): self = .verifyRequired
        case (Self.forceCommandName, nil), (Self.sourceAddressName, nil):
            throw FormatError(name, at: offset, .invalid("value is missing"))
        case (Self.verifyRequiredName, _):
            throw FormatError(name, at: offset, .invalid("it takes no value"))
        default: throw FormatError("critical option", at: offset, .unknown(name))
        }
    }

    /// Reads the data that follows a name: nothing for a flag, else one nested string.
    init(name: String, at offset: Int, data: ArraySlice<UInt8>) throws(FormatError) {
        guard !data.isEmpty else {
            try self.init(name: name, value: nil, at: offset)
            return
        }
        guard name != Self.verifyRequiredName else {
            throw FormatError(name, at: data.startIndex, .trailing(count: data.count))
        }
        guard name == Self.forceCommandName || name == Self.sourceAddressName else {
            throw FormatError("critical option", at: offset, .unknown(name))
        }
        var reader = WireReader(data)
        let value = try reader.string(name)
        try reader.finish(name)
        try self.init(name: name, value: value, at: offset)
    }

    /// The data that follows the name.
    var data: [UInt8] {
        var writer = WireWriter()
        switch self {
        case .forceCommand(let command): writer.string(command)
        case .sourceAddress(let entries): writer.string(entries.joined(separator: ","))
        case .verifyRequired: break
        }
        return writer.bytes
    }

    private static func command(_ bytes: ArraySlice<UInt8>) throws(FormatError) -> String {
        try PrintableText.read(forceCommandName, bytes, limit: maximumCommandLength)
    }

    private static let forceCommandName = "force-command"
    private static let sourceAddressName = "source-address"
    private static let verifyRequiredName = "verify-required"

    /// The longest forced command, in bytes.
    public static let maximumCommandLength = 4096
}
