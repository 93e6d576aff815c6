// SPDX-License-Identifier: Apache-2.0

/// How large a text may be; checked before it is read.
public struct DocumentLimits: Hashable, Sendable {
    /// The most bytes of the whole text.
    public var maximumBytes: Int
    /// The most lines, heading and empty lines counted.
    public var maximumLines: Int
    /// The most bytes of one value.
    public var maximumValueBytes: Int

    /// Sets the three limits.
    public init(maximumBytes: Int, maximumLines: Int, maximumValueBytes: Int) {
        self.maximumBytes = maximumBytes
        self.maximumLines = maximumLines
        self.maximumValueBytes = maximumValueBytes
    }

    /// For what strangers hand in: 64 KiB, 200 lines, values of 16 KiB.
    public static let request = DocumentLimits(
        maximumBytes: 65_536, maximumLines: 200, maximumValueBytes: 16_384)

    /// For texts of our own making, the manifest of a large batch among them: 64 MiB, two million
    /// lines, values of 64 KiB.
    public static let standard = DocumentLimits(
        maximumBytes: 64 * 1_024 * 1_024, maximumLines: 2_000_000, maximumValueBytes: 65_536)
}
