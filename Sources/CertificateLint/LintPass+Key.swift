// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import SSHFormats

extension LintPass {
    /// The longest RSA number, in bytes.
    private static let maximumModulusLength = 2_048
    /// The longest application of a FIDO key, in bytes.
    private static let maximumApplicationLength = 1_024

    /// A key's fields by their form, and what libcrypto found in its numbers; `place` says whose key it
    /// is.
    mutating func checkKey(_ key: KeyParts?, _ faults: [KeyFault], place: String) {
        guard let key, let layout = key.layout else { return }
        for (part, value) in zip(layout.parts, key.values) {
            let field = place + part.name
            switch part.name {
            case "e", "n": checkModulus(field, value)
            case "curve": checkCurve(field, value, layout)
            case "Q": checkPoint(field, value, layout)
            case "pk" where layout.name != KeyLayout.compositeName:
                if value.count != 32 {
                    add(.ed25519Length, field, value, "\(value.count) bytes are not 32")
                }
            case "application": checkApplication(field, value)
            default: break
            }
        }
        for fault in faults {
            let (rule, name) = Self.rule(for: fault)
            add(rule, place + name, key.value(name) ?? key.bytes, fault.description)
        }
    }

    /// What is wrong with the encoding of a positive number; nil where nothing is.
    static func integerFault(_ bytes: ArraySlice<UInt8>) -> String? {
        guard let first = bytes.first else { return "integer is zero" }
        guard first < 0x80 else { return "integer is negative" }
        guard first == 0 else { return nil }
        guard let second = bytes.dropFirst().first, second >= 0x80 else {
            return bytes.allSatisfy { $0 == 0 }
                ? "integer is zero" : "integer has needless leading zeros"
        }
        return nil
    }

    private mutating func checkModulus(_ field: String, _ value: ArraySlice<UInt8>) {
        if let fault = Self.integerFault(value) { add(.rsaInteger, field, value, fault) }
        let count = value.count - (value.first == 0 ? 1 : 0)
        if count > Self.maximumModulusLength {
            add(
                .rsaLong, field, value,
                "\(count) bytes exceed the limit of \(Self.maximumModulusLength)")
        }
    }

    private mutating func checkCurve(
        _ field: String, _ value: ArraySlice<UInt8>, _ layout: KeyLayout
    ) {
        checkNUL(field, value)
        guard let curve = KeyKind(rawValue: layout.name)?.curve,
            !value.elementsEqual(curve.rawValue.utf8)
        else { return }
        add(.curveName, field, value, "\(shown(value)) is not \(curve.rawValue)")
    }

    private mutating func checkPoint(
        _ field: String, _ value: ArraySlice<UInt8>, _ layout: KeyLayout
    ) {
        guard let curve = KeyKind(rawValue: layout.name)?.curve else { return }
        let count = 2 * curve.coordinateLength + 1
        if value.count == curve.coordinateLength + 1, value.first == 2 || value.first == 3 {
            add(.pointCompressed, field, value, "point is in compressed form")
        } else if value.count != count || value.first != 4 {
            add(
                .pointForm, field, value,
                value.count == count
                    ? "point begins with \(value.first ?? 0), not 4"
                    : "\(value.count) bytes are not \(count)")
        }
    }

    private mutating func checkApplication(_ field: String, _ value: ArraySlice<UInt8>) {
        checkNUL(field, value)
        if value.count > Self.maximumApplicationLength {
            add(
                .applicationText, field, value,
                "\(value.count) bytes exceed the limit of \(Self.maximumApplicationLength)")
        } else if value.contains(where: isControl) {
            add(.applicationText, field, value, "\(shown(value)) has a control character")
        } else if String(validating: value, as: UTF8.self) == nil {
            add(.applicationText, field, value, "\(shown(value)) is not UTF-8")
        }
        if !value.starts(with: "ssh:".utf8) {
            add(.applicationPrefix, field, value, "\(shown(value)) does not begin with ssh:")
        }
    }

    /// The rule for a fault of a key's numbers, and the field that it is of.
    private static func rule(for fault: KeyFault) -> (CertificateRule, String) {
        switch fault {
        case .modulusTooLong: (.rsaLong, "n")
        case .modulusTooShort(let bits, _): (bits < 1_024 ? .rsaShort : .rsaWeak, "n")
        case .modulusEven: (.modulusEven, "n")
        case .modulusDivisible: (.modulusFactor, "n")
        case .modulusOfROCA: (.modulusROCA, "n")
        case .modulusOfCloseFactors: (.modulusClose, "n")
        case .exponentTooLong: (.exponentLong, "e")
        case .exponentTooSmall(let value): (value == 1 ? .exponentOne : .exponentSmall, "e")
        case .exponentEven: (.exponentEven, "e")
        case .notOfCurve: (.pointOffCurve, "Q")
        case .ed25519Length: (.ed25519Length, "pk")
        case .ed25519NotCanonical: (.ed25519NotCanonical, "pk")
        case .ed25519SmallOrder: (.ed25519SmallOrder, "pk")
        case .ed25519NotOfCurve: (.ed25519OffCurve, "pk")
        }
    }
}
