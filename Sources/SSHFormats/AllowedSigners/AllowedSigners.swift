// SPDX-License-Identifier: Apache-2.0

/// The file by which `ssh-keygen -Y verify` knows signers, ssh-keygen(1), ALLOWED SIGNERS.
///
/// A line can only ever allow something, so one that cannot be read is left out and told of: what
/// it would have allowed is not allowed.
public struct AllowedSigners: Sendable {
    /// The lines that allow somebody to sign, in their order.
    public let entries: [Entry]
    /// The lines that cannot be read, in their order, up to ``maximumFaultyLines``.
    public let faultyLines: [FaultyLine]
    /// How many more there are.
    public let untoldFaultyLines: Int

    /// Finds the second since 1970 at which the clocks of the reader's zone show this; nil where
    /// it cannot be told.
    public typealias LocalClock = (CivilTime) -> UInt64?

    /// Reads a file: a signer a line, ended by LF or CRLF; empty lines and those that begin with
    /// `#` are skipped.
    ///
    /// Times without `Z` are those of a zone that the file does not name. `localClock` finds them;
    /// without it, a line with such a time cannot be read.
    ///
    /// - Throws: ``FormatError`` where the file is longer than ``maximumLength``.
    public init(parsing bytes: [UInt8], localClock: LocalClock? = nil) throws(FormatError) {
        guard bytes.count <= Self.maximumLength else {
            throw FormatError(
                "allowed signers", at: 0,
                .tooLong(length: bytes.count, limit: Self.maximumLength))
        }
        var entries: [Entry] = []
        var faultyLines: [FaultyLine] = []
        var untold = 0
        for line in TextLines(bytes) {
            var reader = SignerLineReader(line)
            do throws(FormatError) {
                guard let entry = try reader.entry(localClock: localClock) else { continue }
                entries.append(entry)
            } catch {
                guard faultyLines.count < Self.maximumFaultyLines else {
                    untold += 1
                    continue
                }
                faultyLines.append(
                    FaultyLine(line: line.number, principals: reader.principals, fault: error))
            }
        }
        self.entries = entries
        self.faultyLines = faultyLines
        untoldFaultyLines = untold
    }

    /// The most faulty lines that are told one by one.
    public static let maximumFaultyLines = 1_000
    /// The longest file that is read, in bytes.
    public static let maximumLength = 67_108_864

    /// One line, without its line end: who may sign with this key, and for which purposes.
    ///
    /// The principal is a name or a pattern with `*` and `?`. A key without namespaces would count
    /// for every purpose, so at least one must be given.
    ///
    /// - Throws: ``FormatError`` where a text is empty or could break out of its place.
    public static func line(
        principal: String, namespaces: [String], key: PublicKey
    ) throws(FormatError) -> String {
        try PatternText.require("principal", principal)
        guard !namespaces.isEmpty else {
            throw FormatError("namespaces", at: 0, .invalid("there is none"))
        }
        for namespace in namespaces { try PatternText.require("namespace", namespace) }
        let list = namespaces.joined(separator: ",")
        return "\(principal) namespaces=\"\(list)\" \(key.line)"
    }
}

extension AllowedSigners {
    /// A line that allows somebody to sign.
    public struct Entry: Hashable, Sendable {
        /// The line's number, from 1.
        public let line: Int
        /// As whom the signer may sign.
        public let principals: PatternList
        /// Whether the key is an authority's: certificates by it may sign, and not the key itself.
        public let isAuthority: Bool
        /// For what the signer may sign; nil for everything.
        public let namespaces: PatternList?
        /// The first second at which the signer may sign; nil for always.
        public let validAfter: UInt64?
        /// The last second at which the signer may sign; nil for ever.
        public let validBefore: UInt64?
        /// Whether a time is written without its zone, so that another reader may take it for another.
        public let hasLocalTime: Bool
        /// The signer; a plain key where `isAuthority` is true.
        public let signer: SSHSIG.Signer
        /// The rest of the line.
        public let comment: String

        /// Whether the signer may sign at this second; both ends belong to the time.
        public func isValid(at time: UInt64) -> Bool {
            (validAfter ?? 0) <= time && time <= (validBefore ?? .max)
        }

        /// Whether the signer may sign for this namespace.
        public func allows(namespace: String) -> Bool {
            namespaces?.matches(namespace) ?? true
        }
    }

    /// A line that cannot be read.
    public struct FaultyLine: Hashable, Sendable, CustomStringConvertible {
        /// The line's number, from 1.
        public let line: Int
        /// As whom the signer was to sign; nil where that is what cannot be read.
        public let principals: PatternList?
        /// What is wrong; offsets are those of the line.
        public let fault: FormatError

        /// The fault with its place: `line 3: options at byte 6: …`.
        public var description: String { "line \(line): \(fault)" }

        /// Hashes the number of the line.
        public func hash(into hasher: inout Hasher) { hasher.combine(line) }
    }
}
