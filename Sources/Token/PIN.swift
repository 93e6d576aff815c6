// SPDX-License-Identifier: Apache-2.0

/// A PIN: readable by the call that hands it to the token, and in no other way.
///
/// Its bytes live in locked memory that is left out of core dumps and wiped when the last reference
/// goes. No description, reflection or dump shows them, nor how many there are.
public final class PIN: Sendable {
    private let storage: Storage

    /// The longest PIN, in bytes; no token known takes a longer one.
    public static let maximumLength = 255

    /// Copies a PIN from bytes.
    ///
    /// The caller's own copy stays the caller's to wipe.
    ///
    /// - Throws: ``TokenError`` where it is empty, too long, or has a control character.
    public convenience init(_ bytes: some Sequence<UInt8>) throws(TokenError) {
        var reader = try PINLine()
        for byte in bytes { try reader.add(byte) }
        try self.init(reader)
    }

    /// Takes the line that a reader has put together.
    init(_ line: consuming PINLine) throws(TokenError) {
        storage = Storage(try line.finish())
    }

    /// Hands the bytes out for as long as `body` runs; they must not be kept.
    public func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try storage.bytes.withBytes(body)
    }

    /// Never written after it is made, so it may be read from any thread.
    private final class Storage: @unchecked Sendable {
        let bytes: LockedBytes

        init(_ bytes: consuming LockedBytes) { self.bytes = bytes }
    }
}

extension PIN: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The same text for every PIN.
    public var description: String { "PIN(hidden)" }

    /// The same text for every PIN.
    public var debugDescription: String { "PIN(hidden)" }

    /// A mirror that shows nothing.
    public var customMirror: Mirror { Mirror(self, children: [], displayStyle: .class) }
}
