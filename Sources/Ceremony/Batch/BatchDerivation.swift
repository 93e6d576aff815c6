// SPDX-License-Identifier: Apache-2.0
import Documents
public import Issuance
import Ledger
import SSHCrypto
import SSHFormats

/// Before a ceremony begins, each item is made once more from its request, the policy and the
/// roster, and compared: whatever drafted the batch, nothing is signed that they do not lead to.
extension HomeState {
    /// What of a batch is not what requests, policy and roster lead to.
    func derivationFaults(of batch: BatchState) -> [Violation] {
        let manifest = batch.manifest
        // Revoked keys are told as what they are: overtaken.
        let history = IssuanceHistory(authorityKeys: Set(genesis.keys.map(\.publicKey)))
        var violations: [Violation] = []
        for (index, item) in manifest.items.enumerated() {
            let faults: [Violation] =
                switch item {
                case .issue(let issue): faults(of: issue, in: batch, history: history)
                // What an epoch gives up was never given; the epoch's own check looks at all of it.
                case .revoke(let revoke) where !manifest.newEpochs.isEmpty:
                    classFaults(revoke.riskClass)
                case .revoke(let revoke): faults(of: revoke)
                case .revocationList(let list): faults(of: list, in: manifest)
                case .abandon(let item): faults(of: item, in: manifest)
                case .newEpoch: []
                }
            violations += faults.map {
                Violation($0.rule, "item \(index + 1): \($0.message)", hint: $0.hint)
            }
        }
        if manifest.revocations.isEmpty != (batch.revocationList == nil) {
            violations.append(
                derived("a revocation list goes along where something is revoked, and only there"))
        }
        return violations
    }

    private func faults(
        of item: IssueItem, in batch: BatchState, history: IssuanceHistory
    ) -> [Violation] {
        let header = batch.manifest.header
        guard let admitted = requests[item.request] else {
            return [derived("request \(item.request.hex) was not admitted")]
        }
        guard authorityKeys(item.authority).contains(item.fields.signatureKey) else {
            return [
                derived(
                    "\(item.fields.signatureKey.fingerprint) is no CA key of "
                        + quoted(item.authority))
            ]
        }
        let isRenewal = !waiting.contains(admitted.entry)
        do throws(Violations) {
            let again = try admit(
                admitted.request, isRenewal: isRenewal, history: history, at: header.created)
            let template = try CertificateTemplate(
                again, signatureKey: item.fields.signatureKey, draftedAt: header.created,
                notAfter: isRenewal ? admitted.request.renewableUntil : nil)
            let certificate = try ToBeSignedCertificate(
                template.fields(serial: item.fields.serial, nonce: item.fields.nonce))
            let differences = IssueItem(certificate, template: template).differences(from: item)
            guard !differences.isEmpty else { return [] }
            return [
                derived(
                    "not what request, policy and time lead to: "
                        + differences.joined(separator: ", "))
            ]
        } catch {
            return error.all
        }
    }

    private func faults(of item: RevokeItem) -> [Violation] {
        revocationFaults(of: item) + classFaults(item.riskClass)
    }

    private func faults(of item: RevocationListItem, in manifest: BatchManifest) -> [Violation] {
        var violations = classFaults(item.riskClass)
        do throws(FormatError) {
            let next = try revocations.nextList(
                adding: manifest.revocations, generated: manifest.header.created.seconds,
                authorityKeys: authorityKeys)
            // A list that another has overtaken is told as that.
            if next.version == item.version, next.bytes != item.bytes {
                violations.append(
                    derived("the revocation list is not that of what was revoked so far and here"))
            }
        } catch {
            violations.append(derived("the revocation list cannot be written: \(error)"))
        }
        return violations
    }

