// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Issuance
public import SSHCrypto
public import SSHFormats

/// What a look at what ends asks of the ledger, which may have more than fits into the memory.
public struct RadarPast {
    /// A batch that did something, and when.
    public typealias Use = (batch: UInt64, time: UnixTime)

    /// Hands over the certificates of a kind.
    public typealias Ending = (
        CertificateKind, ClosedRange<UnixTime>, (IssuedEntry) throws -> Void
    ) throws -> Void

    /// Hands over requests.
    public typealias Requests = ([SHA256Digest], (CertificateRequest?) throws -> Void) throws ->
        Void

    /// Hands over the certificates of a kind that end within these times, one at a time.
    public let ending: Ending
    /// The certificates of a key, of whatever authority.
    public let certificatesOfKey: (PublicKey) throws -> [IssuedEntry]
    /// The certificates for just these principals, among others perhaps.
    public let certificatesForPrincipals: ([String]) throws -> [IssuedEntry]
    /// Whether an entry is in the tree as it was handed over; throws where it is not.
    public let prove: (IssuedEntry) throws -> Void
    /// Hands over the request of each of these IDs, one at a time and in their order; nil where none
    /// was admitted.
    public let requests: Requests
    /// The last ceremony that a CA key took part in.
    public let lastCeremony: (PublicKey) throws -> Use?
    /// The last batch that an officer's key approved.
    public let lastApproval: (PublicKey) throws -> Use?
    /// The batch that released a version of the revocation list.
    public let release: (UInt64) throws -> Use?

    /// Asks the ledger so.
    public init(
        ending: @escaping Ending,
        certificatesOfKey: @escaping (PublicKey) throws -> [IssuedEntry],
        certificatesForPrincipals: @escaping ([String]) throws -> [IssuedEntry],
        prove: @escaping (IssuedEntry) throws -> Void,
        requests: @escaping Requests,
        lastCeremony: @escaping (PublicKey) throws -> Use?,
        lastApproval: @escaping (PublicKey) throws -> Use?,
        release: @escaping (UInt64) throws -> Use?
    ) {
        self.ending = ending
        self.certificatesOfKey = certificatesOfKey
        self.certificatesForPrincipals = certificatesForPrincipals
        self.prove = prove
        self.requests = requests
        self.lastCeremony = lastCeremony
        self.lastApproval = lastApproval
        self.release = release
    }
}
