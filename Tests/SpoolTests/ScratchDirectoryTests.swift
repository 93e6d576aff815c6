// SPDX-License-Identifier: Apache-2.0
import Glibc
import Spool
import TestSupport
import Testing

@Suite("directories for a moment")
struct ScratchDirectoryTests {
    let base: TemporaryDirectory

    init() throws {
        base = try TemporaryDirectory()
    }

    @Test("one is its owner's alone, and goes with all that it holds")
    func goes() throws {
        do {
            let scratch = try ScratchDirectory(in: base.path)
            var status = stat()
            try checked("lstat", lstat(scratch.path, &status))
            #expect(status.st_mode == S_IFDIR | 0o700)
            try DurableFile.create(scratch.path + "/message", [1])
        }
        #expect(try base.names() == [])
    }

    @Test("what a killed process left is removed by the next, and what a living one has is not")
    func abandoned() throws {
        let living = try ScratchDirectory(in: base.path)
        let others = [
            "conclave-signing-1234567", "conclave-signing-12345", "conclave-bench-123456",
        ]
        for name in others + ["conclave-signing-a1B2c3"] {
            try checked(name, mkdir(base.file(name), 0o700))
            try base.write("\(name)/message", "x")
        }
        let next = try ScratchDirectory(in: base.path)
        #expect(
            try base.names().map { base.file($0) }.sorted()
                == (others.map { base.file($0) } + [living.path, next.path]).sorted())
        #expect(try base.names(in: others[0]) == ["message"])
    }

    @Test("where there is no directory to make one in, that is said")
    func nowhere() throws {
        let path = base.file("nowhere")
        let error = #expect(throws: FileError.self) { try ScratchDirectory(in: path) }
        #expect(
            error?.description
                == "mkdtemp \"\(path)/conclave-signing-XXXXXX\": No such file or directory")
    }
}
