// SPDX-License-Identifier: Apache-2.0

/// One step of libyaml through the input, with what must be known to refuse it.
struct YAMLEvent {
    enum Kind {
        case streamStart
        case documentStart(hasDirectives: Bool)
        case documentEnd
        case streamEnd
        case alias
        case scalar(text: String, isPlain: Bool)
        case sequenceStart
        case sequenceEnd
        case mappingStart
        case mappingEnd
    }

    let kind: Kind
    let mark: YAMLMark
    /// The node bears `&name`.
    var hasAnchor = false
    /// The node bears `!tag`.
    var hasTag = false
}
