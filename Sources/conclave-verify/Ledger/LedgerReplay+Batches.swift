// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import Ledger
import SSHCrypto
import SSHFormats
import TokenEvidence

extension LedgerReplay {
    /// A batch was drafted: it stands on the ledger as it was, and says nothing that the rules forbid.
    mutating func draft(
        _ id: SHA256Digest, number: UInt64, _ text: [UInt8]?, _ place: AuditTrail.Entry,
        _ rootBefore: SHA256Digest
    ) {
        guard let text, var state else { return }
        let manifest: BatchManifest
        do throws(Violations) {
            manifest = try BatchManifest(text: text)
        } catch {
            fail(error)
            return
        }
        let header = manifest.header
        let latest = header.created.adding(state.founding.policy.batchLifetime)
        let facts: [(name: String, holds: Bool)] = [
            ("genesis", header.genesis == state.founding.genesis.id),
            ("batch", header.number == state.batches + 1),
            ("ledger-root", header.ledgerRoot == rootBefore),
            ("governing-head", header.governingHead == state.governingHead),
            ("roster", header.roster == state.founding.roster.digest),
            ("policy", header.policy == state.founding.policy.digest),
            ("created", header.created == place.entry.time),
            ("expires", latest.map { header.expires <= $0 } ?? false),
        ]
        for fact in facts where !fact.holds {
            fail(.manifest, "its \(fact.name) is not as the ledger stood")
        }
        let batch = ManifestedBatch(manifest)
        for violation in batch.violations { fail(violation.rule, violation.message) }
        for (index, item) in manifest.items.enumerated() {
            let review = ItemReview(item, founding: state.founding, drafted: header.created)
            for fault in review.faults { fail(.item, "item \(index + 1): \(fault)") }
            guard case .issue(let issue) = item else { continue }
            let next = state.nextSerial(of: issue.authority)
            if issue.fields.serial != next {
                fail(
                    .manifest,
                    "item \(index + 1) has serial \(issue.fields.serial), the next of "
                        + "\(issue.authority) is \(next)")
            }
            state.nextSerials[issue.authority] = max(next, issue.fields.serial &+ 1)
            state.epochs.draft(issue.fields.serial, issue.authority)
            compare(issue, number: index + 1, at: header.created, in: id)
        }
        if batch.revocationLists.count > 1
            || batch.revocationLists.isEmpty
                != batch.revocations.isEmpty
        {
            fail(.item, "a batch that revokes publishes one list, and no other does")
        }
        if let item = manifest.abandonment { compare(item, state.founding.roster) }
        compareEpochs(of: manifest)
        if !manifest.newEpochs.isEmpty, ceremony != nil {
            fail(.ceremony, "it was drafted while a ceremony was going on")
        }
        state.batches += 1
        self.state = state
        var history = CeremonyHistory(batch)
        history.take(.batch(id, number: number), place)
        if open.updateValue(
            OpenBatch(batch: batch, history: history, entry: place.index), forKey: id) != nil
        {
            fail(.ceremony, "the batch was drafted before")
        }
        tell(id)
    }

    /// Whether an item answers a request that waits, with what it asks for.
    private mutating func compare(
        _ item: IssueItem, number: Int, at time: UnixTime, in batch: SHA256Digest
    ) {
        let name = PackedDigest(item.request)
        guard let admitted = requests[name] else {
            fail(.request, "item \(number) answers a request that was not admitted")
            return
        }
        if let holder = admitted.batch?.digest.flatMap({ open[$0] }), !holder.isRejected,
            !isSuperseded(holder),
            holder.history.opened != nil || time < holder.batch.manifest.header.expires
        {
            fail(.request, "the request of item \(number) waits in another batch")
        }
        requests[name]?.batch = PackedDigest(batch)
        guard let founding = state?.founding,
            let bytes = admitted.file.digest.flatMap(content),
            let request = try? CertificateRequest(file: bytes)
        else { return }
        let derivation = ItemDerivation(
            item, of: request, isRenewal: admitted.isAnswered, founding: founding, drafted: time)
        for fault in derivation.faults { fail(.request, "item \(number): \(fault)") }
        if admitted.isAnswered, request.renewableUntil.map({ time >= $0 }) ?? true {
            fail(
                .request,
                "the request of item \(number) has its certificate, and did not consent to renewal")
        }
    }

