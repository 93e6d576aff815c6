// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Glibc

/// The program `conclave`: arguments in, exit status out.
public enum Program {
    /// Runs the process's own command line, and ends the process with its exit status.
    public static func main() async -> Never {
        // No file of ours may get the number of a stream that whoever started us has closed.
        for stream in STDIN_FILENO...STDERR_FILENO where fcntl(stream, F_GETFD) < 0 {
            _ = unsafe open("/dev/null", O_RDWR)
        }
        if let place = placeOfStrangeBytes() {
            Screen.error([
                "argument \(place) is not UTF-8, as every path and name given here must be"
            ])
            exit(EX_USAGE)
        }
        exit(await run(Array(CommandLine.arguments.dropFirst())))
    }

    /// The place of the first argument that is not UTF-8: Swift mends it, and then it names something else.
    private static func placeOfStrangeBytes() -> Int? {
        (1..<max(1, Int(CommandLine.argc))).first { place in
            unsafe CommandLine.unsafeArgv[place].map {
                unsafe String(validatingCString: $0) == nil
            } ?? false
        }
    }

    /// Runs one command line and answers its exit status, `Docs/Operator/ExitStatus.md`.
    public static func run(_ arguments: [String]) async -> Int32 {
        // A reader that goes away must not end a ceremony.
        signal(SIGPIPE, SIG_IGN)
        let status = await carryOut(arguments)
        guard let number = Screen.fault else { return status }
        let reason = unsafe strerror(number).map { unsafe String(cString: $0) }
        Screen.error([
            "write \"standard output\": \(reason ?? "error \(number)")",
            "  hint: what the command does was done, as far as nothing else is said here; what it had to"
                + " tell is not complete there",
        ])
        let isGood = [ExitStatus.done, .nothing].contains { $0.rawValue == status }
        return isGood ? ExitStatus.machine.rawValue : status
    }

    private static func carryOut(_ arguments: [String]) async -> Int32 {
        do {
            var command = try ConclaveCommand.parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return ExitStatus.done.rawValue
        } catch let status as ExitStatus {
            return status.rawValue
        } catch let status as ExitCode {
            return status.rawValue
        } catch {
            return report(error)
        }
    }

    private static func report(_ error: any Error) -> Int32 {
        if let failure = Failure(error) {
            Screen.error(failure.lines)
            return failure.status.rawValue
        }
        let code = ConclaveCommand.exitCode(for: error)
        let text = ConclaveCommand.fullMessage(for: error)
        guard !code.isSuccess else {
            Screen.line(text)
            return code.rawValue
        }
        let heading = "Error: "
        Screen.error([text.hasPrefix(heading) ? String(text.dropFirst(heading.count)) : text])
        return code.rawValue
    }
}
