// SPDX-License-Identifier: Apache-2.0

/// A mapping whose keys have been checked against those that may stand there.
struct Mapping {
    let entries: [YAMLEntry]
    let mark: SourceMark

    /// The place of a key that is absent.
    func place(_ key: String) -> SourceMark {
        SourceMark(line: mark.line, column: mark.column, path: YAMLText.path(mark.path, key))
    }

    func node(_ key: String) -> YAMLNode? {
        entries.first { $0.key == key }?.value
    }
}
