// SPDX-License-Identifier: Apache-2.0

/// Something in a revocation list that a writer should not have written, or not every release reads.
public struct RevocationListRemark: Hashable, Sendable {
    /// What it is.
    public let kind: Kind
    /// The byte at which it was found first.
    public let offset: Int
    /// How often it was found.
    public internal(set) var count: Int

    /// What can be remarkable about a list.
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        /// An extension section (255) that isn't critical.
        case `extension` = "extension"
        /// An extension (0x39) in a certificates section that isn't critical.
        case certificatesExtension = "certificates-extension"
        /// A signature section (4).
        case signature = "signature"
        /// A section behind a signature section.
        case sectionAfterSignature = "section-after-signature"
        /// An authority's key of a kind that not every release knows.
        case authorityKind = "authority-kind"
        /// An authority's key that is DSA.
        case authorityDSA = "authority-dsa"
        /// A certificate in the place of an authority's key.
        case authorityCertificate = "authority-certificate"
        /// An authority's key whose numbers have needless zeros in front.
        case authorityPadding = "authority-padding"
        /// More than one certificates section about one authority.
        case authorityRepeated = "authority-repeated"
        /// A certificate among the keys.
        case keyCertificate = "key-certificate"
        /// Bytes among the keys that are no key of a known kind.
        case keyUnknown = "key-unknown"
        /// SHA-1 hashes of keys.
        case sha1Hashes = "sha1-hashes"
        /// A section or subsection without data.
        case emptySection = "empty-section"
        /// A bitmap in which no bit is set.
        case emptyBitmap = "empty-bitmap"
        /// Serials in a list that don't ascend.
        case unsorted = "unsorted"
        /// The flags of the heading aren't zero.
        case flags = "flags"
        /// A reserved text isn't empty.
        case reserved = "reserved"
        /// A text ends with a NUL byte.
        case finalNUL = "final-nul"
        /// The comment isn't UTF-8.
        case commentText = "comment-text"
        /// A key ID isn't UTF-8.
        case keyIDText = "key-id-text"
        /// The name of an extension isn't UTF-8.
        case extensionText = "extension-text"
        /// The list revokes nothing.
        case nothingRevoked = "nothing-revoked"
    }
}

extension RevocationListRemark.Kind {
    /// What a release of OpenSSH makes of it.
    ///
    /// Measured with 9.2 and 10.5; for the releases between, read in their sources.
    public func verdict(of release: OpenSSHRelease) -> RevocationListVerdict {
        switch (self, release) {
        case (.extension, .before94), (.certificatesExtension, .before94): .refused
        case (.extension, _), (.certificatesExtension, _), (.extensionText, _): .ignored
        case (.signature, .before94): .verified
        case (.signature, _): .ignored
        case (.sectionAfterSignature, .before94): .refused
        case (.authorityKind, .from101): .mayRefuse
        case (.authorityKind, _), (.authorityDSA, .from101): .refused
        case (.authorityCertificate, _), (.keyCertificate, _), (.keyUnknown, _): .ignored
        case (.flags, _), (.reserved, _), (.emptySection, _), (.emptyBitmap, _): .ignored
        default: .read
        }
    }

    /// What it is and what follows from it, for people.
    public var explanation: String {
        switch self {
        case .extension: "an extension that is not critical"
        case .certificatesExtension: "an extension that is not critical, within certificates"
        case .signature:
            "a signature inside the list; sign the file with ssh-keygen -Y sign instead"
        case .sectionAfterSignature: "a section behind a signature, which it doesn't cover"
        case .authorityKind: "an authority key of a kind that not every release knows"
        case .authorityDSA: "an authority key that is DSA, which no release since 10.1 reads"
        case .authorityCertificate: "a certificate as authority key: no certificate matches it"
        case .authorityPadding: "an authority key whose numbers begin with needless zeros"
        case .authorityRepeated: "several sections about one authority"
        case .keyCertificate: "a certificate among the keys: no key matches it"
        case .keyUnknown: "bytes among the keys that are no key of a known kind"
        case .sha1Hashes: "SHA-1 hashes of keys; SHA-256 is read since 7.9"
        case .emptySection: "a section without content"
        case .emptyBitmap: "a bitmap without serials"
        case .unsorted: "a list of serials that do not ascend"
        case .flags: "flags that are not zero"
        case .reserved: "a reserved text that is not empty"
        case .finalNUL: "a text that ends with a NUL byte, which does not count"
        case .commentText: "a comment that is not UTF-8"
        case .keyIDText: "a key ID that is not UTF-8"
        case .extensionText: "the name of an extension that is not UTF-8"
        case .nothingRevoked: "nothing is revoked"
        }
    }
}
