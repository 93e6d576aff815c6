// SPDX-License-Identifier: Apache-2.0
import Glibc
import SSHFormats

/// The installed `ssh-keygen`, in a directory of its own that goes away with the value.
final class RevocationJudge {
    let directory: String

    struct Fault: Error {
        let what: String
    }

    init() throws {
        var template = Array("/tmp/conclave-krl-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Fault(what: "mkdtemp: errno \(errno)") }
        directory = String(
            decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { _ = try? Self.run("/bin/rm", ["-rf", directory], output: nil) }

    func path(_ name: String) -> String { "\(directory)/\(name)" }

    /// Runs `ssh-keygen`; relative names don't resolve to the directory, so use ``path(_:)``.
    @discardableResult
    func run(_ arguments: [String]) throws -> (status: Int32, text: String) {
        let status = try Self.run("/usr/bin/ssh-keygen", arguments, output: path("output"))
        return (status, String(decoding: try read("output"), as: UTF8.self))
    }

    /// Runs `ssh-keygen`, and takes anything but success for a fault.
    func demand(_ arguments: [String]) throws {
        let answer = try run(arguments)
        guard answer.status == 0 else { throw Fault(what: "\(arguments): \(answer.text)") }
    }

    func write(_ bytes: some Collection<UInt8>, to name: String) throws {
        guard let file = fopen(path(name), "w") else { throw Fault(what: "fopen \(name)") }
        defer { fclose(file) }
        guard fwrite(Array(bytes), 1, bytes.count, file) == bytes.count else {
            throw Fault(what: "fwrite \(name)")
        }
    }

    func read(_ name: String) throws -> [UInt8] {
        guard let file = fopen(path(name), "r") else { throw Fault(what: "fopen \(name)") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&part, 1, part.count, file), count > 0 {
            bytes += part[..<count]
        }
        return bytes
    }

    private static func run(
        _ program: String, _ arguments: [String], output: String?
    ) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(
            &actions, 1, output ?? "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var locale = [strdup("LC_ALL=C"), strdup("TZ=UTC"), nil]
        defer { for word in locale { free(word) } }
        var process: pid_t = 0
        let result = posix_spawn(&process, program, &actions, nil, &words, &locale)
        guard result == 0 else { throw Fault(what: "\(program): error \(result)") }
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1 {
            guard errno == EINTR else { throw Fault(what: "waitpid: errno \(errno)") }
        }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -1
    }
}

extension RevocationJudge {
    /// Makes a key pair and returns the public key.
    func makeKey(_ name: String, _ type: String = "ed25519", bits: Int? = nil) throws -> PublicKey {
        let size = bits.map { ["-b", "\($0)"] } ?? []
        try demand(["-q", "-t", type] + size + ["-N", "", "-C", "", "-f", path(name)])
        return try PublicKey(line: try line(of: "\(name).pub"))
    }

    /// Makes the certificate `NAME-cert.pub` of the key in `NAME.pub`.
    func certify(_ name: String, by authority: String, keyID: String, serial: UInt64) throws {
        try demand([
            "-q", "-s", path(authority), "-I", keyID, "-z", "\(serial)", "-n", "root",
            path("\(name).pub"),
        ])
    }

    /// The hash of a public key file, as `ssh-keygen` makes it.
    func hash(_ name: String, _ algorithm: String) throws -> [UInt8] {
        let text = try run(["-l", "-E", algorithm, "-f", path(name)]).text
        let word = text.split(separator: " ").dropFirst().first ?? ""
        let base64 = String(word.drop { $0 != ":" }.dropFirst())
        let padding = String(repeating: "=", count: (4 - base64.count % 4) % 4)
        guard let hash = Base64.decode(base64 + padding) else { throw Fault(what: text) }
        return hash
    }

    /// Makes a KRL of the lines of a specification, as `ssh-keygen -k` does.
    func makeList(
        _ specification: [String], authority: String? = nil, version: UInt64 = 0
    ) throws -> [UInt8] {
        try write(specification.map { $0 + "\n" }.joined().utf8, to: "specification")
        let signer = authority.map { ["-s", $0 == "none" ? $0 : path("\($0).pub")] } ?? []
        try demand(
            ["-q", "-k", "-f", path("made")] + signer
                + ["-z", "\(version)", path("specification")])
        return try read("made")
    }

    /// What `ssh-keygen -Ql` says is in a KRL, without the heading; nil where it doesn't read it.
    func listing(_ bytes: [UInt8]) throws -> [String]? {
        try write(bytes, to: "listed")
        let answer = try run(["-Q", "-l", "-f", path("listed")])
        guard answer.status == 0 else { return nil }
        return answer.text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
    }

    /// The files among `names` whose keys or certificates a KRL revokes.
    func revoked(_ names: [String], by bytes: [UInt8]) throws -> Set<String> {
        try write(bytes, to: "asked")
        let answer = try run(["-Q", "-f", path("asked")] + names.map(path))
        let lines = answer.text.split(separator: "\n")
        guard lines.count == names.count,
            lines.allSatisfy({ $0.hasSuffix("): ok") || $0.hasSuffix("): REVOKED") })
        else { throw Fault(what: answer.text) }
        return Set(zip(names, lines).filter { $1.hasSuffix("REVOKED") }.map(\.0))
    }

    /// The first line of a file.
    func line(of name: String) throws -> String {
        String(decoding: try read(name).prefix { $0 != 10 }, as: UTF8.self)
    }

    /// Random numbers that are the same each time.
    struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }
}

/// The lines that `ssh-keygen -Ql` has for serials and key IDs.
func revocationListing(_ list: RevocationList) -> [String] {
    list.authorities.flatMap { part in
        part.serials.ranges.map { range in
            range.lowerBound == range.upperBound
                ? "serial: \(range.lowerBound)"
                : "serial: \(range.lowerBound)-\(range.upperBound)"
        } + part.keyIDs.map { "id: \($0)" }
    }
}
