// SPDX-License-Identifier: Apache-2.0

/// The rules of the time for which a certificate holds.
extension CertificateRule {
    static let validityRules = [
        validityEmpty, validityRange, validityForEver, validityAlways, validityLong,
        validityEarly, validityEnded,
    ]

    /// The validity has a length.
    public static let validityEmpty = CertificateRule(
        rule: "CERT-VALIDITY-EMPTY", .error, strict: true,
        holds: "The validity ends after it begins",
        reason: "There is no second at which the certificate is valid",
        readers: "OpenSSH reads it and always refuses the login",
        source: "OpenSSH sshkey.c:2420-2427",
        hint: "Issue it anew; were both times confused?")
    /// The times are ones that every reader can hold.
    public static let validityRange = CertificateRule(
        rule: "CERT-VALIDITY-RANGE", .error, strict: true,
        holds: "Both times are below 2^63; the end may be 2^64-1, for ever",
        reason: "Readers that hold times as signed numbers take it for the past, or break",
        readers: "Go takes it for expired; puttygen 0.78 crashes; sshkey-tools overflows",
        source: "measured with valid before 2^63+5",
        hint: "Issue it anew with an end date")
    /// The validity has an end.
    public static let validityForEver = CertificateRule(
        rule: "CERT-VALIDITY-FOREVER", .warning,
        holds: "The validity has an end",
        reason: "Only a revocation list ends it, and that must stay on every server for ever",
        readers: "All take it; it is the default of ssh-keygen",
        source: "ssh-keygen(1), option -V",
        hint: "Issue certificates for days or weeks")
    /// The validity has a beginning.
    public static let validityAlways = CertificateRule(
        rule: "CERT-VALIDITY-ALWAYS", .notice,
        holds: "The validity has a beginning",
        reason: "Nobody can tell from it when it was issued",
        readers: "All take it",
        source: "ssh-keygen(1), option -V",
        hint: "Let the validity begin when the certificate is issued")
    /// The validity is not long.
    public static let validityLong = CertificateRule(
        rule: "CERT-VALIDITY-LONG", .notice,
        holds: "The validity is at most 366 days",
        reason: "What is valid for long must be revoked when things change",
        readers: "All take it",
        source: "Docs/Formats/Certificate.md",
        hint: "Issue certificates for days or weeks; hosts can have theirs renewed")
    /// The validity has begun.
    public static let validityEarly = CertificateRule(
        rule: "CERT-VALIDITY-EARLY", .error,
        holds: "The validity has begun at the time of judgement",
        reason: "One second before its time it is refused, and only the server's log says why",
        readers: "All refuse the login",
        source: "OpenSSH sshkey.c:2420-2427",
        hint: "Look at the clocks; issue certificates that begin some minutes earlier")
    /// The validity has not ended.
    public static let validityEnded = CertificateRule(
        rule: "CERT-VALIDITY-ENDED", .error,
        holds: "The validity has not ended at the time of judgement",
        reason: "It is refused from its end on, that second included",
        readers: "All refuse the login",
        source: "OpenSSH sshkey.c:2420-2427",
        hint: "Ask for a new one; look at the clock")
}
