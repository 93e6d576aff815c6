// SPDX-License-Identifier: Apache-2.0
import Glibc

/// This program run once more beside itself, for what may crash or hang; it has a time limit.
///
/// The child writes its report to descriptor 3. What it, or a library in it, says on standard output
/// and standard error is kept apart, since it is nobody's answer.
struct ChildRun {
    /// How a child ended.
    enum End: Equatable {
        /// By itself, with this exit status.
        case exited(Int32)
        /// By a signal of this number.
        case signalled(Int32)
        /// By us, when its time was up.
        case stopped
        /// By us, when it reported more than anybody wants to know.
        case flooded
    }

    /// The descriptor that the child writes its report to.
    static let reportDescriptor: Int32 = 3
    /// The longest report, in bytes.
    static let maximumReport = 4 * 1_048_576
    /// How much is kept of what the child says beside its report, in bytes.
    static let maximumNoise = 4096

    /// How the child ended.
    let end: End
    /// What the child reported, up to ``maximumReport``.
    let report: [UInt8]
    /// The beginning of what it said on standard output and standard error.
    let noise: [UInt8]
    /// How many bytes it said there.
    let noiseCount: Int

    /// Runs this program with `arguments` for at most `limit` seconds.
    ///
    /// The program is spawned, never forked: a token's module may be loaded here.
    ///
    /// - Throws: `ChildFailure` where the system cannot start it.
    static func run(_ arguments: [String], limit: Double) throws(ChildFailure) -> ChildRun {
        let report = try ChildPipe()
        let noise = try ChildPipe()
        let child = try spawn(arguments, report: report, noise: noise)
        report.closeWriter()
        noise.closeWriter()
        var collected = (report: ChildOutput(maximumReport), noise: ChildOutput(maximumNoise))
        let deadline = monotonicSeconds() + limit
        var status: Int32 = 0
        var end: End?
        while end == nil {
            let left = deadline - monotonicSeconds()
            guard left > 0, collected.report.count <= maximumReport else {
                kill(child, SIGKILL)
                while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
                end = left > 0 ? .flooded : .stopped
                break
            }
            // A grandchild may hold the pipes open: the child's own end is looked for as well.
            let isOpen = wait(for: [report, noise], milliseconds: Int32(min(left * 1000 + 1, 100)))
            if !isOpen { usleep(2000) }
            report.read(into: &collected.report)
            noise.read(into: &collected.noise)
            if unsafe waitpid(child, &status, WNOHANG) == child {
                end =
                    status & 0x7F == 0
                    ? .exited(status >> 8 & 0xFF) : .signalled(status & 0x7F)
            }
        }
        report.read(into: &collected.report)
        noise.read(into: &collected.noise)
        return ChildRun(
            end: end ?? .stopped, report: collected.report.bytes, noise: collected.noise.bytes,
            noiseCount: collected.noise.count)
    }

    /// Waits for something to read; false where nothing is open any more.
    private static func wait(for pipes: [ChildPipe], milliseconds: Int32) -> Bool {
        var wanted = pipes.filter { !$0.isAtEnd }.map {
            pollfd(fd: $0.reader, events: Int16(POLLIN), revents: 0)
        }
        guard !wanted.isEmpty else { return false }
        _ = unsafe poll(&wanted, nfds_t(wanted.count), milliseconds)
        return true
    }
}

/// The system did not start a child.
struct ChildFailure: Error {
    /// The call that failed.
    let call: String
    /// What the system said.
    let number: Int32
}

/// What was read from a child: so much is kept, and all is counted.
struct ChildOutput {
    private(set) var bytes: [UInt8] = []
    private(set) var count = 0
    private let limit: Int

    init(_ limit: Int) { self.limit = limit }

    mutating func append(_ more: some Collection<UInt8>) {
        count += more.count
        bytes += more.prefix(max(0, limit - bytes.count))
    }
}

/// A pipe from a child: its reading end never blocks.
final class ChildPipe {
    let reader: Int32
    private(set) var writer: Int32
    private(set) var isAtEnd = false

    init() throws(ChildFailure) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0, let reader = ends.first, let writer = ends.last else {
            throw ChildFailure(call: "pipe", number: errno)
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(reader, F_SETFL, O_NONBLOCK)
        self.reader = reader
        self.writer = writer
    }

    deinit {
        closeWriter()
        close(reader)
    }

    func closeWriter() {
        if writer >= 0 { close(writer) }
        writer = -1
    }

    /// Reads what is there.
    func read(into output: inout ChildOutput) {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while !isAtEnd {
            let count = unsafe Glibc.read(reader, &buffer, buffer.count)
            if count > 0 {
                output.append(buffer.prefix(count))
                // A child that never stops writing must not keep us from looking at the clock.
                if output.count > ChildRun.maximumReport { return }
            } else if count == 0 {
                isAtEnd = true
            } else if errno != EINTR {
                return
            }
        }
    }
}
