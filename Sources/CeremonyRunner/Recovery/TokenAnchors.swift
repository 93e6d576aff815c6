// SPDX-License-Identifier: Apache-2.0
import Ceremony
import Documents
import Ledger
import LedgerStore
import SSHCrypto
public import Token

/// The last checkpoint of a home on the tokens that hold its CA keys: the anchor that no copy of a disk
/// takes along, and that is there at each ceremony.
///
/// Not every token can keep one. That is told once, and is no error: bundles are anchors as well.
///
/// Format: `Docs/Formats/Checkpoint.md`.
public final class TokenAnchors {
    private let home: Home
    private var tokens: [(identity: TokenIdentity, token: any Token)] = []

    /// Anchors a home on these tokens, which are open and logged in; each counts once.
    public init(home: Home, tokens: [any Token]) async {
        self.home = home
        for token in tokens {
            let identity = await token.identity
            if !self.tokens.contains(where: { $0.identity == identity }) {
                self.tokens.append((identity, token))
            }
        }
        self.tokens.sort { $0.identity.description < $1.identity.description }
    }

    /// Demands that the ledger is the one of every checkpoint that the tokens keep of it, grown.
    ///
    /// - Parameter note: Is told of a token that can keep none, or keeps something else.
    /// - Throws: `RunnerError`, `ANCHOR-AHEAD` or `ANCHOR-FORK`; `TokenError` where a token is gone;
    ///   `FileError`; what the ledger throws.
    public func require(note: (String) -> Void) async throws {
        let memory = AnchorMemory(of: home)
        var anchors: [(note: AnchorNote, place: String)] = []
        for (identity, token) in tokens {
            let texts: [[UInt8]]
            do throws(TokenError) {
                texts = try await token.checkpoints(of: home.state.id.hex)
            } catch {
                guard Self.isHarmless(error) else { throw error }
                note(
                    error.code == .unsupported
                        ? error.detail : "\(identity) shows no checkpoint of this home: \(error)")
                tokens.removeAll { $0.identity == identity }
                continue
            }
            for text in texts {
                if let anchor = try? AnchorNote(parsing: text),
                    anchor.checkpoint.genesis == home.state.id
                {
                    anchors.append((anchor, "\(identity)"))
                } else {
                    note("what \(identity) keeps of this home is no checkpoint of it")
                }
            }
        }
        try memory.require(anchors)
        for anchor in anchors where try memory.isLost(anchor.note) {
            note(
                "\(anchor.place) keeps a checkpoint of \(anchor.note.checkpoint.size) entries that are "
                    + "lost: they were given up with their epoch, and it is replaced")
        }
    }

    /// Has the tokens keep the ledger's checkpoint as it is now.
    ///
    /// - Parameter note: Is told of each token that keeps it, or why one does not.
    /// - Throws: what the ledger throws.
    public func keep(note: (String) -> Void) async throws {
        let anchor = AnchorNote(
            try CheckpointFile.checkpoint(of: home, size: home.store.size),
            epoch: UInt64(home.state.epoch))
        for (identity, token) in tokens {
            do throws(TokenError) {
                try await token.keepCheckpoint(anchor.bytes, of: home.state.id.hex)
                note("\(identity) keeps the checkpoint of \(anchor.checkpoint.size) entries")
            } catch {
                // What was signed is recorded; the bundle is the anchor then.
                note("\(identity) was given no checkpoint: \(error)")
            }
        }
    }

    /// Whether a token that failed to show what it keeps can be used all the same.
    private static func isHarmless(_ error: TokenError) -> Bool {
        switch error.code {
        case .unsupported, .moduleFault, .other: true
        default: false
        }
    }
}
