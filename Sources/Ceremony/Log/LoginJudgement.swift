// SPDX-License-Identifier: Apache-2.0
public import Documents

/// What a home's ledger says of a line of a log.
public struct LoginJudgement: Sendable {
    /// What kind of line it is.
    public enum Subject: Sendable {
        /// It names a certificate; with it the ledger's own, where it has one under that serial.
        case certificate(SSHDLogLine, recorded: IssuedRecord?)
        /// It is about a login with a key that has no certificate, and whether that was let in.
        case plainKey(isAccepted: Bool)
        /// It is about a certificate and can't be read.
        case unreadable
        /// It is about something else.
        case other
    }

    /// When the line was written, where it tells.
    public let time: UnixTime?
    /// The host that wrote it, where the line tells.
    public let host: String?
    /// What kind of line it is.
    public let subject: Subject
    /// The authority of this home whose key signed the certificate.
    public let authority: String?
    /// What is not as it should be.
    public let findings: [Violation]
    /// What is worth knowing, and as it should be.
    public let remarks: [String]
}
