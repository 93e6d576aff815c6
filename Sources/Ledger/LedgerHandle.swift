// SPDX-License-Identifier: Apache-2.0
public import Documents
public import SSHCrypto

/// Something that an entry is found by.
///
/// A ledger looks handles up by a number for the name and 64 bits of the value, which different
/// values may share: whoever finds an entry compares it with what was asked for.
public enum LedgerHandle: Hashable, Sendable {
    /// An admitted request, by its ID.
    case request(SHA256Digest)
    /// An admitted request, by the time that it says it was made at, and its ID.
    case admission(UnixTime, SHA256Digest)
    /// A drafted batch, by its ID.
    case batch(SHA256Digest)
    /// What officers said of a batch.
    case approvals(SHA256Digest)
    /// The beginning, the tokens and the end of a batch's ceremony.
    case ceremony(SHA256Digest)
    /// What was intended in a batch's ceremony.
    case intent(SHA256Digest)
    /// A drafted batch, by its number.
    case batchNumber(UInt64)
    /// A certificate, by its serial, of whatever authority.
    case serial(UInt64)
    /// A host's certificate, by the end of its validity, in seconds since 1970.
    case hostEnd(UInt64)
    /// A user's certificate, by the end of its validity, in seconds since 1970.
    case userEnd(UInt64)
    /// A certificate, by its key ID.
    case keyID(String)
    /// A certificate, by the fingerprint of the key that it certifies.
    case fingerprint(String)
    /// A certificate, by one of its principals.
    case principal(String)
    /// A refusal, by what says that the same was refused before.
    case refusal(String)
    /// An approval, by the fingerprint of the officer's key.
    case approver(String)
    /// The beginning of a ceremony or a token's part in it, by the fingerprint of a CA key there.
    case authorityKey(String)
    /// The release of a revocation list, by its version.
    case listVersion(UInt64)

    /// The kind of a handle, with the number by which a ledger's file knows it.
    public enum Name: Int64, CaseIterable, Hashable, Sendable {
        case request = 1
        case admission = 2
        case batch = 3
        case approvals = 4
        case ceremony = 5
        case intent = 6
        case batchNumber = 7
        case serial = 8
        case hostEnd = 9
        case userEnd = 10
        case keyID = 11
        case fingerprint = 12
        case principal = 13
        case refusal = 14
        case approver = 15
        case authorityKey = 16
        case listVersion = 17

        /// Whether its values are numbers, which can be asked for by a range.
        public var isNumber: Bool {
            switch self {
            case .batchNumber, .serial, .hostEnd, .userEnd, .listVersion: true
            default: false
            }
        }

        /// Whether values come in order, or nearly so, and new ones stand together.
        public var isOrdered: Bool { isNumber || self == .admission }

        /// The name as people read it.
        public var text: String {
            switch self {
            case .request: "request"
            case .admission: "admission"
            case .batch: "batch"
            case .approvals: "approvals"
            case .ceremony: "ceremony"
            case .intent: "intent"
            case .batchNumber: "batch-number"
            case .serial: "serial"
            case .hostEnd: "host-end"
            case .userEnd: "user-end"
            case .keyID: "key-id"
            case .fingerprint: "fingerprint"
            case .refusal: "refusal"
            case .principal: "principal"
            case .approver: "approver"
            case .authorityKey: "ca-key"
            case .listVersion: "list-version"
            }
        }
    }

    /// The kind.
    public var name: Name {
        switch self {
        case .request: .request
        case .admission: .admission
        case .batch: .batch
        case .approvals: .approvals
        case .ceremony: .ceremony
        case .intent: .intent
        case .batchNumber: .batchNumber
        case .serial: .serial
        case .hostEnd: .hostEnd
        case .userEnd: .userEnd
        case .keyID: .keyID
        case .fingerprint: .fingerprint
        case .refusal: .refusal
        case .principal: .principal
        case .approver: .approver
        case .authorityKey: .authorityKey
        case .listVersion: .listVersion
        }
    }

    /// The value as a ledger's file holds it: a number as it is, the largest for all above.
    ///
    /// Of a digest it is the first 8 bytes, of a text those of its SHA-256, the most significant
    /// first, as a number in two's complement. Of a time and a digest it is the last 4 bytes of the
    /// seconds since 1970, and the first 4 of the digest.
    public var value: Int64 {
        switch self {
        case .request(let digest), .batch(let digest), .approvals(let digest),
            .ceremony(let digest), .intent(let digest):
            Self.value(of: digest)
        case .admission(let time, let digest):
            Int64(bitPattern: time.seconds << 32 | digest.prefix >> 32)
        case .batchNumber(let number), .serial(let number), .hostEnd(let number),
            .userEnd(let number), .listVersion(let number):
            Int64(clamping: number)
        case .keyID(let text), .fingerprint(let text), .refusal(let text), .principal(let text),
            .approver(let text), .authorityKey(let text):
            Self.value(of: SHA256Digest(hashing: Array(text.utf8)))
        }
    }

    /// The values of the digests that begin with these hexadecimal digits, lower case, of which the
    /// first 16 count; nil where they are none.
    public static func values(beginning digits: String) -> ClosedRange<Int64>? {
        var first: UInt64 = 0
        var count: UInt64 = 0
        for digit in digits.utf8 {
            let number: UInt64
            switch digit {
            case 0x30...0x39: number = UInt64(digit) - 0x30
            case 0x61...0x66: number = UInt64(digit) - 0x61 + 10
            default: return nil
            }
            guard count < 16 else { continue }
            first = first << 4 | number
            count += 1
        }
        // Shifts by the whole width give zero.
        let rest = UInt64.max >> (4 * count)
        guard count > 0 else { return nil }
        first <<= 64 - 4 * count
        return Int64(bitPattern: first)...Int64(bitPattern: first | rest)
    }

    /// The first 8 bytes of a digest, as a ledger's file holds them.
    public static func value(of digest: SHA256Digest) -> Int64 {
        Int64(bitPattern: digest.prefix)
    }
}

extension LedgerHandle: CustomStringConvertible {
    /// The kind and the value.
    public var description: String {
        switch self {
        case .request(let digest), .batch(let digest), .approvals(let digest),
            .ceremony(let digest), .intent(let digest):
            "\(name.text) \(digest.hex)"
        case .admission(let time, let digest):
            "\(name.text) \(time.text) \(digest.hex)"
        case .batchNumber(let number), .serial(let number), .hostEnd(let number),
            .userEnd(let number), .listVersion(let number):
            "\(name.text) \(number)"
        case .keyID(let text), .fingerprint(let text), .refusal(let text), .principal(let text),
            .approver(let text), .authorityKey(let text):
            "\(name.text) \(quoted(text))"
        }
    }
}
