// SPDX-License-Identifier: Apache-2.0

/// What `ssh-keygen -L` says of a certificate.
struct CertificateListing: Equatable {
    /// The values by their names, each list as its lines.
    private(set) var values: [String: [String]] = [:]

    /// Reads what ssh-keygen printed of one certificate.
    init(_ text: String) {
        var name = ""
        for line in text.split(separator: "\n").dropFirst() {
            let depth = line.prefix { $0 == " " }.count
            let words = line.dropFirst(depth)
            if depth > 8 {
                values[name, default: []].append(String(words))
            } else if let colon = words.firstRange(of: ":") {
                name = String(words[..<colon.lowerBound])
                let value = words[colon.upperBound...].drop { $0 == " " }
                values[name] = value.isEmpty || value == "(none)" ? [] : [String(value)]
            }
        }
    }

    /// The one value of this name, or nil.
    subscript(name: String) -> String? { values[name]?.count == 1 ? values[name]?[0] : nil }

    /// The values of this name.
    func list(_ name: String) -> [String] { values[name] ?? [] }
}

extension Workbench {
    /// What ssh-keygen says of a certificate here.
    func certificate(_ path: String) throws -> CertificateListing {
        CertificateListing(try run("ssh-keygen -L -f \(path)").output)
    }

    /// The fingerprint of a key here, as ssh-keygen gives it.
    func fingerprint(_ path: String) throws -> String {
        String(try run("ssh-keygen -l -f \(path)").output.split(separator: " ")[1])
    }
}
