// SPDX-License-Identifier: Apache-2.0
public import Documents

/// Something that ends, or that should be done by a day.
public struct RadarItem: Sendable {
    /// What it is about; in the order in which radar shows them.
    public enum Kind: String, CaseIterable, Sendable {
        /// A ceremony that began and has not ended.
        case ceremony
        /// A batch that gathers approvals.
        case batch
        /// A request that waits for a batch.
        case request
        /// A host's certificate.
        case hostCertificate = "host-certificate"
        /// A user's certificate.
        case userCertificate = "user-certificate"
        /// A CA key that no ceremony has used for long.
        case authorityKey = "ca-key"
        /// An officer's key with which nothing was approved for long.
        case officerKey = "officer-key"
        /// A key on the roster that has an end.
        case endingKey = "ending-key"
        /// The last revocation list.
        case revocationList = "revocation-list"
        /// The home itself: its clock's largest step.
        case clock
    }

    /// What it is about.
    public let kind: Kind
    /// A name that stays the same for as long as it is about the same: of letters, digits and `-`,
    /// and unlike every other's.
    public let name: String
    /// What ends, in a few words.
    public let title: String
    /// When it ends, or is due; of what waits to be done, since when.
    public let moment: UnixTime
    /// When something should begin to be done, where that is before the end.
    public let begin: UnixTime?
    /// The authority that it belongs to.
    public let authority: String?
    /// The serial of its certificate.
    public let serial: UInt64?
    /// What there is to say of it, a line each.
    public let details: [String]
    /// What to do.
    public let action: String

    init(
        _ kind: Kind, name: String, title: String, moment: UnixTime, begin: UnixTime? = nil,
        authority: String? = nil, serial: UInt64? = nil, details: [String] = [], action: String
    ) {
        self.kind = kind
        self.name = "\(kind.rawValue)-\(name)"
        self.title = title
        self.moment = moment
        self.begin = begin
        self.authority = authority
        self.serial = serial
        self.details = details
        self.action = action
    }

    /// Whether it has no end: it waits to be done.
    public var isWaiting: Bool { kind == .ceremony || kind == .request }

    /// Where an item stands.
    public enum Standing: String, Sendable {
        /// Its end is over.
        case overdue
        /// Something should be done about it now.
        case late
        /// It is still to come.
        case due
    }

    /// Where it stands at `time`.
    public func standing(at time: UnixTime) -> Standing {
        if isWaiting { return .late }
        if moment <= time { return .overdue }
        return begin.map { $0 <= time } ?? false ? .late : .due
    }
}
