// SPDX-License-Identifier: Apache-2.0
public import Ceremony
import Documents
import Ledger
import LedgerStore
import SSHFormats
public import Spool

/// Reads a log as it comes, and judges each line by a home's ledger.
///
/// One piece of the log and one line are in memory at a time, however long either is.
public struct LogMonitor {
    /// The longest line that is kept, in bytes; of a longer one, its beginning is judged.
    public static let maximumLine = 65_536

    /// What some programs put before the first line of a file in UTF-8.
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private var judge: LoginJudge
    private var line: [UInt8] = []
    private var isTooLong = false
    /// How many lines were read.
    public private(set) var lines: UInt64 = 0

    /// Judges by what this home's ledger has now.
    ///
    /// - Parameters:
    ///   - home: The home.
    ///   - clock: How the lines' times are meant.
    ///   - otherAuthorities: Fingerprints of CA keys that hosts trust as well.
    public init(home: Home, clock: LogClock, otherAuthorities: Set<String> = []) {
        let store = home.store
        judge = LoginJudge(
            state: home.state, clock: clock, otherAuthorities: otherAuthorities,
            release: { number in
                try home.outline(ofBatch: number).map {
                    (try home.manifest(ofBatch: number)?.listVersion, $0.closed?.time)
                }
            },
            record: { authority, serial in
                for index in try store.find(.serial(serial)) {
                    let entry = try store.provenEntry(at: index)
                    guard entry.kind == .issued else { continue }
                    let record = try IssuedRecord(entry)
                    // A look-up table can be wrong; what it leads to can be compared.
                    if record.authority == authority, record.certificate.fields.serial == serial {
                        return record
                    }
                }
                return nil
            })
    }

    /// Reads to the end, and hands over each line that is about a key, with its number and bytes.
    ///
    /// - Throws: `FileError`, what the ledger throws, and what `body` throws.
    public mutating func read(
        _ stream: borrowing FileStream,
        _ body: (_ number: UInt64, _ line: ArraySlice<UInt8>, LoginJudgement) throws -> Void
    ) throws {
        while true {
            let piece = try stream.next()
            guard !piece.isEmpty else { break }
            var rest = piece[...]
            while let end = rest.firstIndex(of: 0x0A) {
                keep(rest[..<end])
                try finish(body)
                rest = rest[(end + 1)...]
            }
            keep(rest)
        }
        if !line.isEmpty { try finish(body) }
    }

    private mutating func keep(_ bytes: ArraySlice<UInt8>) {
        guard bytes.contains(0) else { return keepText(bytes) }
        // A run of zeros takes one byte, and none at the beginning.
        for part in bytes.split(separator: 0, omittingEmptySubsequences: false) {
            if part.startIndex > bytes.startIndex, let last = line.last, last != 0 { keepText([0]) }
            keepText(part)
        }
    }

    private mutating func keepText(_ bytes: ArraySlice<UInt8>) {
        let room = max(0, Self.maximumLine - line.count)
        if bytes.count > room { isTooLong = true }
        line += bytes.prefix(room)
    }

    private mutating func finish(
        _ body: (UInt64, ArraySlice<UInt8>, LoginJudgement) throws -> Void
    ) throws {
        lines += 1
        if line.last == 0x0D { line.removeLast() }
        if lines == 1, line.starts(with: Self.byteOrderMark) { line.removeFirst(3) }
        // A machine that lost its power leaves zeros in its log, between the last line of before and
        // the first one after.
        for part in line.split(separator: 0) {
            let isCut = isTooLong && part.endIndex == line.endIndex
            let judgement = isCut ? try judge.judge(beginning: part) : try judge.judge(part)
            if case .other = judgement.subject {} else { try body(lines, part, judgement) }
        }
        line.removeAll(keepingCapacity: true)
        isTooLong = false
    }
}
