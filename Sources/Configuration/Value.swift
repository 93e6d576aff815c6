// SPDX-License-Identifier: Apache-2.0

/// A text from the file and where it stands.
struct Value {
    let text: String
    let mark: SourceMark
}
