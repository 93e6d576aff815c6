// SPDX-License-Identifier: Apache-2.0
public import Documents

/// A line of a log: when and where it was written, by which program, and what it says.
///
/// Read are the forms that hosts keep sshd's words in: RFC 3164 with and without a year or a
/// priority, RFC 5424, rsyslog's with an RFC 3339 time, every short form of journalctl, its JSON, and
/// what `sshd -E` writes, which is the message alone. Whatever a line holds, it can be read: what is
/// in no form is a message without a header.
public struct LogLine: Sendable {
    /// When the line was written, where it tells a real date.
    public private(set) var time: UnixTime?
    /// The host that wrote it, where the line tells.
    public var host: String? { hostBytes?.text }
    /// The program that wrote it, where the line tells.
    public var program: String? { programBytes?.text }
    /// What the program wrote.
    public private(set) var message: ArraySlice<UInt8>
    private var hostBytes: ArraySlice<UInt8>?
    private var programBytes: ArraySlice<UInt8>?

    /// Reads a line, without its end.
    public init(_ line: ArraySlice<UInt8>, clock: LogClock) {
        message = line
        guard let first = line.first else { return }
        var scanner = ByteScanner(line)
        switch first {
        case UInt8(ascii: "{"):
            if let entry = JournalEntry(line) { take(entry) }
            return
        case UInt8(ascii: "<"): guard Self.passPriority(&scanner) else { return }
        default: break
        }
        if scanner.skip("1 "), readStructured(scanner, clock: clock) { return }
        readHeader(scanner, clock: clock)
    }

    /// Whether sshd, or one of the programs that it is made of, wrote the line, or may have.
    public var isOfSSHD: Bool {
        guard let program = programBytes else { return true }
        let directory = program.lastIndex(of: UInt8(ascii: "/"))
        let name = directory.map { program[($0 + 1)...] } ?? program
        if name.starts(with: "sshd".utf8) {
            let rest = name.dropFirst(4)
            if rest.isEmpty || rest.first == UInt8(ascii: "-") { return true }
        }
        // journalctl -o with-unit names the unit: ssh.service, sshd.service, sshd@….service.
        return name.starts(with: "ssh".utf8) && name.suffix(8).elementsEqual(".service".utf8)
    }

    private mutating func take(_ entry: JournalEntry) {
        time = entry.time
        hostBytes = entry.host?[...]
        programBytes = entry.program?[...] ?? []
        message = entry.message[...]
    }

    private static func passPriority(_ scanner: inout ByteScanner) -> Bool {
        scanner.skip(UInt8(ascii: "<")) && scanner.number(1...3) != nil
            && scanner.skip(UInt8(ascii: ">"))
    }

    /// Reads a header in the form of the old syslog or of journalctl.
    private mutating func readHeader(_ start: ByteScanner, clock: LogClock) {
        var scanner = start
        var reading: LogClock.Reading?
        switch scanner.next {
        case .some(0x30...0x39):
            reading = scanner.isoTime()
            if reading == nil {
                guard let seconds = scanner.number(9...11), scanner.skip(UInt8(ascii: ".")),
                    scanner.number(1...9) != nil
                else { return }
                time = UnixTime(seconds: seconds)
            }
        case .some(UInt8(ascii: "[")):
            // journalctl's monotonic forms tell no date.
            guard scanner.word(before: UInt8(ascii: "]")) != nil else { return }
        case .some(0x41...0x5A):
            reading = scanner.syslogTime() ?? scanner.weekdayTime()
            guard reading != nil else { return }
        default: return
        }
        guard scanner.skip(UInt8(ascii: " ")) else {
            time = nil
            return
        }
        if let reading { time = clock.time(reading) }
        while scanner.skip(UInt8(ascii: " ")) {}
        message = scanner.rest
        readOrigin(scanner)
    }

    /// Reads `host program[id]: `; where there is no such thing, the message begins here.
    private mutating func readOrigin(_ start: ByteScanner) {
        var scanner = start
        guard var tag = scanner.word() else { return }
        var host: ArraySlice<UInt8>?
        if tag.last != UInt8(ascii: ":") {
            host = tag
            guard let second = scanner.word() else { return }
            tag = second
        }
        guard tag.last == UInt8(ascii: ":") else { return }
        tag = tag.dropLast()
        if tag.last == UInt8(ascii: "]"), let bracket = tag.lastIndex(of: UInt8(ascii: "[")) {
            tag = tag[..<bracket]
        }
        hostBytes = host
        programBytes = tag
        message = scanner.rest
    }

    /// Reads what follows the version in RFC 5424, section 6.
    private mutating func readStructured(_ start: ByteScanner, clock: LogClock) -> Bool {
        var scanner = start
        var reading: LogClock.Reading?
        if !scanner.skip("- ") {
            reading = scanner.isoTime()
            guard reading != nil, scanner.skip(UInt8(ascii: " ")) else { return false }
        }
        guard let host = scanner.word(), let program = scanner.word(), scanner.word() != nil,
            scanner.word() != nil, Self.passStructuredData(&scanner)
        else { return false }
        time = reading.flatMap { clock.time($0) }
        hostBytes = host
        programBytes = program
        _ = scanner.skip(UInt8(ascii: " "))
        _ = scanner.skip("\u{FEFF}")
        message = scanner.rest
        return true
    }

    private static func passStructuredData(_ scanner: inout ByteScanner) -> Bool {
        if scanner.skip(UInt8(ascii: "-")) { return true }
        var isThere = false
        while scanner.next == UInt8(ascii: "[") {
            var isQuoted = false
            var isEscaped = false
            var length = 0
            var isClosed = false
            for byte in scanner.rest {
                length += 1
                if isEscaped {
                    isEscaped = false
                } else if isQuoted, byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isQuoted.toggle()
                } else if !isQuoted, byte == UInt8(ascii: "]") {
                    isClosed = true
                    break
                }
            }
            guard isClosed else { return false }
            scanner = ByteScanner(scanner.rest.dropFirst(length))
            isThere = true
        }
        return isThere
    }
}
