// SPDX-License-Identifier: Apache-2.0
import CYAML

/// libyaml's parser, event by event.
///
/// A parser that gives a tree resolves aliases and forgets that they were there; the events name
/// every anchor, alias and tag, and an alias stays one event however much it stands for.
@safe struct YAMLParser: ~Copyable {
    private let input: UnsafeMutableBufferPointer<UInt8>
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let isReady: Bool

    /// Begins to read `bytes`, which are UTF-8.
    init(_ bytes: [UInt8]) {
        unsafe input = .allocate(capacity: bytes.count)
        _ = unsafe input.initialize(from: bytes)
        unsafe parser = .allocate(capacity: 1)
        unsafe parser.initialize(to: yaml_parser_t())
        isReady = unsafe yaml_parser_initialize(parser) == 1
        if isReady {
            unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
            unsafe yaml_parser_set_input_string(parser, input.baseAddress, input.count)
        }
    }

    deinit {
        if isReady { unsafe yaml_parser_delete(parser) }
        unsafe parser.deinitialize(count: 1)
        unsafe parser.deallocate()
        unsafe input.deallocate()
    }

    /// The next event; not to be called again after a fault or the end of the stream.
    mutating func next() throws(YAMLFault) -> YAMLEvent {
        var event = unsafe yaml_event_t()
        guard isReady, unsafe yaml_parser_parse(parser, &event) == 1 else { throw fault() }
        defer { unsafe yaml_event_delete(&event) }
        let mark = Self.mark(unsafe event.start_mark)
        switch unsafe event.type {
        case YAML_STREAM_START_EVENT:
            return YAMLEvent(kind: .streamStart, mark: mark)
        case YAML_DOCUMENT_START_EVENT:
            let start = unsafe event.data.document_start
            let hasDirectives =
                unsafe start.version_directive != nil
                || start.tag_directives.start != start.tag_directives.end
            return YAMLEvent(kind: .documentStart(hasDirectives: hasDirectives), mark: mark)
        case YAML_DOCUMENT_END_EVENT:
            return YAMLEvent(kind: .documentEnd, mark: mark)
        case YAML_ALIAS_EVENT:
            return YAMLEvent(kind: .alias, mark: mark)
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            return unsafe YAMLEvent(
                kind: .scalar(
                    text: String(decoding: bytes, as: UTF8.self),
                    isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE),
                mark: mark, hasAnchor: scalar.anchor != nil, hasTag: scalar.tag != nil)
        case YAML_SEQUENCE_START_EVENT:
            let start = unsafe event.data.sequence_start
            return unsafe YAMLEvent(
                kind: .sequenceStart, mark: mark, hasAnchor: start.anchor != nil,
                hasTag: start.tag != nil)
        case YAML_SEQUENCE_END_EVENT:
            return YAMLEvent(kind: .sequenceEnd, mark: mark)
        case YAML_MAPPING_START_EVENT:
            let start = unsafe event.data.mapping_start
            return unsafe YAMLEvent(
                kind: .mappingStart, mark: mark, hasAnchor: start.anchor != nil,
                hasTag: start.tag != nil)
        case YAML_MAPPING_END_EVENT:
            return YAMLEvent(kind: .mappingEnd, mark: mark)
        default:
            return YAMLEvent(kind: .streamEnd, mark: mark)
        }
    }

    private func fault() -> YAMLFault {
        guard isReady, unsafe parser.pointee.error != YAML_MEMORY_ERROR,
            let problem = unsafe parser.pointee.problem
        else { return YAMLFault(mark: nil, problem: "there is not enough memory") }
        let text = unsafe String(cString: problem)
        if unsafe parser.pointee.error == YAML_READER_ERROR {
            return YAMLFault(mark: Self.mark(unsafe parser.pointee.mark), problem: text)
        }
        let context = unsafe parser.pointee.context.map { unsafe String(cString: $0) }
        return YAMLFault(
            mark: Self.mark(unsafe parser.pointee.problem_mark), problem: text, context: context,
            contextMark: context == nil ? nil : Self.mark(unsafe parser.pointee.context_mark))
    }

    private static func mark(_ mark: yaml_mark_t) -> YAMLMark {
        YAMLMark(
            line: Int(clamping: mark.line).advanced(by: 1),
            column: Int(clamping: mark.column).advanced(by: 1))
    }
}
