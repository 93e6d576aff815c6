// SPDX-License-Identifier: Apache-2.0
public import Documents
public import SSHFormats

/// One kind of certificate that an authority may issue, and its bounds.
public struct Profile: Hashable, Sendable {
    /// The profile's name.
    public let name: String
    /// The authority that it belongs to.
    public let authority: String
    /// What it certifies.
    public let kind: CertificateKind
    /// The risk class, which sets the number of approvals.
    public let riskClass: String
    /// The principals that may be asked for, exactly.
    public let principals: [String]
    /// The patterns of host names that may be asked for.
    public let hostPatterns: [HostPattern]
    /// The accounts on hosts into which these principals may log in.
    public let loginAccounts: [String]
    /// The kinds of key that may be certified.
    public let keyKinds: [KeyKind]
    /// The shortest RSA key, in bits.
    public let minimumRSABits: Int
    /// The names of the options that may be asked for.
    public let allowedOptions: [String]
    /// The options that every certificate carries, whatever was asked for.
    public let requiredOptions: CertificateOptionSet
    /// The extensions that every certificate carries.
    public let extensions: [CertificateExtension]
    /// The validity where the request names none.
    public let defaultValidity: TimeSpan
    /// The longest validity.
    public let maximumValidity: TimeSpan
    /// How far before its drafting a certificate begins to be valid.
    public let backdate: TimeSpan
    /// How the key ID is made.
    public let keyID: KeyIDTemplate

    /// Reads a profile's block of the canonical policy text.
    ///
    /// - Throws: all `Violations` of the block.
    init(_ block: Block, authorities: [String: Policy.Authority]) throws(Violations) {
        var reader = BlockReader(block)
        let name = reader.value(reader.required("profile"), expected: ProfileName.form) {
            ProfileName.isValid($0) ? $0 : nil
        }
        let authorityField = reader.required("authority")
        let authority = reader.value(
            authorityField, expected: "an authority that stands above"
        ) { authorities[$0] }
        let kind = authority?.kind
        let riskClass = reader.value(reader.required("class"), expected: ProfileName.form) {
            ProfileName.isValid($0) ? $0 : nil
        }
        principals = Self.principals(&reader, kind: kind)
        hostPatterns = Self.hostPatterns(&reader, kind: kind)
        if principals.isEmpty, hostPatterns.isEmpty {
            reader.report(
                Violation(
                    .policyText, line: block.line,
                    "profile \"\(name ?? "")\" allows no principal",
                    hint: kind == .host ? "list principals or host-patterns" : "list principals"))
        }
        loginAccounts = Self.loginAccounts(&reader, kind: kind)
        keyKinds = Self.keyKinds(&reader, line: block.line)
        let bits = Self.minimumRSABits(&reader)
        allowedOptions = Self.allowedOptions(&reader, kind: kind)
        requiredOptions = Self.requiredOptions(&reader, kind: kind)
        extensions = Self.extensions(&reader, kind: kind)
        let ceiling = kind == .user ? Policy.Ceiling.userValidity : Policy.Ceiling.hostValidity
        let defaultValidity = reader.span("validity-default", atMost: ceiling)
        let maximumValidity = reader.span("validity-maximum", atMost: ceiling)
        if let defaultValidity, let maximumValidity, defaultValidity > maximumValidity {
            reader.report(
                Violation(
                    .policyText, line: block.fields.first { $0.name == "validity-default" }?.line,
                    "validity-default \(defaultValidity.text) exceeds validity-maximum "
                        + maximumValidity.text))
        }
        let backdate = reader.span("backdate", atMost: Policy.Ceiling.backdate)
        let keyID = Self.keyID(&reader)
        let violations = reader.finish()
        guard violations.isEmpty, let name, let authority, let riskClass, let bits,
            let defaultValidity, let maximumValidity, let backdate, let keyID
        else { throw Violations(violations) }
        self.name = name
        self.authority = authority.name
        self.kind = authority.kind
        self.riskClass = riskClass
        minimumRSABits = bits
        self.defaultValidity = defaultValidity
        self.maximumValidity = maximumValidity
        self.backdate = backdate
        self.keyID = keyID
    }

    /// Whether the profile allows this principal.
    public func allows(principal: String) -> Bool {
        principals.contains(principal) || hostPatterns.contains { $0.matches(principal) }
    }
}

extension Profile {
    private static func principals(
        _ reader: inout BlockReader, kind: CertificateKind?
    ) -> [String] {
        reader.repeated("principal").map { field in
            if let fault = Principal.fault(in: field.value, kind: kind ?? .user) {
                reader.report(Violation(.policyText, line: field.line, fault))
            }
            return field.value
        }
    }

