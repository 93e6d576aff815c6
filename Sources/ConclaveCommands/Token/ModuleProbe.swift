// SPDX-License-Identifier: Apache-2.0
import Documents
import Glibc
import Synchronization
import Token

/// Looks at a PKCS#11 module from a child of this program, which may crash or hang.
struct ModuleProbe {
    /// The module's path.
    let path: String
    /// What the child found, or why it found nothing.
    let result: Result<ModuleReport, TokenError>
    /// How many bytes the module wrote on standard output and standard error.
    let noiseCount: Int
    /// The first line of that.
    let noise: String

    /// Looks at a module for at most `limit` seconds.
    init(_ path: String, limit: Double) { self.init(path, limit: limit, loadOnly: false) }

    private init(_ path: String, limit: Double, loadOnly: Bool) {
        self.path = path
        let seconds = Int(limit.rounded(.up))
        let arguments =
            ["token", ModuleProbeCommand.name, "--module", path, "--time-limit", "\(seconds)"]
            + (loadOnly ? ["--load-only"] : [])
        do throws(ChildFailure) {
            let run = try ChildRun.run(arguments, limit: limit)
            noiseCount = run.noiseCount
            let line = run.noise.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).first ?? []
            noise = String(decoding: line.prefix(200), as: UTF8.self)
            result = Self.result(of: run, path, limit: seconds)
        } catch {
            noiseCount = 0
            noise = ""
            let reason = unsafe String(cString: strerror(error.number))
            result = .failure(
                TokenError(
                    .other,
                    "module \(path.quotedForDisplay) cannot be looked at: \(error.call): \(reason)")
            )
        }
    }

    private static func result(
        of run: ChildRun, _ path: String, limit: Int
    ) -> Result<ModuleReport, TokenError> {
        switch run.end {
        case .exited(0) where !run.report.isEmpty:
            do throws(Violations) {
                let report = try ModuleReport(parsing: run.report)
                return report.fault.map { .failure($0) } ?? .success(report)
            } catch {
                return .failure(
                    TokenError(
                        .moduleFault,
                        "the report on module \(path.quotedForDisplay) cannot be read: "
                            + "\(error.all.first.map { "\($0)" } ?? "")"))
            }
        case .exited(let status):
            return .failure(
                crash(
                    path,
                    "ended the program that looked at it, with exit status \(status) and no report")
            )
        case .signalled(SIGALRM), .stopped:
            return .failure(
                TokenError(
                    .timedOut,
                    "module \(path.quotedForDisplay) did not answer within \(limit) s",
                    hint: "is another program at work with the token? unplug it and plug it in"))
        case .flooded:
            return .failure(
                TokenError(
                    .moduleFault,
                    "the report on module \(path.quotedForDisplay) exceeds "
                        + "\(ChildRun.maximumReport) bytes"))
        case .signalled(let number):
            let name = unsafe strsignal(number).map { unsafe String(cString: $0) } ?? "unknown"
            return .failure(
                crash(path, "crashed the program that looked at it: signal \(number), \(name)"))
        }
    }

    private static func crash(_ path: String, _ what: String) -> TokenError {
        TokenError(
            .moduleCrashed, "module \(path.quotedForDisplay) \(what)",
            hint: "nothing else was affected; do not use this module before its maker has mended it"
        )
    }

    private static let loadable = Mutex<Set<String>>([])

    /// Has a child load a module before this process does.
    ///
    /// What the child finds wrong in an orderly way is found once more, and told, by who loads it
    /// here.
    ///
    /// - Throws: `TokenError` where the module crashes or hangs as it is loaded.
    static func requireLoadable(_ path: String, limit: Double = 30) throws(TokenError) {
        guard path.hasPrefix("/"), unsafe access(path, R_OK) == 0,
            !loadable.withLock({ $0.contains(path) })
        else { return }
        let probe = ModuleProbe(path, limit: limit, loadOnly: true)
        if case .failure(let error) = probe.result,
            error.code == .moduleCrashed || error.code == .timedOut
        {
            throw error
        }
        loadable.withLock { _ = $0.insert(path) }
    }
}
