// SPDX-License-Identifier: Apache-2.0

/// A position in the input, line and column counted from 1, the column in characters.
struct YAMLMark: Hashable {
    let line: Int
    let column: Int
}
