// SPDX-License-Identifier: Apache-2.0

/// How many wrong tries a PIN or PUK still has, as far as the device tells.
public struct TryCount: Hashable, Sendable, CustomStringConvertible {
    /// The tries that are left.
    public let left: Int
    /// The tries that there are after a right one; nil where the device does not tell.
    public let total: Int?

    /// Makes a count.
    public init(left: Int, total: Int? = nil) {
        self.left = left
        self.total = total
    }

    /// The count in words: `2 of 3 tries left`.
    public var description: String {
        let tries = left == 1 && total == nil ? "try" : "tries"
        return total.map { "\(left) of \($0) tries left" } ?? "\(left) \(tries) left"
    }
}
