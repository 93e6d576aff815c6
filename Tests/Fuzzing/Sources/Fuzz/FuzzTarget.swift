// SPDX-License-Identifier: Apache-2.0

/// One parser under test: how it is called, and what must hold for whatever it is given.
struct FuzzTarget {
    /// The name by which the target is chosen; its corpus and dictionary bear it too.
    let name: String
    /// The longest input that the fuzzer makes, in bytes.
    let maximumLength: Int
    /// The file of words that the fuzzer may put into inputs.
    let dictionary: Dictionary
    /// What reading an input of n bytes may have allocated at any one time.
    let memory: MemoryBound
    /// Where an input that is taken may be cut, and what is left be taken too.
    let cuts: Cuts
    /// Inputs that grow, for the check that time and memory grow no faster than they do.
    let growths: [Growth]
    /// Hands an input to the parser.
    let read: ([UInt8]) -> Outcome

    init(
        _ name: String, maximumLength: Int = 4_096, dictionary: Dictionary,
        memory: MemoryBound = MemoryBound(), cuts: Cuts = .never, growths: [Growth] = [],
        read: @escaping ([UInt8]) -> Outcome
    ) {
        self.name = name
        self.maximumLength = maximumLength
        self.dictionary = dictionary
        self.memory = memory
        self.cuts = cuts
        self.growths = growths
        self.read = read
    }
}

/// The words of a family of formats.
enum Dictionary: String {
    case wire
    case text
    case yaml
    case value
}

/// What a parser makes of an input.
enum Outcome {
    /// It was refused, for this reason.
    case refused(any Error)
    /// It was taken, and this must hold for the value.
    case accepted(() throws -> Void)

    /// Calls a parser; what it throws is a refusal.
    static func of<Value>(
        _ parse: () throws -> Value, holds: @escaping (Value) throws -> Void
    ) -> Outcome {
        do {
            let value = try parse()
            return .accepted { try holds(value) }
        } catch {
            return .refused(error)
        }
    }

    /// The outcome of a parser that says nil and not why.
    static func of<Value>(
        _ value: Value?, holds: @escaping (Value) throws -> Void
    ) -> Outcome {
        guard let value else { return .refused(Unexplained()) }
        return .accepted { try holds(value) }
    }

    var isAccepted: Bool {
        if case .accepted = self { true } else { false }
    }
}

/// The error of parsers that say nil.
struct Unexplained: Error, CustomStringConvertible {
    var description: String { "it was refused" }
}

/// A property that does not hold.
struct Broken: Error, CustomStringConvertible {
    let description: String
}

/// Throws ``Broken`` with the text unless the property holds.
func require(_ holds: Bool, _ text: @autoclosure () -> String) throws {
    if !holds { throw Broken(description: text()) }
}

/// At most `perByte` bytes for each byte of the input, and `constant` beside.
struct MemoryBound {
    var perByte = 32
    var constant = 65_536

    func allows(_ peak: Int, for length: Int) -> Bool { peak <= constant + perByte * length }
}

/// Which proper prefixes of an input that is taken may be taken as well.
enum Cuts {
    /// None: the format says where it ends.
    case never
    /// All of them: the format cannot tell.
    case anywhere
    /// Those of these lengths.
    case at(([UInt8], Int) -> Bool)

    func allow(_ bytes: [UInt8], _ length: Int) -> Bool {
        switch self {
        case .never: false
        case .anywhere: true
        case .at(let isAllowed): isAllowed(bytes, length)
        }
    }
}

/// Inputs of one shape that grow with a number.
struct Growth {
    let name: String
    /// The first and the last number, which is doubled from one to the other.
    let sizes: ClosedRange<Int>
    /// Whether the parser takes such inputs.
    let isAccepted: Bool
    let make: (Int) -> [UInt8]

    init(
        _ name: String, _ sizes: ClosedRange<Int>, isAccepted: Bool = true,
        make: @escaping (Int) -> [UInt8]
    ) {
        self.name = name
        self.sizes = sizes
        self.isAccepted = isAccepted
        self.make = make
    }

    /// A growing text.
    init(
        _ name: String, _ sizes: ClosedRange<Int>, isAccepted: Bool = true,
        text: @escaping (Int) -> String
    ) {
        self.init(name, sizes, isAccepted: isAccepted) { Array(text($0).utf8) }
    }
}
