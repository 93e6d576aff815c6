// SPDX-License-Identifier: Apache-2.0

/// A command to a card, ISO 7816-4 section 5.1, before it is put into pieces that the card takes.
struct CommandAPDU: Hashable, Sendable {
    /// The ways in which a command that is too long for one short piece goes to the card.
    enum Form: Hashable, Sendable {
        /// Pieces of 255 bytes, each but the last with the chaining bit: every PIV card takes them.
        case chained
        /// One piece with lengths of two bytes.
        case extended
        /// Chained, and for the transmission protocol T=0, which has no place for two lengths.
        case byteOriented
    }

    /// The class, without the chaining bit.
    let applicationClass: UInt8
    let instruction: Instruction
    let p1: UInt8
    let p2: UInt8
    var data: [UInt8]
    /// Whether an answer with data is expected; all that there is of it.
    let expectsData: Bool

    /// The most bytes that a command carries, in any form.
    static let maximumDataLength = 0xFFFF

    init(
        _ instruction: Instruction, p1: UInt8 = 0, p2: UInt8 = 0, data: [UInt8] = [],
        expectsData: Bool = true, applicationClass: UInt8 = 0
    ) {
        self.instruction = instruction
        self.p1 = p1
        self.p2 = p2
        self.data = data
        self.expectsData = expectsData
        self.applicationClass = applicationClass
    }

    /// The bytes that go to the card, one element for each time that it is spoken to.
    ///
    /// A command that fits into one short piece is sent in it, whatever the form.
    func encoded(_ form: Form) -> [[UInt8]] {
        if form == .extended, data.count > Self.maximumShortLength {
            return [extended]
        }
        var pieces: [[UInt8]] = []
        var rest = data[...]
        repeat {
            let part = rest.prefix(Self.maximumShortLength)
            rest = rest.dropFirst(part.count)
            pieces.append(short(part, isLast: rest.isEmpty, form))
        } while !rest.isEmpty
        return pieces
    }

    /// The one piece of a command without data that asks for `length` bytes of answer.
    func encoded(expecting length: UInt8) -> [UInt8] {
        var bytes = header(isLast: true)
        bytes.reserveCapacity(6 + data.count)
        if !data.isEmpty {
            bytes.append(UInt8(truncatingIfNeeded: data.count))
            bytes += data
        }
        return bytes + [length]
    }

    private static let maximumShortLength = 255
    private static let chaining: UInt8 = 0x10

    private func header(isLast: Bool) -> [UInt8] {
        [
            isLast ? applicationClass : applicationClass | Self.chaining, instruction.rawValue, p1,
            p2,
        ]
    }

    private func short(_ part: ArraySlice<UInt8>, isLast: Bool, _ form: Form) -> [UInt8] {
        var bytes = header(isLast: isLast)
        // Room for all of it at once: what may be a PIN is not left behind in a smaller array.
        bytes.reserveCapacity(6 + part.count)
        if !part.isEmpty {
            bytes.append(UInt8(truncatingIfNeeded: part.count))
            bytes += part
        }
        if isLast, expectsData, form != .byteOriented || part.isEmpty { bytes.append(0) }
        return bytes
    }

    private var extended: [UInt8] {
        var bytes = header(isLast: true)
        bytes.reserveCapacity(9 + data.count)
        bytes.append(0)
        bytes.append(UInt8(truncatingIfNeeded: data.count >> 8))
        bytes.append(UInt8(truncatingIfNeeded: data.count))
        bytes += data
        if expectsData { bytes += [0, 0] }
        return bytes
    }
}
