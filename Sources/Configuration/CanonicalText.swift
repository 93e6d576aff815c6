// SPDX-License-Identifier: Apache-2.0
import Documents

/// Writes the canonical text and notes for each line where it comes from.
struct CanonicalText {
    private let kind: String
    private var writer: DocumentWriter
    private var marks: [Int: SourceMark]
    private var line = 1
    private var isBlockDue = false

    /// Begins with the heading, which comes from the version in the file.
    init(kind: String, mark: SourceMark) {
        self.kind = kind
        writer = DocumentWriter(kind: kind)
        marks = [1: mark]
    }

    /// Begins a new block with the next field.
    mutating func block() {
        writer.block()
        isBlockDue = true
    }

    /// Appends a line; without a value, which has been reported then, none.
    mutating func field(_ name: String, _ value: Value?) {
        guard let value else { return }
        if isBlockDue {
            line += 1
            marks[line] = value.mark
            isBlockDue = false
        }
        line += 1
        marks[line] = value.mark
        writer.field(name, value.text)
    }

    /// Appends a line for each value.
    mutating func fields(_ name: String, _ values: [Value]) {
        for value in values { field(name, value) }
    }

    /// The finished text, which `Document` reads back.
    func finish(file: String, utf8Fields: Set<String>) throws(ConfigurationErrors)
        -> CompiledConfiguration
    {
        let compiled = CompiledConfiguration(text: writer.bytes, marks: marks)
        var violations = writer.faults
        do throws(Violations) {
            _ = try Document(parsing: compiled.text, kind: kind, utf8Fields: utf8Fields)
        } catch {
            let told = Set(violations.map(\.line))
            violations += error.all.filter { !told.contains($0.line) }
        }
        guard violations.isEmpty else {
            throw compiled.locate(Violations(violations), name: file)
        }
        return compiled
    }
}