    /// An officer approved.
    mutating func approve(
        _ id: SHA256Digest, by officer: String, _ armored: [UInt8]?, _ place: AuditTrail.Entry
    ) {
        guard let known = open[id] else {
            fail(.ceremony, "it approves a batch that does not wait")
            return
        }
        guard let armored, let state, let record = place.record else { return }
        do throws(Violations) {
            let approval = try Approval(
                armored: armored, manifest: known.batch.manifest, roster: state.founding.roster)
            try state.founding.roster.requireCurrent(approval.key, at: place.entry.time)
            let key = place.entry.blocks.flatMap(\.fields).first { $0.name == "key" }?.value
            if !approval.officer.utf8.elementsEqual(officer.utf8)
                || approval.key.fingerprint != key
            {
                fail(
                    .approval,
                    "the approval is by \(approval.officer) with \(approval.key.fingerprint)")
            }
            if known.approvals.contains(where: { $0.officer == approval.officer }) {
                fail(.approval, "\(approval.officer) approved already")
            }
            open[id]?.approvals.append(approval)
            open[id]?.approvalEntries.append(place.index)
        } catch {
            fail(error)
        }
        if known.isRejected { fail(.ceremony, "the batch was rejected before") }
        if isSuperseded(known) { fail(.ceremony, "an epoch began since the batch was drafted") }
        open[id]?.history.take(record, place)
        tell(id)
    }

    /// An officer rejected a batch.
    mutating func reject(
        _ id: SHA256Digest, by officer: String, _ contents: [SHA256Digest: [UInt8]],
        _ place: AuditTrail.Entry
    ) {
        guard let known = open[id] else {
            fail(.ceremony, "it rejects a batch that does not wait")
            return
        }
        var values: [String: String] = [:]
        for field in place.entry.blocks.flatMap(\.fields) { values[field.name] = field.value }
        func content(_ name: String) -> [UInt8]? {
            values[name].flatMap { SHA256Digest(hex: $0) }.flatMap { contents[$0] }
        }
        guard let text = content("text"), let armored = content("signature"), let state else {
            return
        }
        do throws(Violations) {
            let rejection = try Rejection(
                text: text, armored: armored, manifest: known.batch.manifest,
                roster: state.founding.roster)
            try state.founding.roster.requireCurrent(rejection.key, at: place.entry.time)
            if !rejection.officer.utf8.elementsEqual(officer.utf8)
                || !rejection.text.reason.utf8.elementsEqual((values["reason"] ?? "").utf8)
            {
                fail(
                    .approval,
                    "the rejection is by \(rejection.officer): \(quoted(rejection.text.reason))")
            }
        } catch {
            fail(error)
        }
        if known.history.opened != nil || known.isRejected {
            fail(.ceremony, "the batch was rejected before, or its ceremony had begun")
        }
        open[id]?.isRejected = true
    }

    /// A step of a ceremony.
    mutating func follow(
        _ id: SHA256Digest, _ place: AuditTrail.Entry, _ contents: [SHA256Digest: [UInt8]]
    ) {
        guard let record = place.record, let batch = open[id]?.batch else {
            fail(.ceremony, "it names a batch that was not drafted, or was carried out")
            return
        }
        open[id]?.history.take(record, place)
        if case .opened = record, let known = open[id] { begin(known, place) }
        if case .closed(_, _, let abandonment?, _) = record {
            giveUp(id, abandonment, place)
            return
        }
        if ceremony != id { fail(.ceremony, "its ceremony is not the one that is going on") }
        switch record {
        case .issued(let issued): verify(issued)
        case .epoch(_, let epochs): beginEpoch(epochs, of: batch.manifest, place)
        case .tookOver(_, let devices):
            if let founding = state?.founding { review(devices, founding) }
        case .revocationList(_, let version, let list):
            publish(version, list, contents[list], batch)
        case .closed:
            open[id]?.history.requireDone(place)
            tell(id)
            close(batch, place)
            return
        default: break
        }
        tell(id)
    }

    private mutating func begin(_ known: OpenBatch, _ place: AuditTrail.Entry) {
        guard let state else { return }
        if let other = ceremony, other != known.batch.manifest.id {
            if other == known.batch.manifest.abandonment?.manifest {
                abandoned = other
            } else {
                fail(.ceremony, "the ceremony of batch \(other.hex) is not finished")
            }
        }
        if let item = known.batch.manifest.abandonment { compare(item, state.founding.roster) }
        compareEpochs(of: known.batch.manifest)
        if isSuperseded(known) { fail(.ceremony, "an epoch began since the batch was drafted") }
        if case .opened(_, let devices)? = place.record { review(devices, state.founding) }
        ceremony = known.batch.manifest.id
        if known.isRejected { fail(.ceremony, "an officer rejected the batch") }
        let decision = QuorumDecision(
            manifest: known.batch.manifest, approvals: known.approvals,
            roster: state.founding.roster)
        for violation in decision.violations { fail(violation.rule, violation.message) }
        for (number, item) in known.batch.issues {
            if let revoked = state.revocation(of: item) {
                fail(.ceremony, "item \(number) was revoked before: \(revoked.target.text)")
            }
        }
    }

