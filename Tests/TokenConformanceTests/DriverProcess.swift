// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import TestSupport
import TokenConformance

/// The driver of one back end, or one of those that sweep: it starts with the first question, and ends with the test process.
final class DriverProcess: Sendable {
    private let name: String
    private let running = Mutex<Running?>(nil)

    private struct Running {
        let process: Subprocess
        let questions: Int32
        let answers: Int32
    }

    private static let all: Mutex<[String: DriverProcess]> = {
        atexit { DriverProcess.endAll() }
        return Mutex([:])
    }()

    /// Ends the drivers, and waits until they have cleared away what they started.
    private static func endAll() {
        let drivers = all.withLock { Array($0.values) }.compactMap { driver in
            driver.running.withLock { $0 }
        }
        for driver in drivers { close(driver.questions) }
        for driver in drivers { _ = try? driver.process.wait() }
    }

    /// The one driver of each name and number.
    static func of(_ name: String, _ number: Int = 0) -> DriverProcess {
        all.withLock { all in
            let key = "\(name) \(number)"
            if let driver = all[key] { return driver }
            let driver = DriverProcess(name)
            all[key] = driver
            return driver
        }
    }

    private init(_ name: String) { self.name = name }

    /// Has a line answered, in its turn.
    ///
    /// The answer is waited for on a thread of its own: those that tests share are as few as the
    /// cores.
    func ask(_ line: String) async -> String {
        await withCheckedContinuation { continuation in
            let question = Question {
                continuation.resume(returning: self.exchange(line))
            }
            var thread = pthread_t()
            pthread_create(
                &thread, nil,
                { argument in
                    guard let argument else { return nil }
                    Unmanaged<Question>.fromOpaque(argument).takeRetainedValue().run()
                    return nil
                }, Unmanaged.passRetained(question).toOpaque())
            pthread_detach(thread)
        }
    }

    private final class Question: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private func exchange(_ line: String) -> String {
        running.withLock { running in
            do {
                let driver = try running ?? start()
                running = driver
                let bytes = Array((line + "\n").utf8)
                // A driver that has crashed is missed in its answer.
                _ = send(driver.questions, bytes, bytes.count, Int32(MSG_NOSIGNAL))
                if let answer = readLine(driver.answers) { return answer }
                running = nil
                close(driver.questions)
                close(driver.answers)
                return "the driver has ended: \(try driver.process.wait())"
            } catch {
                return "\(error)"
            }
        }
    }

    private func start() throws -> Running {
        let (asking, asked) = try pair()
        let (reading, answering) = try pair()
        defer {
            close(asked)
            close(answering)
        }
        let process = try Subprocess(
            Self.directory + "token-driver", [name], input: asked, output: answering,
            errors: 2)
        let running = Running(process: process, questions: asking, answers: reading)
        let first = readLine(reading)
        guard first == "ready" else {
            throw DriverError(description: first ?? "the driver has ended at its start")
        }
        return running
    }

    private struct DriverError: Error, CustomStringConvertible {
        let description: String
    }

    /// Two ends that no program inherits which is not given one.
    private func pair() throws -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        try checked("socketpair", socketpair(AF_UNIX, kind, 0, &ends))
        return (ends[0], ends[1])
    }

    private func readLine(_ descriptor: Int32) -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while read(descriptor, &byte, 1) == 1 {
            if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        return nil
    }

    /// The directory of the running tests, in which the driver was built too.
    private static let directory: String = {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &path, path.count)
        let bytes = path.prefix(max(0, length)).map { UInt8(bitPattern: $0) }
        return String(
            String(decoding: bytes, as: UTF8.self).reversed().drop { $0 != "/" }.reversed())
    }()
}
