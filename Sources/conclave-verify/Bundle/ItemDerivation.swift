// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHFormats

/// An item of a batch held against the request that it answers: it must grant what the policy makes of
/// the request at the time of drafting, and nothing else.
struct ItemDerivation {
    /// What of the item is otherwise.
    let faults: [String]

    /// Makes the certificate's fields once more.
    ///
    /// - Parameters:
    ///   - item: The item.
    ///   - request: The request that the item names.
    ///   - isRenewal: Whether the request had its certificate before: it ends with the consent, then.
    ///   - founding: What the home stands on.
    ///   - drafted: When the batch was drafted.
    init(
        _ item: IssueItem, of request: CertificateRequest, isRenewal: Bool, founding: Founding,
        drafted: UnixTime
    ) {
        let fields = item.fields
        var facts: [(name: String, holds: Bool)] = [
            ("the request's ID", request.id == item.request),
            ("the authority", request.authority == item.authority),
            ("the profile", request.profile == item.profile),
            (
                "the requester",
                request.requester.map { Array($0.utf8) } == item.requester.map { Array($0.utf8) }
            ),
            ("the type", request.kind == fields.kind),
            ("the key", request.publicKey == fields.publicKey),
            ("the list of principals", request.principals == fields.validPrincipals),
        ]
        var faults: [String] = []
        switch founding.policy.decideAgain(request, at: drafted, history: IssuanceHistory()) {
        case .admitted(let admitted):
            let template = try? CertificateTemplate(
                admitted, signatureKey: fields.signatureKey, draftedAt: drafted,
                notAfter: isRenewal ? request.renewableUntil : nil)
            facts += [
                (
                    "the validity",
                    template?.validAfter.seconds == fields.validAfter
                        && template?.validBefore.seconds == fields.validBefore
                ),
                (
                    "an option",
                    template.map {
                        $0.criticalOptions == fields.criticalOptions
                            && $0.extensions == fields.extensions
                    } ?? true
                ),
            ]
        case .refused(let violations):
            // Where the item itself goes beyond the policy, that is told of the item.
            let review = ItemReview(.issue(item), founding: founding, drafted: drafted)
            if review.faults.isEmpty {
                faults = violations.map { "the policy refuses its request: \($0.message)" }
            }
        }
        self.faults =
            facts.filter { !$0.holds }.map { "\($0.name) is not that of its request" } + faults
    }
}
