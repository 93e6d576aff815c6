// SPDX-License-Identifier: Apache-2.0
import Documents
public import SSHCrypto

/// A new epoch of an authority's serials, after a home was restored from a backup.
///
/// The batch that holds it holds one for each authority of the home, and revokes every serial that
/// is given up: what was restored does not know which of them were signed since.
public struct NewEpochItem: Hashable, Sendable {
    /// A checkpoint of entries that are lost, and are given up.
    public struct Anchor: Hashable, Sendable {
        /// The number of entries.
        public let size: UInt64
        /// The root of the tree over them.
        public let root: SHA256Digest

        /// Names a checkpoint.
        public init(size: UInt64, root: SHA256Digest) {
            self.size = size
            self.root = root
        }

        /// The checkpoint as manifests and states write it: the size, and the root in hexadecimal
        /// digits.
        public var text: String { "\(size) \(root.hex)" }

        /// Reads what ``text`` writes, and nothing else.
        public init?(text: String) {
            let parts = text.split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count == 2, let size = parseDecimal(String(parts[0])), size > 0,
                let root = SHA256Digest(hex: String(parts[1]))
            else { return nil }
            self.init(size: size, root: root)
        }
    }

    /// The authority.
    public let authority: String
    /// The risk class: the strictest of the roster.
    public let riskClass: String
    /// The most by which an epoch is behind the last: a note that somebody made up costs no more.
    public static let maximumStep: UInt16 = 16

    /// The epoch that begins, 1 or more.
    public let epoch: UInt16
    /// The serials of the epochs before that have no certificate in the ledger and were not given up
    /// earlier: ascending, the last of the epoch before among them.
    public let givenUp: [AuthoritySerials]
    /// The checkpoints that are given up, where any were seen; the same for every authority.
    public let anchors: [Anchor]
    /// Why; the same for every authority.
    public let reason: String

    /// Makes the item that begins an epoch.
    public init(
        authority: String, riskClass: String, epoch: UInt16, givenUp: [AuthoritySerials],
        anchors: [Anchor], reason: String
    ) {
        self.authority = authority
        self.riskClass = riskClass
        self.epoch = epoch
        self.givenUp = givenUp
        self.anchors = anchors
        self.reason = reason
    }

    /// The serial that the authority's next certificate has once the epoch has begun.
    public var nextSerial: UInt64 { SerialNumber(firstOf: epoch).serial }

    /// What is revoked along with it: each serial that is given up.
    public func revocations(riskClass: String) -> [RevokeItem] {
        givenUp.map { serials in
            RevokeItem(
                authority: authority, target: .serials(serials.serials), riskClass: riskClass,
                reason: "epoch \(epoch) begins: \(reason)")
        }
    }

    /// What of the item contradicts itself; nil where nothing does.
    var fault: String? {
        guard epoch > 0 else { return "epoch 0 does not begin anew" }
        let old = SerialNumber.serials(of: epoch - 1)
        guard givenUp.last?.serials.upperBound == old.upperBound else {
            return "epoch \(epoch) gives up serials, and not the last of the epoch before, "
                + "\(old.upperBound)"
        }
        var next = SerialNumber(firstOf: 0).serial
        for serials in givenUp {
            guard serials.authority.utf8.elementsEqual(authority.utf8) else {
                return "\(quoted(authority)) gives up serials of \(quoted(serials.authority))"
            }
            guard serials.serials.lowerBound >= next else {
                return "\(quoted(serials.text)) does not stand behind the serials before it"
            }
            // The next ones do not touch these: neighbours are joined. Behind the last is nothing.
            let (behind, isLast) = serials.serials.upperBound.addingReportingOverflow(2)
            next = isLast ? .max : behind
        }
        return nil
    }

    func write(to writer: inout DocumentWriter) {
        writer.field("authority", authority)
        writer.field("class", riskClass)
        writer.field("epoch", String(epoch))
        for serials in givenUp { writer.field("given-up", serials.text) }
        for anchor in anchors { writer.field("anchor", anchor.text) }
        writer.field("reason", reason)
    }

    static func read(_ reader: inout BlockReader) -> NewEpochItem? {
        let authority = reader.required("authority")?.value
        let riskClass = reader.required("class")?.value
        let epoch = reader.value(
            reader.required("epoch"), expected: "a number from 1 to \(SerialNumber.lastEpoch)"
        ) { text in
            parseDecimal(text).flatMap { $0 > 0 ? UInt16(exactly: $0) : nil }
        }
        let fields = reader.repeated("given-up")
        let givenUp = fields.compactMap { field in
            reader.value(field, expected: "an authority and serials N or N-M") {
                AuthoritySerials(text: $0)
            }
        }
        let anchors = reader.repeated("anchor").compactMap { field in
            reader.value(field, expected: "a size and a root of 64 lower-case hex digits") {
                Anchor(text: $0)
            }
        }
        let reason = reader.required("reason")?.value
        if fields.isEmpty { _ = reader.required("given-up") }
        guard let authority, let riskClass, let epoch, let reason, !givenUp.isEmpty,
            givenUp.count == fields.count
        else { return nil }
        let item = NewEpochItem(
            authority: authority, riskClass: riskClass, epoch: epoch, givenUp: givenUp,
            anchors: anchors, reason: reason)
        if let fault = item.fault {
            reader.report(Violation(.batchText, line: fields[0].line, fault))
            return nil
        }
        return item
    }
}