    /// Verifies anew what tokens attested of their keys, and whether they are those of the genesis.
    private mutating func review(_ devices: [AuditDevice], _ founding: Founding) {
        for fault in AuditDevice.faults(of: devices, founding.genesis) { fail(.token, fault) }
        for device in devices {
            let review = device.review(founding.policy.tokens)
            for violation in review.violations { fail(.token, violation.message) }
            if device.proof.statement != review.attestation?.statement?.text {
                fail(.token, "the certificates state something else than was recorded")
            }
        }
    }

    private mutating func verify(_ issued: AuditRecord.Issued) {
        let request = PackedDigest(issued.request)
        if let admitted = requests[request] { state?.waiting.remove(admitted.entry) }
        requests[request]?.isAnswered = true
        let authority = issued.certificate.fields.signatureKey
        state?.setAside.remove(authority)
        state?.epochs.settle(issued.certificate.fields.serial, issued.authority)
        guard verifiesCertificates else { return }
        do throws(SSHCryptoError) {
            let key =
                if let ready = authorities[authority] { ready } else {
                    try VerificationKey(authority)
                }
            authorities[authority] = key
            try issued.certificate.verifySignature(using: key)
            certificates += 1
        } catch {
            fail(.signature, "the CA key's signature does not hold: \(error)")
        }
        if state?.founding.isAuthority(authority) == false {
            fail(.signature, "\(authority.fingerprint) is no CA key of this home")
        }
    }

    private mutating func publish(
        _ version: UInt64, _ digest: SHA256Digest, _ bytes: [UInt8]?, _ batch: ManifestedBatch
    ) {
        guard var state, let bytes else { return }
        if version == 0 || version - 1 != state.listVersion {
            fail(.revocationList, "version \(version) does not follow version \(state.listVersion)")
        }
        do throws(FormatError) {
            let list = try RevocationList(parsing: bytes)
            if list.version != version {
                fail(.revocationList, "the list itself has version \(list.version)")
            }
            let items = state.revoked.map(\.item) + batch.revocations
            for item in items {
                for key in state.founding.keys(of: item.authority)
                where !list.carriesOut(item.target, authority: key) {
                    fail(
                        .revocationList,
                        "\(item.target.text) of \(item.authority) is not revoked by it")
                }
            }
            let expected = state.founding.list(
                version: version, of: items, generated: batch.manifest.header.created)
            if faults.isEmpty, list != expected {
                fail(.revocationList, "it is not the list of what was revoked, and of that alone")
            }
        } catch {
            fail(.revocationList, "it cannot be read: \(error)")
        }
        state.listVersion = version
        state.list = digest
        self.state = state
    }

    private mutating func close(_ batch: ManifestedBatch, _ place: AuditTrail.Entry) {
        if abandoned != nil { fail(.ceremony, "the ceremony that it abandons has not ended") }
        carryOut(batch)
        open[batch.manifest.id] = nil
        ceremony = nil
        abandoned = nil
        checkState(place)
    }

    /// Takes in what a batch revoked.
    mutating func carryOut(_ batch: ManifestedBatch) {
        let number = batch.manifest.header.number
        for item in batch.revocations { state?.revoked.append((item, number)) }
    }

    /// Compares the state that an entry records with the one that the entries give.
    mutating func checkState(_ place: AuditTrail.Entry) {
        guard let state else { return }
        let recorded = place.entry.blocks.flatMap(\.fields).first { $0.name == "state" }?.value
        let text = state.text(underWay: underWay(at: place.entry.time))
        let digest = SHA256Digest(hashing: text)
        if recorded != digest.hex {
            fail(
                .state,
                "it records state \(recorded ?? ""), the entries up to it give \(digest.hex)")
        }
    }

    /// The batches that can still be carried out, each with its entry and those of its approvals.
    func underWay(at time: UnixTime) -> [RecordedState.Batch] {
        open.values.filter {
            !$0.isRejected && !isSuperseded($0)
                && ($0.history.opened != nil || time < $0.batch.manifest.header.expires)
        }.map { RecordedState.Batch(entry: $0.entry, approvals: $0.approvalEntries) }
            .sorted { $0.entry < $1.entry }
    }
}
