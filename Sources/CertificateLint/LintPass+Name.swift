// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHFormats

extension LintPass {
    /// The first serial that nobody has counted up to.
    private static let largeSerial: UInt64 = 1 << 56
    /// What means something to a shell.
    private static let isShellCharacter: [Bool] = {
        var table = [Bool](repeating: false, count: 256)
        for character in "\"'\\`$;&|<>()*?[]{}!~#".utf8 { table[Int(character)] = true }
        return table
    }()

    /// Serial, type, key ID, principals.
    mutating func checkNames() {
        if let serial = parts.serial {
            if serial.value == 0 {
                add(.serialZero, "serial", serial.offset, "it is zero, which stands for none")
            } else if serial.value >= Self.largeSerial {
                add(.serialLarge, "serial", serial.offset, "\(serial.value) is 2^56 or more")
            }
        }
        if let kind = parts.kind, !isUser, !isHost {
            add(.kind, "type", kind.offset, "\(kind.value) is neither 1 nor 2")
        }
        if let keyID = parts.keyID { checkKeyID(keyID) }
        // The list was whole where something behind it was read.
        guard let start = parts.principalsOffset, parts.validAfter != nil else { return }
        checkPrincipals(at: start)
    }

    private mutating func checkKeyID(_ bytes: ArraySlice<UInt8>) {
        let field = "key id"
        let limit = CertificateFields.maximumKeyIDLength
        let text = checkNUL(field, bytes)
        if bytes.isEmpty { add(.keyIDEmpty, field, bytes, "it is empty") }
        if bytes.count > limit {
            add(.keyIDLong, field, bytes, "\(bytes.count) bytes exceed the limit of \(limit)")
        }
        if let place = text.firstIndex(where: { isControl($0) && $0 != 0 }) {
            add(
                .keyIDControl, field, place,
                "\(shown(bytes)) has the control character \(Hex.encode([text[place]]))")
        }
        if let place = text.firstIndex(where: { $0 >= 0x80 }) {
            if String(validating: text, as: UTF8.self) == nil {
                add(.keyIDNotUTF8, field, place, "\(shown(bytes)) is not UTF-8")
            } else {
                add(.keyIDNotASCII, field, place, "\(shown(bytes)) is not ASCII")
            }
        }
        let isShellCharacter = Self.isShellCharacter
        if let place = text.firstIndex(where: { isShellCharacter[Int($0)] }) {
            add(
                .keyIDShell, field, place,
                "\(shown(bytes)) has the character '\(Unicode.Scalar(text[place]))'")
        } else if text.first == UInt8(ascii: "-") {
            add(.keyIDShell, field, bytes, "\(shown(bytes)) begins with a hyphen")
        }
    }

    private mutating func checkPrincipals(at start: Int) {
        let limit = CertificateFields.maximumPrincipals
        if parts.principals.isEmpty {
            add(.principalsEmpty, "valid principals", start, "there is none")
        }
        if parts.principals.count > limit {
            add(
                .principalsMany, "valid principals", start,
                "\(parts.principals.count) principals exceed the limit of \(limit)")
        }
        var seen: Set<ArraySlice<UInt8>> = []
        for name in parts.principals {
            if !seen.insert(name).inserted {
                add(.principalTwice, "principal", name, "\(shown(name)) is there twice")
            }
            checkPrincipal(name)
        }
    }

    private mutating func checkPrincipal(_ bytes: ArraySlice<UInt8>) {
        let field = "principal"
        let text = checkNUL(field, bytes)
        if bytes.isEmpty { add(.principalEmpty, field, bytes, "it is empty") }
        var told: Set<CertificateRule> = []
        for (place, byte) in zip(text.indices, text) where !Self.isPlain(byte) {
            guard let rule = rule(forPrincipal: byte), told.insert(rule).inserted else { continue }
            add(rule, field, place, "\(shown(bytes)) has \(Self.name(of: byte))")
        }
        guard let place = text.firstIndex(where: { $0 >= 0x80 }) else { return }
        if String(validating: text, as: UTF8.self) == nil {
            add(.principalNotUTF8, field, place, "\(shown(bytes)) is not UTF-8")
        } else {
            add(.principalNotASCII, field, place, "\(shown(bytes)) is not ASCII")
        }
    }

    /// The rule that a character of a principal breaks.
    private func rule(forPrincipal byte: UInt8) -> CertificateRule? {
        switch byte {
        case UInt8(ascii: ","): .principalComma
        case UInt8(ascii: " "): .principalSpace
        case UInt8(ascii: "#"): .principalHash
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"): .principalQuote
        case UInt8(ascii: "*"), UInt8(ascii: "?"): isHost ? .wildcardHost : .wildcardUser
        case 0x41...0x5A: isHost ? .upperCaseHost : nil
        case 0: nil
        case _ where isControl(byte): .principalControl
        default: nil
        }
    }

    /// Lower-case letters, digits and what stands between them: of interest to no rule.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x2D...0x3A).contains(byte)
    }

    private static func name(of byte: UInt8) -> String {
        isControl(byte)
            ? "the control character \(Hex.encode([byte]))"
            : "the character '\(Unicode.Scalar(byte))'"
    }
}
