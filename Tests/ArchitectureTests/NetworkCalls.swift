// SPDX-License-Identifier: Apache-2.0

/// Finds calls of the system's network functions in source text.
enum NetworkCalls {
    private static let names = [
        "accept", "accept4", "bind", "connect", "getaddrinfo", "gethostbyname", "listen",
        "recvfrom",
        "recvmsg", "sendmsg", "sendto", "socket", "socketpair",
    ]

    /// The calls that stand in a source's code, comments apart.
    static func faults(in text: String) -> [String] {
        var faults: [String] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let code = ImportScanner.code(of: line)
            for name in names where calls(name, in: code) && !declares(name, in: code) {
                faults.append("line \(index + 1) calls \(name)")
            }
        }
        return faults
    }

    private static func calls(_ name: String, in code: Substring) -> Bool {
        var rest = code
        while let found = rest.firstRange(of: "\(name)(") {
            let before = rest[..<found.lowerBound].last ?? code[..<found.lowerBound].last
            guard let before, before.isLetter || before.isNumber || before == "_" else {
                return true
            }
            rest = rest[found.upperBound...]
        }
        return false
    }

    private static func declares(_ name: String, in code: Substring) -> Bool {
        code.contains("func \(name)(")
    }
}
