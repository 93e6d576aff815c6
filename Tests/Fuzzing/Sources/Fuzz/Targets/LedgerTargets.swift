// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import SSHCrypto

/// The ledger's texts and proofs.
let ledgerTargets = [
    FuzzTarget(
        "entry", dictionary: .text, memory: textMemory, cuts: .at(endsLine),
        growths: [
            Growth("fields", 1_024...131_072) { entryHead + "\n" + repeated($0) { _ in "a: b\n" } },
            Growth("blocks", 1_024...65_536) { entryHead + repeated($0) { _ in "\na: b\n" } },
        ]
    ) { bytes in
        .of({ try LedgerEntry(parsing: bytes) }) { entry in
            try require(entry.bytes == bytes, "the entry keeps other bytes")
            var draft = EntryDraft(entry.kind)
            for block in entry.blocks {
                draft.block()
                for field in block.fields { draft.field(field.name, field.value) }
            }
            let again = try draft.entry(index: entry.index, time: entry.time)
            try require(again.bytes == bytes, "its parts make another entry")
        }
    },

    FuzzTarget(
        "checkpoint", maximumLength: 300, dictionary: .text,
        growths: [
            Growth("lines", 65_536...1_048_576, isAccepted: false) {
                String(repeating: "\n", count: $0)
            }
        ]
    ) { bytes in
        .of({ try Checkpoint(parsing: bytes) }) { checkpoint in
            try require(checkpoint.bytes == bytes, "the checkpoint writes other bytes")
        }
    },

    // Bytes 0 to 2 name a ledger of up to 4,096 entries and places in it; the rest are hashes and
    // numbers of a proof that was handed over. Proofs that are made hold, and altered ones don't;
    // no made-up proof traps.
    FuzzTarget("proof", maximumLength: 2_200, dictionary: .text, cuts: .anywhere) { bytes in
        guard bytes.count >= 19 else { return .refused(Unexplained()) }
        return .accepted { try requireProofs(bytes) }
    },
]

private let entryHead = """
    conclave-entry: v1
    index: 12
    time: 2026-11-22T15:30:00Z
    kind: batch

    """

/// The hashes of the complete subtrees over leaves that are made of their places.
private var nodes: [MerkleNode: SHA256Digest] = [:]

private func leaf(_ place: UInt64) -> SHA256Digest {
    MerkleTree.leafHash(of: Array("entry \(place)".utf8))
}

private func hash(_ node: MerkleNode) -> SHA256Digest {
    if let known = nodes[node] { return known }
    var made = leaf(node.position)
    if node.level > 0 {
        let halves = [0, 1].map { half in
            hash(MerkleNode(level: node.level - 1, position: node.position * 2 + half))
        }
        made = MerkleTree.nodeHash(halves[0], halves[1])
    }
    nodes[node] = made
    return made
}

private func requireProofs(_ bytes: [UInt8]) throws {
    let size = UInt64(bytes[0]) << 4 | UInt64(bytes[1] & 15) + 1
    let place = (UInt64(bytes[1]) << 8 | UInt64(bytes[2])) % size
    let root = MerkleTree.root(size: size, node: hash)

    guard let inclusion = InclusionProof(index: place, size: size, node: hash),
        let consistency = ConsistencyProof(oldSize: place, newSize: size, node: hash)
    else { throw Broken(description: "no proof for \(place) of \(size)") }
    try require(inclusion.verify(leaf: leaf(place), root: root), "the inclusion does not hold")
    let oldRoot = MerkleTree.root(size: place, node: hash)
    try require(consistency.verify(oldRoot: oldRoot, newRoot: root), "the growth does not hold")

    let numbers = [3, 11].map { start in
        bytes[start..<(start + 8)].reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    }
    var rest = bytes[19...]
    var hashes: [SHA256Digest] = []
    while rest.count >= 32, let hash = SHA256Digest(bytes: Array(rest.prefix(32))) {
        hashes.append(hash)
        rest = rest.dropFirst(32)
    }
    let forged = InclusionProof(index: numbers[0], size: numbers[1], hashes: hashes)
    try require(
        !forged.verify(leaf: leaf(place + size), root: root), "a made-up inclusion holds")
    let grown = ConsistencyProof(oldSize: numbers[0], newSize: numbers[1], hashes: hashes)
    try require(
        !grown.verify(oldRoot: leaf(size), newRoot: root), "a made-up growth holds")
    var altered = inclusion.hashes
    if !altered.isEmpty {
        altered[Int(place) % altered.count] = root
        let other = InclusionProof(index: place, size: size, hashes: altered)
        try require(!other.verify(leaf: leaf(place), root: root), "an altered inclusion holds")
    }
}
