// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHFormats

extension LintPass {
    private static let verifyRequired = "verify-required"
    private static let forceCommand = "force-command"
    private static let sourceAddress = "source-address"
    private static let noTouchRequired = Array(CertificateExtension.noTouchRequired.rawValue.utf8)
    private static let extensionNames = CertificateExtension.allCases.map {
        Array($0.rawValue.utf8)
    }

    /// Critical options and extensions.
    mutating func checkOptions(isSecurityKey: Bool) {
        checkOrder("critical option", parts.criticalOptions, .optionOrder, .optionTwice)
        if isHost, let first = parts.criticalOptions.first {
            add(
                .optionHost, "critical options", first.name,
                "a host's certificate has \(counted(parts.criticalOptions.count, "critical option"))"
            )
        }
        for option in parts.criticalOptions {
            let name = checkNUL("critical option", option.name)
            checkOption(option, named: String(decoding: name, as: UTF8.self), isSecurityKey)
        }
        checkOrder("extension", parts.extensions, .extensionOrder, .extensionTwice)
        if isHost, let first = parts.extensions.first {
            add(
                .extensionHost, "extensions", first.name,
                "a host's certificate has \(counted(parts.extensions.count, "extension"))")
        }
        for pair in parts.extensions {
            checkExtension(pair, named: checkNUL("extension", pair.name), isSecurityKey)
        }
    }

    private mutating func checkOrder(
        _ field: String, _ pairs: [CertificateParts.Pair], _ order: CertificateRule,
        _ twice: CertificateRule
    ) {
        let isOrdered = zip(pairs, pairs.dropFirst()).allSatisfy {
            $0.name.lexicographicallyPrecedes($1.name)
        }
        guard !isOrdered else { return }
        var seen: Set<ArraySlice<UInt8>> = []
        var last: ArraySlice<UInt8>?
        for pair in pairs {
            if !seen.insert(pair.name).inserted {
                add(twice, field, pair.name, "\(shown(pair.name)) is there twice")
            } else if let last, pair.name.lexicographicallyPrecedes(last) {
                add(
                    order, field, pair.name,
                    "\(shown(pair.name)) is not in the order of names")
            }
            last = pair.name
        }
    }

    private mutating func checkOption(
        _ option: CertificateParts.Pair, named name: String, _ isSecurityKey: Bool
    ) {
        let field = "critical option"
        switch name {
        case Self.verifyRequired:
            if !option.data.isEmpty {
                add(
                    .optionData, name, option.data,
                    "it is a flag, and has \(option.data.count) bytes of data")
            }
            add(.verifyRequiredReaders, field, option.name, "it asks for verify-required")
            if !isSecurityKey {
                add(
                    .verifyRequiredKey, field, option.name,
                    "it asks for verify-required of a key that is not in a FIDO token")
            }
        case Self.forceCommand, Self.sourceAddress:
            guard let text = option.text else {
                add(
                    .optionData, name, option.data,
                    "\(option.data.count) bytes of data are not one string")
                return
            }
            checkNUL(name, text)
            checkValue(name, text)
        case _ where CertificateExtension(rawValue: name) != nil:
            add(
                .optionMisplaced, field, option.name,
                "\(shown(option.name)) is an extension")
        default:
            add(.optionUnknown, field, option.name, "\(shown(option.name)) is not known")
        }
    }

    private mutating func checkValue(_ name: String, _ text: ArraySlice<UInt8>) {
        let rule: CertificateRule = name == Self.forceCommand ? .forceCommand : .sourceAddress
        guard let value = String(validating: text, as: UTF8.self) else {
            add(rule, name, text, "\(shown(text)) is not UTF-8")
            return
        }
        do throws(FormatError) {
            guard case .sourceAddress(let entries) = try CriticalOption(text: "\(name)=\(value)")
            else { return }
            for entry in entries where ["0.0.0.0/0", "::/0"].contains(entry) {
                add(.sourceAddressAny, name, text, "\(entry) is every address")
            }
        } catch {
            add(rule, name, text, error.what)
        }
    }

    private mutating func checkExtension(
        _ pair: CertificateParts.Pair, named name: ArraySlice<UInt8>, _ isSecurityKey: Bool
    ) {
        let field = "extension"
        guard !Self.extensionNames.contains(where: { Self.areEqual($0, name) }) else {
            if !pair.data.isEmpty {
                add(
                    .extensionData, String(decoding: name, as: UTF8.self), pair.data,
                    "it is a flag, and has \(pair.data.count) bytes of data")
            }
            guard Self.areEqual(Self.noTouchRequired, name) else { return }
            if isSecurityKey {
                add(.noTouch, field, pair.name, "a login needs no touch of the FIDO token")
            } else {
                add(
                    .noTouchKey, field, pair.name, "the key is not in a FIDO token")
            }
            return
        }
        if CriticalOption.names.contains(String(decoding: name, as: UTF8.self)) {
            add(
                .extensionMisplaced, field, pair.name,
                "\(shown(pair.name)) is a critical option, and is ignored here")
            return
        }
        add(.extensionUnknown, field, pair.name, "\(shown(pair.name)) is not known")
        if !pair.name.contains(UInt8(ascii: "@")) {
            add(.extensionDomain, field, pair.name, "\(shown(pair.name)) names no domain")
        }
        if !pair.data.isEmpty, pair.text == nil {
            add(
                .extensionNested, field, pair.data,
                "\(pair.data.count) bytes of data are not one string")
        }
    }

    private static func areEqual(_ known: [UInt8], _ name: ArraySlice<UInt8>) -> Bool {
        known.count == name.count && name.elementsEqual(known)
    }
}
