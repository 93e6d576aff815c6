// SPDX-License-Identifier: Apache-2.0
public import Documents
public import SSHCrypto
import SSHFormats

/// The state of a ledger in three lines: which ledger, how many entries, their root hash.
///
/// The text is the body of a C2SP `tlog-checkpoint`, without extension lines; officers and witnesses
/// sign these very bytes.
///
/// ```
/// conclave/ledger/5df6e0e2761359d30a8275058e299fcc0381534545f55cf43e41983f5d4c9456
/// 12
/// CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
/// ```
public struct Checkpoint: Hashable, Sendable {
    /// The most bytes of a text that is looked into.
    public static let maximumBytes = 256
    /// What every origin begins with.
    static let originPrefix = "conclave/ledger/"

    /// The digest of the genesis text: the identity of the home.
    public let genesis: SHA256Digest
    /// The number of entries.
    public let size: UInt64
    /// The root of the tree over them.
    public let root: SHA256Digest

    /// States that the ledger which began with `genesis` has `size` entries under `root`.
    public init(genesis: SHA256Digest, size: UInt64, root: SHA256Digest) {
        self.genesis = genesis
        self.size = size
        self.root = root
    }

    /// The first line: `conclave/ledger/` and the digest of the genesis text.
    public var origin: String { Self.originPrefix + genesis.hex }

    /// The three lines, each ended by LF.
    public var text: String { "\(origin)\n\(size)\n\(root.base64)\n" }

    /// The text as bytes: what is signed.
    public var bytes: [UInt8] { Array(text.utf8) }
}

// MARK: - Reading

extension Checkpoint {
    /// Reads the text of a checkpoint, in its one canonical form.
    ///
    /// - Throws: `Violations` with every fault of the text.
    public init(parsing bytes: [UInt8]) throws(Violations) {
        guard bytes.count <= Self.maximumBytes else {
            throw Violations(
                Violation(
                    .documentSize,
                    "\(bytes.count) bytes exceed the limit of \(Self.maximumBytes)"))
        }
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard lines.count == 4, lines.last == "" else {
            throw Violations(
                Violation(
                    .checkpointForm,
                    "a checkpoint is three lines ended by LF: origin, size, root in Base64"))
        }
        var faults: [Violation] = []
        let genesis =
            lines[0].hasPrefix(Self.originPrefix)
            ? SHA256Digest(hex: String(lines[0].dropFirst(Self.originPrefix.count))) : nil
        if genesis == nil {
            faults.append(
                Violation(
                    .checkpointOrigin, line: 1,
                    "origin \(quoted(lines[0])) is not \(quoted(Self.originPrefix))"
                        + " and a SHA-256 in lower-case hexadecimal digits"))
        }
        let size = parseDecimal(lines[1])
        if size == nil {
            faults.append(
                Violation(
                    .checkpointForm, line: 2,
                    "size \(quoted(lines[1])) is not a decimal number below 2^64"))
        }
        let root = Base64.decode(lines[2]).flatMap(SHA256Digest.init(bytes:))
        if root == nil {
            faults.append(
                Violation(
                    .checkpointForm, line: 3,
                    "root \(quoted(lines[2])) is not a SHA-256 in padded Base64"))
        }
        if size == 0, let root, root != MerkleTree.emptyRoot {
            faults.append(
                Violation(
                    .checkpointRoot, line: 3, "the root is not that of a ledger without entries"))
        }
        guard faults.isEmpty, let genesis, let size, let root else { throw Violations(faults) }
        self.init(genesis: genesis, size: size, root: root)
    }
}
