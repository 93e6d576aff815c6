// SPDX-License-Identifier: Apache-2.0
import Documents
import SSHCrypto
import SSHFormats

/// The form that proofs in files share: lines, hashes in Base64, an empty line, a checkpoint.
struct ProofText {
    /// The lines before the hashes.
    let heading: [String]
    /// The hashes.
    let hashes: [SHA256Digest]
    /// The checkpoint.
    let checkpoint: Checkpoint

    /// The most hashes that a proof can need, and so the most lines: 64 levels and both sides.
    static let maximumHashes = 128
    /// The most bytes of a text that is looked into, besides an entry in it.
    static let maximumBytes = 16_384

    /// Takes apart a text with so many lines before its hashes.
    ///
    /// - Throws: `Violations` with every fault of the text.
    init(
        parsing bytes: [UInt8], headingLines: Int, limit: Int = maximumBytes
    ) throws(Violations) {
        guard bytes.count <= limit else {
            throw Violations(
                Violation(.documentSize, "\(bytes.count) bytes exceed the limit of \(limit)"))
        }
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard let end = lines.firstIndex(where: \.isEmpty), end >= headingLines,
            end < lines.count - 1
        else {
            throw Violations(
                Violation(
                    .proofForm,
                    "a proof is \(counted(headingLines, "line")), hashes, an empty line and a "
                        + "checkpoint"))
        }
        let hashLines = lines[headingLines..<end]
        guard hashLines.count <= Self.maximumHashes else {
            throw Violations(
                Violation(
                    .proofForm,
                    "\(hashLines.count) hashes exceed the limit of \(Self.maximumHashes)"))
        }
        var faults: [Violation] = []
        var hashes: [SHA256Digest] = []
        for (place, line) in zip(hashLines.indices, hashLines) {
            let text = String(decoding: line, as: UTF8.self)
            guard let hash = Base64.decode(text).flatMap(SHA256Digest.init(bytes:)) else {
                faults.append(
                    Violation(
                        .proofForm, line: place + 1,
                        "hash \(quoted(text)) is not a SHA-256 in padded Base64"))
                continue
            }
            hashes.append(hash)
        }
        let rest = lines[(end + 1)...].joined(separator: [0x0A])
        var checkpoint: Checkpoint?
        do throws(Violations) {
            checkpoint = try Checkpoint(parsing: Array(rest))
        } catch {
            faults += error.all.map {
                Violation(
                    $0.rule, line: $0.line.map { $0 + end + 1 }, $0.message, hint: $0.hint)
            }
        }
        guard faults.isEmpty, let checkpoint else { throw Violations(faults) }
        heading = lines[..<headingLines].map { String(decoding: $0, as: UTF8.self) }
        self.hashes = hashes
        self.checkpoint = checkpoint
    }

    /// The text of a proof.
    static func text(
        _ heading: [String], _ hashes: [SHA256Digest], _ checkpoint: Checkpoint
    ) -> String {
        (heading + hashes.map(\.base64)).map { $0 + "\n" }.joined() + "\n" + checkpoint.text
    }
}
