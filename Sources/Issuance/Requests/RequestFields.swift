// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHFormats

/// The fields of a request's text, read and checked, before anybody proved anything.
struct RequestFields {
    let authority: String
    let kind: CertificateKind
    let publicKey: PublicKey
    let principals: [String]
    let profile: String
    let validity: RequestValidity?
    let options: CertificateOptionSet
    let created: UnixTime
    let nonce: [UInt8]
    let requester: String?
    let purpose: String?
    let renewableUntil: UnixTime?

    /// The number of random bytes in a request's nonce.
    static let nonceLength = 16
    /// How a nonce is written, as messages say it.
    static let nonceForm = "\(2 * nonceLength) lower-case hex digits"
    /// The longest requester and purpose, in bytes.
    static let maximumRemarkLength = 256

    init(text: [UInt8]) throws(Violations) {
        let document = try Document(
            parsing: text, kind: "request", limits: .request,
            utf8Fields: CertificateRequest.utf8Fields)
        guard let first = document.blocks.first else {
            throw Violations([Violation(.documentMissing, "the request has no fields")])
        }
        var reader = BlockReader(first)
        for block in document.blocks.dropFirst() {
            reader.report(
                Violation(
                    .documentBlock, line: block.line,
                    "a request has no empty line and no second part"))
        }
        let authority = reader.value(reader.required("authority"), expected: AuthorityName.form) {
            AuthorityName.isValid($0) ? $0 : nil
        }
        let kind = reader.value(reader.required("type"), expected: "user or host") {
            CertificateKind(name: $0)
        }
        let publicKey = Self.publicKey(&reader)
        let principals = Self.principals(&reader, kind: kind)
        let profile = reader.value(reader.required("profile"), expected: ProfileName.form) {
            ProfileName.isValid($0) ? $0 : nil
        }
        let validity = Self.validity(&reader)
        let options = Self.options(&reader, kind: kind)
        let created = reader.value(reader.required("created"), expected: timeForm) {
            UnixTime(text: $0)
        }
        let nonce = reader.value(reader.required("nonce"), expected: Self.nonceForm) {
            Hex.decode($0).flatMap { $0.count == Self.nonceLength ? $0 : nil }
        }
        requester = Self.remark("requester", &reader)
        purpose = Self.remark("purpose", &reader)
        renewableUntil = Self.renewal(&reader, kind: kind)
        for name in ["renewal-of", "evidence"] {
            for field in reader.repeated(name) {
                reader.report(
                    Violation(
                        .requestUnsupported, line: field.line,
                        "field \"\(name)\" is not taken by this version"))
            }
        }
        let violations = reader.finish()
        guard violations.isEmpty, let authority, let kind, let publicKey, let profile,
            let created, let nonce
        else { throw Violations(violations) }
        self.authority = authority
        self.kind = kind
        self.publicKey = publicKey
        self.principals = principals
        self.profile = profile
        self.validity = validity
        self.options = options
        self.created = created
        self.nonce = nonce
    }

    private static func publicKey(_ reader: inout BlockReader) -> PublicKey? {
        guard let field = reader.required("public-key") else { return nil }
        do throws(FormatError) {
            let (key, hasComment) = try PublicKey.read(line: field.value)
            guard !hasComment else {
                reader.report(
                    Violation(
                        .requestKey, line: field.line, "public-key has a comment",
                        hint: "write type and Base64 alone"))
                return nil
            }
            return key
        } catch {
            let hint =
                field.value.contains("-cert-v01")
                ? "this is a certificate; name the plain public key (.pub)" : nil
            reader.report(
                Violation(
                    .requestKey, line: field.line, "public-key cannot be read: \(error)",
                    hint: hint))
            return nil
        }
    }

    private static func principals(
        _ reader: inout BlockReader, kind: CertificateKind?
    ) -> [String] {
        let fields = reader.repeated("principal")
        if fields.isEmpty {
            reader.report(
                Violation(
                    .requestPrincipal, "the request names no principal",
                    hint: "add a line such as: principal: alice"))
        }
        if fields.count > Principal.maximumCount {
            reader.report(
                Violation(
                    .requestPrincipal, line: fields[Principal.maximumCount].line,
                    "\(fields.count) principals exceed \(Principal.maximumCount)"))
        }
        for (place, field) in fields.enumerated() {
            if let fault = Principal.fault(in: field.value, kind: kind ?? .user) {
                reader.report(Violation(.requestPrincipal, line: field.line, fault))
            }
            // They are so few that a search through them costs less than a table would.
            if fields[..<place].contains(where: { $0.value == field.value }) {
                reader.report(
                    Violation(
                        .requestPrincipal, line: field.line,
                        "principal \(quoted(field.value)) stands there twice"))
            }
        }
        return fields.map(\.value)
    }

    private static func validity(_ reader: inout BlockReader) -> RequestValidity? {
        guard let field = reader.optional("validity") else { return nil }
        if field.value.contains("x"), field.value.first?.isNumber == true {
            reader.report(
                Violation(
                    .requestUnsupported, line: field.line,
                    "a series of certificates (\(quoted(field.value))) is not taken by this version",
                    hint: "ask for one validity, such as 7d"))
            return nil
        }
        return reader.value(
            field, expected: "a time span such as 7d, or FROM/TO as two times"
        ) { RequestValidity(text: $0) }
    }

    private static func options(
        _ reader: inout BlockReader, kind: CertificateKind?
    ) -> CertificateOptionSet {
        var options = CertificateOptionSet()
        for field in reader.repeated("option") {
            if kind == .host {
                reader.report(
                    Violation(
                        .requestOption, line: field.line,
                        "a host certificate carries no options"))
                continue
            }
            do throws(OptionFault) {
                try options.insert(field.value)
            } catch {
                reader.report(Violation(.requestOption, line: field.line, "\(error)"))
            }
        }
        return options
    }

    private static func remark(_ name: String, _ reader: inout BlockReader) -> String? {
        guard let field = reader.optional(name) else { return nil }
        if field.value.utf8.count > maximumRemarkLength {
            reader.report(
                Violation(
                    .documentValue, line: field.line,
                    "\(name) has \(field.value.utf8.count) bytes, more than "
                        + "\(maximumRemarkLength)"))
        }
        return field.value
    }

    private static func renewal(
        _ reader: inout BlockReader, kind: CertificateKind?
    ) -> UnixTime? {
        guard let field = reader.optional("renewable-until") else { return nil }
        if kind == .user {
            reader.report(
                Violation(
                    .requestRenewal, line: field.line,
                    "renewable-until is for hosts; a user asks anew"))
        }
        return reader.value(field, expected: timeForm) { UnixTime(text: $0) }
    }
}

/// How a time is written, as messages say it.
let timeForm = "a time such as 2026-11-22T15:30:00Z"
