// SPDX-License-Identifier: Apache-2.0
import Glibc
import Spool
import TestSupport
import Testing

@Suite("home lock", .timeLimit(.minutes(20)))
struct HomeLockTests {
    let home: TemporaryDirectory

    init() throws {
        home = try TemporaryDirectory()
    }

    private func lock() throws(HomeLockError) -> HomeLock {
        try HomeLock(home: home.path, program: "conclave sign", started: "2026-11-22T15:30:00Z")
    }

    private func failure() -> String? {
        #expect(throws: HomeLockError.self) { _ = try lock() }?.description
    }

    @Test("the file tells who holds the lock")
    func contents() throws {
        try home.write("lock", String(repeating: "an older and longer text\n", count: 9))
        let held = try lock()
        #expect(
            try home.read("lock")
                == Array(
                    "pid \(getpid())\nprogram conclave sign\nstarted 2026-11-22T15:30:00Z\n".utf8))
        var status = stat()
        try checked("stat", stat(home.file("lock"), &status))
        #expect(status.st_mode & 0o077 == 0)
        try held.release()
    }

    @Test("a second holder is refused and told who is first")
    func second() throws {
        let held = try lock()
        #expect(
            failure()
                == "the home is in use by pid \(getpid()), program conclave sign, "
                + "started 2026-11-22T15:30:00Z")
        try held.release()
        try held.release()
        try lock().release()
    }

    @Test("an object that goes gives the lock back")
    func dropped() throws {
        do {
            let held = try lock()
            withExtendedLifetime(held) { _ = failure() }
        }
        try lock().release()
    }

    @Test("the lock is refused to another process, and free for it afterwards")
    func otherProcess() throws {
        let held = try lock()
        let attempt = ["-n", "-E", "7", home.file("lock"), "/bin/true"]
        #expect(try Subprocess.run("/usr/bin/flock", attempt).status == .exited(7))
        try held.release()
        #expect(try Subprocess.run("/usr/bin/flock", attempt).status == .exited(0))
    }

    @Test("a child that is started while the lock is held does not get the file")
    func child() throws {
        let held = try lock()
        let listing = try Subprocess.run("/bin/ls", ["-l", "/proc/self/fd"])
        #expect(listing.status == .exited(0))
        #expect(listing.output.contains(" 0 -> "))
        #expect(!listing.output.contains(home.path))
        try held.release()
    }

    @Test("another process's lock is told of, and ends when the process is killed")
    func killedHolder() throws {
        let null = try checked("open", open("/dev/null", O_RDWR | O_CLOEXEC))
        defer { close(null) }
        let script = """
            exec 9>>"$1" && flock -n 9 && printf 'pid 42\\nprogram \\033[2J\\n' > "$1" || exit 1
            : > "$1.ready"
            exec sleep 60
            """
        let child = try Subprocess(
            "/bin/sh", ["-c", script, "sh", home.file("lock")],
            input: null, output: null, errors: null)
        while access(home.file("lock.ready"), F_OK) != 0 { usleep(1000) }
        #expect(failure() == #"the home is in use by pid 42, program \x1b[2J"#)
        try home.write("lock", "")
        #expect(failure() == "the home is in use by a process that has not named itself")
        try home.write("lock", String(repeating: "x", count: 5000))
        #expect(failure() == "the home is in use by " + String(repeating: "x", count: 1024))
        kill(child.id, SIGKILL)
        #expect(try child.wait() == .signaled(SIGKILL))
        try lock().release()
    }

    @Test("a lock file that is removed under its holder does not let the same file be locked twice")
    func removed() throws {
        let held = try lock()
        try checked("unlink", unlink(home.file("lock")))
        try lock().release()
        try held.release()
    }

    @Test("a lock that is no regular file is refused, and not followed")
    func notAFile() throws {
        let path = home.file("lock")
        try checked("symlink", symlink("elsewhere", path))
        #expect(failure() == "open \"\(path)\": Too many levels of symbolic links")
        try checked("unlink", unlink(path))
        try checked("mkfifo", mkfifo(path, 0o600))
        #expect(failure() == "open \"\(path)\": is a FIFO, not a regular file")
        try checked("unlink", unlink(path))
        try checked("mkdir", mkdir(path, 0o700))
        #expect(failure() == "open \"\(path)\": Is a directory")
        #expect(try home.names() == ["lock"])
    }

    @Test("a home that is missing is an error")
    func missingHome() {
        let path = home.file("none")
        let error = #expect(throws: HomeLockError.self) {
            _ = try HomeLock(home: path, program: "conclave", started: "")
        }
        #expect(error == .file(FileError("open", path, number: ENOENT)))
    }
}
