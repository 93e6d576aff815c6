// SPDX-License-Identifier: Apache-2.0

/// Finds calls of the system's network functions in source text.
enum NetworkCalls {
    private static let names = [
        "accept", "accept4", "bind", "connect", "getaddrinfo", "gethostbyname", "listen",
        "recvfrom",
        "recvmsg", "sendmsg", "sendto", "socket", "socketpair",
    ]

    /// The network functions whose names a module gives to functions of its own.
    static func declared(in texts: [String]) -> Set<String> {
        Set(names.filter { name in texts.contains { $0.contains("func \(name)(") } })
    }

    /// The calls that stand in a source's code, comments apart.
    ///
    /// A call on a value is not the system's, and neither is a bare one of a function that the
    /// module declares itself.
    static func faults(in text: String, declared: Set<String> = []) -> [String] {
        var faults: [String] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let code = ImportScanner.code(of: line)
            for name in names where calls(name, in: code, isDeclared: declared.contains(name)) {
                faults.append("line \(index + 1) calls \(name)")
            }
        }
        return faults
    }

    private static func calls(_ name: String, in code: Substring, isDeclared: Bool) -> Bool {
        var rest = code
        while let found = rest.firstRange(of: "\(name)(") {
            let before = code[..<found.lowerBound]
            if before.hasSuffix("Glibc.") { return true }
            let isOther = before.last.map { $0.isLetter || $0.isNumber || "_.".contains($0) }
            if isOther != true, !isDeclared { return true }
            rest = rest[found.upperBound...]
        }
        return false
    }
}
