// SPDX-License-Identifier: Apache-2.0

/// The arguments of `ssh-keygen -Y`, as programs write them that call it, turned into ours.
enum KeygenArguments {
    /// The arguments of `conclave-verify`; those of other commands than `signature` stay as they are.
    ///
    /// `-Y verify` names the command wherever it stands, and what we have no command for stays; a value written onto its one-letter option,
    /// `-Overify-time=20260101Z`, becomes an argument of its own; `-v`, `-vv` and `-vvv` are left out.
    static func translated(_ arguments: [String]) -> [String] {
        guard arguments.first == "signature" else { return arguments }
        var command: [String] = []
        var translated: [String] = []
        var rest = arguments.dropFirst()
        while let argument = rest.popFirst() {
            if argument == "--" {
                translated += [argument] + rest
                break
            }
            let option = String(argument.prefix(2))
            if option == "-v", argument.dropFirst().allSatisfy({ $0 == "v" }) { continue }
            guard option == "-Y" || options.contains(option) else {
                translated.append(argument)
                continue
            }
            let value = argument.count > 2 ? String(argument.dropFirst(2)) : rest.popFirst()
            if option == "-Y", let value, commands.contains(value) {
                command = [value]
            } else {
                translated += [option] + (value.map { [$0] } ?? [])
            }
        }
        return ["signature"] + command + translated
    }

    private static let commands: Set<String> = [
        "check-novalidate", "find-principals", "match-principals", "verify",
    ]
    private static let options: Set<String> = ["-I", "-O", "-f", "-n", "-r", "-s"]
}
