// SPDX-License-Identifier: Apache-2.0
import Ceremony
public import Documents
public import Issuance
import Ledger
import LedgerStore
import SSHCrypto
import Spool

/// Takes the spool in: each file is admitted, or refused with all its violations.
public struct Intake {
    /// What became of one file.
    public struct Verdict {
        /// The file's name in the spool, in printable ASCII.
        public let name: String
        /// The request that was admitted, or everything that was wrong.
        public let result: Result<CertificateRequest, Violations>

        fileprivate let file: SHA256Digest?
    }

    /// The largest request file, in bytes: text and signature.
    public static let maximumFileSize = 65_536 + 32_768
    /// The violations of one file that the ledger keeps.
    private static let recordedViolations = 32
    /// The characters of one violation that the ledger keeps.
    private static let recordedLength = 1000
    /// How many verdicts one durable transaction holds.
    private static let groupSize = 256

    private let home: Home
    private var history: IssuanceHistory
    private var waiting: [Verdict] = []

    /// Takes requests into this home.
    public init(home: Home) {
        self.home = home
        history = home.state.history
    }

    /// Reads every file of the spool, decides, records, and hands each verdict over.
    ///
    /// Files are left where they are. A verdict is handed over once it is durable.
    ///
    /// - Throws: `FileError` where the spool cannot be listed; what the ledger throws.
    public mutating func run(spool: String, _ report: (Verdict) -> Void) throws {
        var scan = try SpoolDirectory(path: spool).open(limit: Self.maximumFileSize)
        while let item = scan.next() {
            waiting.append(try judge(item))
            if waiting.count == Self.groupSize { try record(report) }
        }
        try scan.close()
        try record(report)
    }

    private mutating func judge(_ item: SpoolItem) throws -> Verdict {
        switch item.result {
        case .refused(let refusal):
            let violation = Violation(
                RuleID(refusal.rule), refusal.message, hint: refusal.hint)
            return Verdict(
                name: item.name, result: .failure(Violations(violation)), file: nil)
        case .file(let file):
            let digest = SHA256Digest(hashing: file.bytes + (file.signature ?? []))
            return Verdict(name: item.name, result: try decide(file), file: digest)
        }
    }

    private mutating func decide(
        _ file: SpoolFile
    ) throws -> Result<CertificateRequest, Violations> {
        let request: CertificateRequest
        do throws(Violations) {
            request = try CertificateRequest(file: file.bytes, signatureFile: file.signature)
        } catch {
            return .failure(error)
        }
        if try home.isAdmitted(request) { history.admittedRequests.insert(request.id) }
        switch home.state.policy.decide(request, at: home.now(), history: history) {
        case .refused(let violations): return .failure(Violations(violations))
        case .admitted(let admitted):
            history.admittedRequests.insert(admitted.request.id)
            return .success(admitted.request)
        }
    }

    private mutating func record(_ report: (Verdict) -> Void) throws {
        var drafts: [EntryDraft] = []
        for verdict in waiting {
            switch verdict.result {
            case .success(let request):
                drafts.append(
                    RequestRecord(request, name: Self.recorded(verdict.name)).draft)
            case .failure(let violations):
                if let draft = try refusal(verdict, violations) { drafts.append(draft) }
            }
        }
        try home.append(drafts, time: home.now())
        for verdict in waiting { report(verdict) }
        waiting = []
    }

    /// The entry of a refusal; nil where the same file was refused under the same name before, so
    /// that a file left in the spool does not fill the ledger.
    private func refusal(_ verdict: Verdict, _ violations: Violations) throws -> EntryDraft? {
        let name = Self.recorded(verdict.name)
        let messages = violations.all.prefix(Self.recordedViolations).map(Self.recorded)
        let record = RefusalRecord(name: name, file: verdict.file, violations: messages)
        let handle = Self.handle(of: record)
        for index in try home.store.find(handle) {
            let entry = try home.store.provenEntry(at: index)
            guard entry.kind == .refusal else { continue }
            let known = try RefusalRecord(entry)
            if known.name == name, Self.handle(of: known) == handle { return nil }
        }
        var draft = record.draft
        draft.handles = [handle]
        return draft
    }

    /// What the same refusal is found by: name and file, or the rule where the file could not be read.
    static func handle(of refusal: RefusalRecord) -> LedgerHandle {
        let message = refusal.violations.first ?? ""
        let rule = message.split(separator: "(").last.map { String($0.prefix { $0 != ")" }) }
        return .refusal("\(refusal.name) \(refusal.file?.hex ?? rule ?? "")")
    }

    /// A violation as an entry can hold it: on one line, not too long, nothing that hides.
    private static func recorded(_ violation: Violation) -> String {
        var text = String.UnicodeScalarView()
        for scalar in "\(violation)".unicodeScalars.prefix(recordedLength) {
            text.append(SafeText.allows(scalar) ? scalar : "?")
        }
        while text.last == " " { text.removeLast() }
        return String(text)
    }

    /// A name as an entry can hold it: blanks at its ends are written out.
    private static func recorded(_ name: String) -> String {
        guard name.hasPrefix(" ") || name.hasSuffix(" ") else { return name }
        return "\"\(name)\""
    }
}
