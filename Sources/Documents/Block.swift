// SPDX-License-Identifier: Apache-2.0

/// The fields between two empty lines.
public struct Block: Hashable, Sendable {
    /// The fields, in the order of the text.
    public let fields: [Field]
    /// The line of the first field; of the first block, the line of the heading.
    public let line: Int

    /// Makes a block.
    public init(fields: [Field], line: Int) {
        self.fields = fields
        self.line = line
    }
}
