// SPDX-License-Identifier: Apache-2.0

/// A key and its value.
struct YAMLEntry {
    let key: String
    let keyMark: SourceMark
    let value: YAMLNode
}
