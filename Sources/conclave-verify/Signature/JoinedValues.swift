// SPDX-License-Identifier: Apache-2.0

/// Values written onto their one-letter option, `-Overify-time=20260101Z`, as programs write them
/// who call ssh-keygen.
enum JoinedValues {
    /// The arguments of `conclave-verify`, with each such value as an argument of its own; those of
    /// other commands than `signature` stay as they are.
    static func separated(_ arguments: [String]) -> [String] {
        guard arguments.first == "signature" else { return arguments }
        var separated: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            let option = argument.prefix(2)
            guard options.contains(String(option)) else {
                separated.append(argument)
                if argument == "--" { return separated + rest }
                continue
            }
            separated.append(String(option))
            if argument.count > 2 {
                separated.append(String(argument.dropFirst(2)))
            } else if let value = rest.popFirst() {
                separated.append(value)
            }
        }
        return separated
    }

    private static let options: Set<String> = ["-I", "-O", "-f", "-n", "-r", "-s"]
}
