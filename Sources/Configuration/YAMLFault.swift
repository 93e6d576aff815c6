// SPDX-License-Identifier: Apache-2.0

/// What libyaml says of input that is not YAML.
struct YAMLFault: Error {
    let mark: YAMLMark?
    let problem: String
    /// What libyaml was doing, such as "while parsing a block mapping", and where that began.
    var context: String?
    var contextMark: YAMLMark?
}