    private static func hostPatterns(
        _ reader: inout BlockReader, kind: CertificateKind?
    ) -> [HostPattern] {
        reader.repeated("host-pattern").compactMap { field in
            guard kind != .user else {
                reader.report(
                    Violation(
                        .policyText, line: field.line,
                        "host-pattern stands in a profile for users",
                        hint: "user principals are listed one by one"))
                return nil
            }
            return reader.value(
                field, .policyText,
                expected: "a host pattern such as *.example.org, with two literal labels"
            ) { HostPattern(text: $0) }
        }
    }

    private static func loginAccounts(
        _ reader: inout BlockReader, kind: CertificateKind?
    ) -> [String] {
        reader.repeated("login-account").map { field in
            if kind == .host {
                reader.report(
                    Violation(
                        .policyText, line: field.line,
                        "login-account stands in a profile for hosts"))
            }
            if !ProfileName.isAccount(field.value) {
                reader.report(
                    Violation(
                        .policyText, line: field.line,
                        "login-account \"\(field.value)\" is not an account name"))
            }
            return field.value
        }
    }

    private static func keyKinds(_ reader: inout BlockReader, line: Int) -> [KeyKind] {
        let fields = reader.repeated("key-kind")
        if fields.isEmpty {
            reader.report(
                Violation(.policyText, line: line, "the profile allows no key-kind"))
        }
        let names = KeyKind.certifiable.map(\.shortName).joined(separator: ", ")
        return fields.compactMap { field in
            reader.value(field, .policyText, expected: "one of \(names)") {
                KeyKind(shortName: $0).flatMap { $0.isCertifiable ? $0 : nil }
            }
        }
    }

    private static func minimumRSABits(_ reader: inout BlockReader) -> Int? {
        reader.value(
            reader.required("minimum-rsa-bits"), .policyText,
            expected: "a number of bits from \(Policy.Ceiling.minimumRSABits) to 16384"
        ) { text in
            guard let bits = parseDecimal(text).flatMap({ Int(exactly: $0) }),
                (Policy.Ceiling.minimumRSABits...16_384).contains(bits)
            else { return nil }
            return bits
        }
    }

    private static func allowedOptions(
        _ reader: inout BlockReader, kind: CertificateKind?
    ) -> [String] {
        reader.repeated("option").compactMap { field in
            reader.value(
                field, .policyText,
                expected: kind == .host
                    ? "possible: host certificates carry no options" : "the name of an option"
            ) { text -> String? in
                guard kind != .host else { return nil }
                let known =
                    CriticalOption.names.contains(text)
                    || CertificateExtension(rawValue: text) != nil
                return known ? text : nil
            }
        }
    }

    private static func requiredOptions(
        _ reader: inout BlockReader, kind: CertificateKind?
    ) -> CertificateOptionSet {
        var options = CertificateOptionSet()
        for field in reader.repeated("required-option") {
            guard kind != .host else {
                reader.report(
                    Violation(
                        .policyText, line: field.line, "host certificates carry no options"))
                continue
            }
            do throws(OptionFault) {
                try options.insert(field.value)
            } catch {
                reader.report(Violation(.policyText, line: field.line, "\(error)"))
            }
        }
        return options
    }

    private static func extensions(
        _ reader: inout BlockReader, kind: CertificateKind?
    ) -> [CertificateExtension] {
        var seen: Set<CertificateExtension> = []
        return reader.repeated("extension").compactMap { field in
            guard kind != .host else {
                reader.report(
                    Violation(
                        .policyText, line: field.line, "host certificates carry no extensions"))
                return nil
            }
            let known = reader.value(field, .policyText, expected: "a known extension") {
                CertificateExtension(rawValue: $0)
            }
            if let known, !seen.insert(known).inserted {
                reader.report(
                    Violation(
                        .policyText, line: field.line,
                        "extension \"\(field.value)\" stands there twice"))
            }
            return known
        }
    }

    private static func keyID(_ reader: inout BlockReader) -> KeyIDTemplate? {
        guard let field = reader.required("key-id") else { return nil }
        do throws(Violations) {
            return try KeyIDTemplate(text: field.value, line: field.line)
        } catch {
            for violation in error.all { reader.report(violation) }
            return nil
        }
    }
}

extension ProfileName {
    /// Names that removable media cannot hold, since Windows keeps them for devices.
    private static let reserved: Set<String> = Set(
        ["aux", "con", "nul", "prn"] + (0...9).flatMap { ["com\($0)", "lpt\($0)"] })

    /// Whether `name` can be an account on a host: safe as a file name and in sshd's tables.
    static func isAccount(_ name: String) -> Bool {
        let stem = name.split(separator: ".").first.map(String.init) ?? ""
        return name.utf8.count <= 32 && !name.hasSuffix(".") && !reserved.contains(stem)
            && AuthorityName.isWord(name[...].utf8) { $0 == 0x2D || $0 == 0x5F || $0 == 0x2E }
    }
}
