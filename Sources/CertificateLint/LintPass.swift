// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHFormats

/// One look at one certificate: applies the rules and gathers what they find.
struct LintPass {
    /// How often one rule is told of one certificate; a hostile one could break it thousands of times.
    static let maximumRepeats = 16

    let dissection: CertificateDissection
    let isUser: Bool
    let isHost: Bool
    private var findings: [CertificateFinding] = []
    private var counts: [CertificateRule: Int] = [:]

    /// Begins with nothing found.
    init(_ dissection: CertificateDissection, kind: UInt64?) {
        self.dissection = dissection
        isUser = kind == 1
        isHost = kind == 2
    }

    /// What was found in the certificate.
    var parts: CertificateParts { dissection.parts }

    /// Notes a breach.
    mutating func add(
        _ rule: CertificateRule, _ field: String, _ offset: Int,
        _ message: String
    ) {
        let count = counts[rule, default: 0]
        counts[rule] = count + 1
        guard count < Self.maximumRepeats else { return }
        findings.append(
            CertificateFinding(rule: rule, field: field, offset: offset, message: message))
    }

    /// Notes a breach by the field that begins with these bytes.
    mutating func add(
        _ rule: CertificateRule, _ field: String, _ bytes: ArraySlice<UInt8>,
        _ message: String
    ) {
        add(rule, field, bytes.startIndex, message)
    }

    /// The findings in the order of the bytes; where the strict reader refused and no rule said why,
    /// what it said.
    consuming func finish(refusal: FormatError?) -> [CertificateFinding] {
        if let refusal, !findings.contains(where: \.rule.isStrict) {
            findings.append(
                CertificateFinding(
                    rule: .strict, field: refusal.field, offset: refusal.offset,
                    message: refusal.what))
        }
        // Equal offsets keep the order in which they were found.
        return findings.enumerated()
            .sorted { ($0.element.offset, $0.offset) < ($1.element.offset, $1.offset) }
            .map(\.element)
    }
}

extension LintPass {
    /// Notes NUL bytes in a text: at its end, where OpenSSH drops one, and inside.
    ///
    /// Returns the text as OpenSSH reads it.
    @discardableResult
    mutating func checkNUL(_ field: String, _ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let first = bytes.firstIndex(of: 0) else { return bytes }
        guard first == bytes.endIndex - 1 else {
            add(.nulInside, field, first, "\(shown(bytes)) has a NUL byte inside")
            return bytes
        }
        add(.nulAtEnd, field, first, "\(shown(bytes)) ends in a NUL byte, which OpenSSH drops")
        return bytes.dropLast()
    }
}

extension FormatError {
    /// What is wrong, without field and offset.
    var what: String {
        let prefix = "\(field) at byte \(offset): "
        return description.hasPrefix(prefix)
            ? String(description.dropFirst(prefix.count)) : description
    }
}

/// Whether a byte is a control character of ASCII.
func isControl(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x7F }
