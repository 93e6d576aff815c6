// SPDX-License-Identifier: Apache-2.0
public import Documents

/// The rules that lines of sshd's log are judged by.
extension RuleID {
    /// A line about a certificate can be read.
    public static let logLine = RuleID("LOG-LINE")
    /// A certificate is signed by a CA key of this home, or of an authority that was named.
    public static let logAuthority = RuleID("LOG-AUTHORITY")
    /// A certificate's serial is one that a ceremony of this home issued.
    public static let logSerial = RuleID("LOG-SERIAL")
    /// A certificate is the one that the ledger has under its serial.
    public static let logCertificate = RuleID("LOG-CERTIFICATE")
    /// The account is one that the certificate's principals may log in to.
    public static let logAccount = RuleID("LOG-ACCOUNT")
    /// A certificate was accepted within its validity.
    public static let logValidity = RuleID("LOG-VALIDITY")
    /// A certificate was not accepted after its revocation.
    public static let logRevoked = RuleID("LOG-REVOKED")
}
