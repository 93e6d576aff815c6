// SPDX-License-Identifier: Apache-2.0
import SSHFormats

/// One thing that a batch does.
public enum BatchItem: Hashable, Sendable {
    /// A certificate is signed.
    case issue(IssueItem)
    /// A certificate, key ID or key is revoked.
    case revoke(RevokeItem)
    /// A revocation list is published.
    case revocationList(RevocationListItem)
    /// An interrupted ceremony is ended as it is.
    case abandon(AbandonItem)
    /// A new epoch of an authority's serials begins.
    case newEpoch(NewEpochItem)

    /// The risk class, which sets the number of approvals.
    public var riskClass: String {
        switch self {
        case .issue(let item): item.riskClass
        case .revoke(let item): item.riskClass
        case .revocationList(let item): item.riskClass
        case .abandon(let item): item.riskClass
        case .newEpoch(let item): item.riskClass
        }
    }

    /// The item in a few words, for screens and messages.
    public var summary: String {
        switch self {
        case .issue(let item):
            "\(item.fields.kind.name) certificate \(item.fields.serial) of \(item.authority) for "
                + item.fields.validPrincipals.joined(separator: ",")
        case .revoke(let item): "revoke \(item.target.text) of \(item.authority)"
        case .revocationList(let item): "revocation list version \(item.version)"
        case .abandon(let item):
            "abandon batch \(item.number) after \(item.issued) certificates, without "
                + item.abandoned.map(\.text).joined(separator: ", ")
        case .newEpoch(let item):
            "begin epoch \(item.epoch) of \(item.authority), giving up "
                + item.givenUp.map(\.text).joined(separator: ", ")
                + item.anchors.map { ", and the checkpoint of \($0.size) entries" }.joined()
        }
    }
}
