// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Catches the signals that end or stop a program, for as long as a terminal's echo is off.
///
/// A handler may run on any thread, so it does no more than note the signal and write a byte into a
/// pipe; who reads the terminal waits for the pipe as well. One watch exists at a time.
struct SignalWatch: ~Copyable {
    /// Readable once a signal has come.
    let descriptor: Int32
    private let writer: Int32
    private var former: [(signal: Int32, action: sigaction)] = []

    private static let signals = [
        SIGINT, SIGHUP, SIGTERM, SIGQUIT, SIGPIPE, SIGALRM, SIGTSTP, SIGTTIN, SIGTTOU,
    ]
    /// The signals after which a stopped program goes on.
    private static let stopping = [SIGTSTP, SIGTTIN, SIGTTOU]

    private static let caught = Atomic<Int32>(0)
    private static let pipeEnd = Atomic<Int32>(-1)

    init() throws(TokenError) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw .pin("no pipe for signals", errno) }
        descriptor = ends[0]
        writer = ends[1]
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        // Touched here, so that the handler never is the first to.
        Self.caught.store(0, ordering: .sequentiallyConsistent)
        Self.pipeEnd.store(writer, ordering: .sequentiallyConsistent)
        for signal in Self.signals {
            var action = sigaction()
            unsafe action.__sigaction_handler.sa_handler = { number in
                let saved = errno
                SignalWatch.caught.store(number, ordering: .sequentiallyConsistent)
                var mark: UInt8 = 1
                _ = unsafe write(
                    SignalWatch.pipeEnd.load(ordering: .sequentiallyConsistent), &mark, 1)
                errno = saved
            }
            var old = sigaction()
            guard unsafe sigaction(signal, nil, &old) == 0, !Self.isIgnored(old) else {
                continue
            }
            if unsafe sigaction(signal, &action, nil) == 0 {
                former.append((signal, old))
            }
        }
    }

    deinit {
        for item in former {
            var old = item.action
            unsafe sigaction(item.signal, &old, nil)
        }
        Self.pipeEnd.store(-1, ordering: .sequentiallyConsistent)
        close(descriptor)
        close(writer)
    }

    /// Ends the watch: the signals do again what they did before.
    consuming func end() {}

    /// The signal that came, if one did.
    var signal: Int32? {
        let number = Self.caught.load(ordering: .sequentiallyConsistent)
        return number == 0 ? nil : number
    }

    /// Lets a signal that was caught do, after the watch, what it would have done.
    ///
    /// True where the program was stopped and now goes on. The threads that Swift shares have all
    /// signals blocked, so this one is let through to the thread that raises it: it is delivered
    /// before `raise` returns.
    static func deliver(_ signal: Int32) -> Bool {
        var mask = sigset_t()
        var former = sigset_t()
        unsafe sigemptyset(&mask)
        unsafe sigaddset(&mask, signal)
        unsafe pthread_sigmask(SIG_UNBLOCK, &mask, &former)
        raise(signal)
        unsafe pthread_sigmask(SIG_SETMASK, &former, nil)
        return stopping.contains(signal)
    }

    /// What was ignored before stays ignored.
    private static func isIgnored(_ action: sigaction) -> Bool {
        unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
