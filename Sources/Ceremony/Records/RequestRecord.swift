// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Issuance
public import Ledger
public import SSHCrypto

/// A request that was admitted.
public struct RequestRecord: HomeRecord {
    /// The request's ID.
    public let request: SHA256Digest
    /// The SHA-256 of text and signature in one file, which the ledger keeps.
    public let file: SHA256Digest
    /// The name that the file had in the spool.
    public let name: String
    /// What the entry is found by, so far as is known of the request.
    public let handles: [LedgerHandle]
    private let content: [Content]

    /// Records an admission.
    public init(_ request: CertificateRequest, name: String) {
        let file = Content(request.file)
        self.request = request.id
        self.file = file.digest
        self.name = name
        content = [file]
        handles = Self.handles(of: request)
    }

    /// The entry.
    public var draft: EntryDraft {
        var draft = EntryDraft(.request)
        draft.field("request", request.hex)
        draft.field("file", file.hex)
        draft.field("name", name)
        draft.contents = content
        // The ID is made of the same text: a file that came before is a request that did.
        draft.hasNewContents = true
        draft.handles = handles
        return draft
    }

    /// What the entry that admits a request is found by.
    static func handles(of request: CertificateRequest) -> [LedgerHandle] {
        [.request(request.id), .admission(request.created, request.id)]
    }

    /// Reads the record of an entry; when the request was made is not in it.
    ///
    /// - Throws: `Violations` where a field is missing, unknown or malformed.
    public init(_ entry: LedgerEntry) throws(Violations) {
        var reader = try entry.reader()
        let request = reader.digest("request")
        let file = reader.digest("file")
        let name = reader.text("name")
        let violations = reader.finishInOrder()
        guard violations.isEmpty, let request, let file, let name else {
            throw Violations(violations)
        }
        self.request = request
        self.file = file
        self.name = name
        content = []
        handles = [.request(request)]
    }
}
