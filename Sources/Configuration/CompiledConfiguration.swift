// SPDX-License-Identifier: Apache-2.0
public import Documents

/// The canonical text that a YAML file compiles to: what officers sign and the ledger keeps.
public struct CompiledConfiguration: Sendable {
    /// The text, in the grammar of `Document`.
    public let text: [UInt8]
    /// For each line of the text, the place in the YAML file that it comes from.
    ///
    /// A line that states a default comes from the mapping in which its key may stand.
    public let marks: [Int: SourceMark]

    /// Finds the places in the YAML file of what a rule found in the canonical text.
    public func locate(_ violations: Violations, name: String) -> ConfigurationErrors {
        ConfigurationErrors(
            violations.all.map { violation in
                ConfigurationError(
                    file: name, mark: violation.line.flatMap { marks[$0] },
                    rule: violation.rule, message: violation.message, hint: violation.hint)
            })
    }
}
