// SPDX-License-Identifier: Apache-2.0
public import Documents
public import SSHFormats

/// A certificate that was issued, with the entry of the ledger that says so.
public struct IssuedEntry: Sendable {
    /// The entry.
    public let entry: UInt64
    /// What it says.
    public let record: IssuedRecord

    /// Puts both together.
    public init(entry: UInt64, record: IssuedRecord) {
        self.entry = entry
        self.record = record
    }

    /// The certificate's fields.
    public var fields: CertificateFields { record.certificate.fields }

    /// When its validity ends; the latest time of all where it never does.
    public var end: UnixTime {
        UnixTime(seconds: min(fields.validBefore, UnixTime.latest.seconds))
    }

    /// Whether it ends after another, or with it and was issued later.
    func outlasts(_ other: IssuedEntry) -> Bool {
        (fields.validBefore, entry) > (other.fields.validBefore, other.entry)
    }
}
