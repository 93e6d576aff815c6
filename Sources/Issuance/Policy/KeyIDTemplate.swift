// SPDX-License-Identifier: Apache-2.0
public import Documents
import SSHCrypto

/// How a certificate's key ID is made: literal text and variables from a fixed table.
///
/// sshd logs the key ID raw, so only characters that cannot be mistaken there come out of it.
public struct KeyIDTemplate: Hashable, Sendable {
    /// The variables that a template may use.
    public enum Variable: String, CaseIterable, Sendable {
        /// The authority's name.
        case authority
        /// The profile's name.
        case profile
        /// Who asked, in the requester's words; the first principal where none are given.
        case requester
        /// The first principal.
        case principal
        /// The certificate's serial, in decimal.
        case serial
        /// The first 16 hex digits of the request's ID.
        case request
    }

    private enum Part: Hashable, Sendable {
        case literal(String)
        case variable(Variable)
    }

    /// The longest key ID, in bytes.
    public static let maximumLength = 256

    /// The template as written.
    public let text: String
    private let parts: [Part]

    /// Reads a template such as `{requester}/{serial}`; it must name the serial or the request.
    ///
    /// - Throws: `Violations` of `POLICY-TEXT`.
    public init(text: String, line: Int? = nil) throws(Violations) {
        var parts: [Part] = []
        var rest = text[...]
        while !rest.isEmpty {
            guard rest.first == "{" else {
                let literal = rest.prefix { $0 != "{" }
                guard literal.utf8.allSatisfy(Self.isPlain) else {
                    throw Self.fault(
                        line, "key-id has a character outside A-Z a-z 0-9 . _ @ : + / = -")
                }
                parts.append(.literal(String(literal)))
                rest = rest[literal.endIndex...]
                continue
            }
            let name = rest.dropFirst().prefix { $0 != "}" }
            guard name.endIndex < rest.endIndex else {
                throw Self.fault(line, "key-id has a brace that is not closed")
            }
            guard let variable = Variable(rawValue: String(name)) else {
                let known = Variable.allCases.map(\.rawValue).joined(separator: ", ")
                throw Self.fault(
                    line, "key-id variable \(quoted(name)) is not one of \(known)")
            }
            parts.append(.variable(variable))
            rest = rest[name.endIndex...].dropFirst()
        }
        guard parts.contains(.variable(.serial)) || parts.contains(.variable(.request)) else {
            throw Self.fault(line, "key-id names neither {serial} nor {request}")
        }
        self.text = text
        self.parts = parts
    }

    /// The key ID that the template makes of these values.
    ///
    /// Characters that a log line could not carry safely become `_`, and so does `/`: a requester's
    /// words cannot look like several parts of a template such as `{requester}/{profile}/{serial}`.
    public func expand(_ value: (Variable) -> String) -> String {
        parts.map { part in
            switch part {
            case .literal(let text): text
            case .variable(let variable): Self.plain(value(variable))
            }
        }.joined()
    }

    private static func plain(_ text: String) -> String {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            let byte = scalar.isASCII ? UInt8(truncatingIfNeeded: scalar.value) : 0x5F
            bytes.append(isPlain(byte) && byte != 0x2F ? byte : 0x5F)
        }
        return String(decoding: bytes.prefix(96), as: UTF8.self)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x2E, 0x5F, 0x40, 0x3A, 0x2B, 0x2F, 0x3D, 0x2D: true
        default: false
        }
    }

    private static func fault(_ line: Int?, _ message: String) -> Violations {
        Violations([Violation(.policyText, line: line, message)])
    }
}

extension Profile {
    /// The key ID of the certificate that answers `request` under this serial.
    func keyID(of request: CertificateRequest, serial: UInt64) -> String {
        keyID.expand { variable in
            switch variable {
            case .authority: request.authority
            case .profile: name
            case .requester: request.requester ?? request.principals.first ?? ""
            case .principal: request.principals.first ?? ""
            case .serial: String(serial)
            case .request: String(request.id.hex.prefix(16))
            }
        }
    }
}
