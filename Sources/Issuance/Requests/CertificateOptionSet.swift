// SPDX-License-Identifier: Apache-2.0
public import SSHFormats

/// Critical options and extensions from the closed table, each at most once.
public struct CertificateOptionSet: Hashable, Sendable {
    /// What a verifier must understand or refuse, sorted by name.
    public private(set) var criticalOptions: [CriticalOption] = []
    /// What a certificate permits, sorted by name.
    public private(set) var extensions: [CertificateExtension] = []

    /// The empty set.
    public init() {}

    /// Takes in one option as requests and policies write it: `name` or `name=value`.
    ///
    /// - Throws: ``OptionFault`` where it is not in the table, malformed, or there already.
    public mutating func insert(_ text: String) throws(OptionFault) {
        if let known = CertificateExtension(rawValue: text) {
            guard !extensions.contains(known) else { throw .repeated(text) }
            extensions.append(known)
            extensions.sort { $0.rawValue < $1.rawValue }
            return
        }
        let option: CriticalOption
        do throws(FormatError) {
            option = try CriticalOption(text: text)
        } catch {
            if case .unknown = error.problem { throw .unknown(Self.name(of: text)) }
            throw .malformed(text, reason: error.description)
        }
        guard !criticalOptions.contains(where: { $0.name == option.name }) else {
            throw .repeated(option.name)
        }
        criticalOptions.append(option)
        criticalOptions.sort { $0.name < $1.name }
    }

    /// Each option as text: critical options, then extensions.
    public var texts: [String] { criticalOptions.map(\.text) + extensions.map(\.rawValue) }

    /// The part of an option's text before its value.
    static func name(of text: String) -> String {
        text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            .first.map(String.init) ?? text
    }
}