    private func faults(of item: AbandonItem, in manifest: BatchManifest) -> [Violation] {
        guard let target = batch(item.manifest) else { return [] }
        var violations: [Violation] = []
        let riskClass = abandonmentClass(of: target)
        if item.riskClass != riskClass {
            violations.append(
                derived(
                    "class \(quoted(item.riskClass)) is not the strictest of batch "
                        + "\(item.number), \(quoted(riskClass))"))
        }
        if item.revocations(riskClass: roster.revocationClass) != manifest.revocations {
            violations.append(
                derived("what the batch revokes is not what is given up, for this reason"))
        }
        return violations
    }

    private func classFaults(_ riskClass: String) -> [Violation] {
        guard riskClass != roster.revocationClass else { return [] }
        return [
            derived(
                "class \(quoted(riskClass)) is not that of revocations, "
                    + quoted(roster.revocationClass))
        ]
    }

    private func derived(_ message: String) -> Violation {
        Violation(.batchDerived, message, hint: "reject the batch, and find out what drafted it")
    }
}

extension HomeState {
    /// Decides anew about a request that was admitted, for its first answer or for a renewal.
    func admit(
        _ request: CertificateRequest, isRenewal: Bool, history: IssuanceHistory, at time: UnixTime
    ) throws(Violations) -> AdmittedRequest {
        if isRenewal {
            guard request.kind == .host, let until = request.renewableUntil, time < until else {
                throw Violations(
                    Violation(
                        .requestRenewal,
                        "the request does not consent to renewal at \(time.text)",
                        hint: "ask the host's administrator for a new request"))
            }
        }
        switch policy.decideAgain(request, at: time, history: history) {
        case .admitted(let admitted): return admitted
        case .refused(let violations): throw Violations(violations)
        }
    }

    /// Why something cannot be revoked.
    func revocationFaults(of item: RevokeItem) -> [Violation] {
        guard let next = nextSerials[item.authority] else {
            return [
                Violation(
                    .policyAuthority,
                    "authority \(quoted(item.authority)) is not one of this home's")
            ]
        }
        let message: String? =
            switch item.target {
            case .serials(let range) where range.upperBound >= next:
                "serial \(range.upperBound) of \(item.authority) was never given; the next is "
                    + "\(next)"
            case .key(let key) where genesis.keys.contains { $0.publicKey == key }:
                "key \(key.fingerprint) is a CA key; retiring one takes more than a revocation"
            case .keyID(let keyID)
            where keyIDs[item.authority]?.contains(keyID) != true:
                "no certificate of \(item.authority) has the key ID \(quoted(keyID))"
            default: nil
            }
        return message.map { [Violation(.revocationTarget, $0)] } ?? []
    }
}

extension BatchManifest {
    /// What the batch revokes, in order.
    public var revocations: [RevokeItem] {
        items.compactMap { if case .revoke(let item) = $0 { item } else { nil } }
    }
}

extension IssueItem {
    /// The names of the fields in which a manifest's item is not this one.
    fileprivate func differences(from other: IssueItem) -> [String] {
        let requester = requester.map { Array($0.utf8) }
        let facts: [(name: String, holds: Bool)] = [
            ("authority", authority == other.authority), ("profile", profile == other.profile),
            ("class", riskClass == other.riskClass), ("request", request == other.request),
            ("requester", requester == other.requester.map { Array($0.utf8) }),
            ("type", fields.kind == other.fields.kind),
            ("public-key", fields.publicKey == other.fields.publicKey),
            ("key-id", fields.keyID == other.fields.keyID),
            ("principal", fields.validPrincipals == other.fields.validPrincipals),
            ("valid-after", fields.validAfter == other.fields.validAfter),
            ("valid-before", fields.validBefore == other.fields.validBefore),
            ("critical-option", fields.criticalOptions == other.fields.criticalOptions),
            ("extension", fields.extensions == other.fields.extensions),
            ("tbs-sha256", toBeSigned == other.toBeSigned),
        ]
        return facts.filter { !$0.holds }.map(\.name)
    }
}
