// SPDX-License-Identifier: Apache-2.0
public import Documents
public import Ledger
public import SSHCrypto

/// What is reported of a ceremony that has ended: who, what, when, on which token, and what came of it.
///
/// It holds data alone; `text`, `json` and `html` render the same of it. Format:
/// `Docs/Formats/Report.md`.
public struct CeremonyReport: Sendable {
    /// When something happened, and the ledger entry that says so.
    public struct Moment: Hashable, Sendable {
        /// The entry's index.
        public let entry: UInt64
        /// The entry's time.
        public let time: UnixTime

        /// Names an entry.
        public init(entry: UInt64, time: UnixTime) {
            self.entry = entry
            self.time = time
        }
    }

    /// The quorum's decision to end the ceremony before its end.
    public struct Abandonment: Sendable {
        /// The number of the batch that decided it.
        public let batch: UInt64
        /// The SHA-256 of that batch's manifest.
        public let manifest: SHA256Digest
        /// Why.
        public let reason: String
        /// The serials that were given up, an authority and serials each.
        public let serials: [String]

        /// Names the decision.
        public init(batch: UInt64, manifest: SHA256Digest, reason: String, serials: [String]) {
            self.batch = batch
            self.manifest = manifest
            self.reason = reason
            self.serials = serials
        }
    }

    /// An approval that was accepted.
    public struct Approval: Sendable {
        /// The officer.
        public let officer: String
        /// The key that signed.
        public let key: Key
        /// When the ledger took it.
        public let accepted: Moment

        /// Names an approval.
        public init(officer: String, key: Key, accepted: Moment) {
            self.officer = officer
            self.key = key
            self.accepted = accepted
        }
    }

    /// Something that a rule stopped and a person confirmed by hand.
    public struct Confirmation: Sendable {
        /// The rule.
        public let rule: String
        /// What was stopped, and what was confirmed.
        public let message: String
        /// When.
        public let recorded: Moment

        /// Names an exception.
        public init(rule: String, message: String, recorded: Moment) {
            self.rule = rule
            self.message = message
            self.recorded = recorded
        }
    }

    /// A person on the roster, for whose signature there is room.
    public struct Person: Sendable {
        /// The name.
        public let name: String
        /// Whether the person is an officer, and not a witness.
        public let isOfficer: Bool

        /// Names a person.
        public init(name: String, isOfficer: Bool) {
            self.name = name
            self.isOfficer = isOfficer
        }
    }

    /// What the batch is.
    public struct Batch: Sendable {
        /// Its number.
        public let number: UInt64
        /// The SHA-256 of its manifest.
        public let id: SHA256Digest
        /// The SHA-256 of the policy.
        public let policy: SHA256Digest
        /// The SHA-256 of the roster.
        public let roster: SHA256Digest
        /// When it was drafted.
        public let drafted: Moment
        /// When its approvals would have ended.
        public let expires: UnixTime

        /// Names a batch.
        public init(
            number: UInt64, id: SHA256Digest, policy: SHA256Digest, roster: SHA256Digest,
            drafted: Moment, expires: UnixTime
        ) {
            self.number = number
            self.id = id
            self.policy = policy
            self.roster = roster
            self.drafted = drafted
            self.expires = expires
        }
    }

    /// How the ceremony was carried out.
    public struct Course: Sendable {
        /// When it began.
        public let opened: Moment
        /// When it ended.
        public let closed: Moment
        /// The program that carried it out.
        public let program: String
        /// The tier of enforcement.
        public let tier: String
        /// What the tier means.
        public let tierMeaning: String

        /// Tells a course.
        public init(
            opened: Moment, closed: Moment, program: String, tier: String, tierMeaning: String
        ) {
            self.opened = opened
            self.closed = closed
            self.program = program
            self.tier = tier
            self.tierMeaning = tierMeaning
        }
    }

    /// When the home was founded.
    public let founded: UnixTime
    /// The batch.
    public let batch: Batch
    /// How it was carried out.
    public let course: Course
    /// By whose decision it ended before its end; nil where everything was done.
    public let abandonment: Abandonment?
    /// The approvals, in the order of the ledger.
    public let approvals: [Approval]
    /// The tokens, in the order in which they took part.
    public let tokens: [Token]
    /// The exceptions from the drafting of the batch to the end of its ceremony.
    public let exceptions: [Confirmation]
    /// The items, in the order of their numbers.
    public let items: [Item]
    /// The persons on the roster.
    public let persons: [Person]
    /// The ledger at the end of the ceremony.
    public let checkpoint: Checkpoint

    /// The home's identity: the SHA-256 of the genesis text.
    public var home: SHA256Digest { checkpoint.genesis }

    /// The number of certificates that were issued.
    public var certificates: Int { items.count { $0.certificate != nil && $0.isDone } }

    /// The number of certificates that the batch was to issue.
    public var plannedCertificates: Int { items.count { $0.certificate != nil } }

    /// Puts a report together.
    public init(
        founded: UnixTime, batch: Batch, course: Course, abandonment: Abandonment?,
        approvals: [Approval], tokens: [Token], exceptions: [Confirmation], items: [Item],
        persons: [Person], checkpoint: Checkpoint
    ) {
        self.founded = founded
        self.batch = batch
        self.course = course
        self.abandonment = abandonment
        self.approvals = approvals
        self.tokens = tokens
        self.exceptions = exceptions
        self.items = items
        self.persons = persons
        self.checkpoint = checkpoint
    }
}
