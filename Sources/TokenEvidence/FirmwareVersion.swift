// SPDX-License-Identifier: Apache-2.0

/// The version of a device's firmware: three numbers.
public struct FirmwareVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The first number.
    public let major: UInt8
    /// The second number.
    public let minor: UInt8
    /// The third number.
    public let patch: UInt8

    /// Makes a version of its numbers.
    public init(_ major: UInt8, _ minor: UInt8, _ patch: UInt8) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// Reads a version as devices and people write it: `5.4.3`, or `2.40` with zero for the rest.
    ///
    /// Nil where the text is not two or three numbers from 0 to 255, without signs or blanks.
    public init?(text: String) {
        var numbers: [UInt8] = []
        for part in text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        {
            guard (1...3).contains(part.count),
                part.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                let number = UInt8(String(Substring(part)))
            else { return nil }
            numbers.append(number)
        }
        guard (2...3).contains(numbers.count) else { return nil }
        self.init(numbers[0], numbers[1], numbers.count == 3 ? numbers[2] : 0)
    }

    /// The three numbers with dots between them.
    public var description: String { "\(major).\(minor).\(patch)" }

    /// Whether a version came before another.
    public static func < (one: FirmwareVersion, other: FirmwareVersion) -> Bool {
        (one.major, one.minor, one.patch) < (other.major, other.minor, other.patch)
    }
}
