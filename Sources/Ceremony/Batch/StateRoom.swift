// SPDX-License-Identifier: Apache-2.0
public import Documents
import Issuance
import Ledger

/// The room that the state's text has to grow in, before it is more than a ledger keeps as one text.
///
/// A ceremony that cannot record its end could neither be finished nor abandoned. So no batch is drafted
/// that comes near: what is recorded until it ends has the rest. A batch that answers requests stops
/// earlier than those that revoke, abandon or begin an epoch, which must be possible when it has stopped.
public enum StateRoom {
    /// The most bytes that a batch with certificates in it may lead to.
    public static let forCertificates = Content.maximumBytes / 4 * 3
    /// The most bytes that any other batch may lead to.
    public static let forRelief = Content.maximumBytes / 8 * 7

    /// Why a batch that leads to a state of so many bytes is not drafted; nil where it is.
    public static func fault(of bytes: Int, issues: Bool) -> Violation? {
        let limit = issues ? forCertificates : forRelief
        guard bytes > limit else { return nil }
        return Violation(
            .stateSize,
            "the state would have \(bytes) bytes when the batch has ended, more than \(limit)"
                + (issues ? " for one with certificates" : ""),
            hint:
                "revoke in ranges of serials rather than one by one, and reject no more batches; plan a "
                + "new home, with new CA keys")
    }

    /// At least as many bytes as the state has when a batch ends that is drafted now, but for what
    /// others record meanwhile.
    static func bytes(after manifest: BatchManifest, of state: HomeState) -> Int {
        var bytes = state.deciding(at: manifest.header.created).bytes.count
        // Numbers and names of fields, by their greatest lengths.
        let line = 64
        bytes += line * (2 + state.roster.officers.count)
        for authority in state.policy.authorities { bytes += line + authority.name.utf8.count }
        for item in manifest.revocations {
            bytes += line + item.authority.utf8.count + item.target.text.utf8.count
        }
        for anchor in manifest.newEpochs.first?.anchors ?? [] {
            bytes += line + anchor.text.utf8.count
        }
        // What is left of a ceremony may lie between serials that are unissued.
        if let item = manifest.abandonment { bytes += line * (1 + item.abandoned.count) }
        return bytes
    }
}
