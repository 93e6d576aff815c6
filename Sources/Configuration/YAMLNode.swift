// SPDX-License-Identifier: Apache-2.0

/// A node of the file, with its place.
struct YAMLNode {
    enum Content {
        case scalar(text: String, isPlain: Bool)
        case sequence([YAMLNode])
        case mapping([YAMLEntry])
        /// An alias; it has been reported, and nothing more is said of it.
        case refused
    }

    let content: Content
    let mark: SourceMark

    /// Nothing was written, or YAML's word for it.
    var isEmpty: Bool {
        guard case .scalar(let text, true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }
}
