// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CeremonyRunner
import Documents
import Glibc
import Issuance
import PKCS11Token
import SSHFormats
import Spool
import Token

/// Which home a command looks at.
struct HomeReadingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The home's directory.", valueName: "dir"))
    var home: String

    /// Opens the home to look at it.
    func read() throws -> Home { try Home.read(home, surroundings: .machine) }
}

/// Which home a command changes.
struct HomeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The home's directory.", valueName: "dir"))
    var home: String

    @Option(
        help: ArgumentHelp(
            "Confirm today's date, where the clock is far ahead of the last entry; it is recorded.",
            valueName: "yyyy-mm-dd"))
    var today: String?

    /// Opens the home to change it, for the length of `body`.
    func change(_ command: String, _ body: (Home) throws -> Void) throws {
        let home = try Home.open(
            home, program: "conclave \(command)", surroundings: .machine,
            confirmedDate: today)
        try body(home)
        try home.close()
    }

    /// Opens the home to change it, for the length of `body`.
    func change(_ command: String, _ body: (Home) async throws -> Void) async throws {
        let home = try Home.open(
            home, program: "conclave \(command)", surroundings: .machine,
            confirmedDate: today)
        try await body(home)
        try home.close()
    }
}

/// Where the PIN comes from.
struct PINOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Read the PIN from this descriptor's first line; otherwise from the terminal.",
            valueName: "number"))
    var pinFD: Int32?

    @Flag(help: "Try the PIN although one more wrong try would lock the token.")
    var lastTry = false

    /// Looks at the descriptor before any file is opened: a later one of ours could get its number.
    ///
    /// No program that is started afterwards gets it: a file can be read once more by whoever has
    /// it open.
    mutating func validate() throws {
        guard let pinFD else { return }
        let flags = fcntl(pinFD, F_GETFD)
        guard flags >= 0, fcntl(pinFD, F_SETFD, flags | FD_CLOEXEC) == 0 else {
            throw ValidationError("--pin-fd \(pinFD) is not an open descriptor")
        }
    }

    /// The PIN for a token, or nil where the token has a pad of its own.
    func pin(for token: PKCS11Token) throws -> PIN? {
        if let pinFD { return try PIN.read(fromDescriptor: pinFD) }
        if token.hasPINPad { return nil }
        let tries = try? token.module.tokens().first { $0.identity == token.identity }
        let warning = tries?.flags.triesLeft.map { ", \($0)" } ?? ""
        return try PIN.readFromTerminal(prompt: "PIN for \(token.identity)\(warning): ")
    }
}

/// Which token a command works with.
struct TokenOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The PKCS#11 module, by its absolute path.", valueName: "path"))
    var module: String

    @Option(
        help: ArgumentHelp(
            "The token, as an RFC 7512 URI such as pkcs11:token=ca.", valueName: "uri"))
    var token: String = "pkcs11:"

    /// Opens the token.
    func open() async throws -> PKCS11Token {
        try await PKCS11Module(path: module).open(TokenURI(text: token))
    }
}

/// An officer's key for signing, through OpenSSH.
struct OfficerKeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A private key file, or a .pub file whose key is in the agent.", valueName: "file"))
    var key: String?

    @Option(
        help: ArgumentHelp(
            "The library through which OpenSSH reaches FIDO keys (SSH_SK_PROVIDER).",
            valueName: "path"))
    var skProvider: String?

    /// The signer, where a key is given.
    var signer: SSHKeygenSigner? {
        key.map { SSHKeygenSigner(key: $0, securityKeyProvider: skProvider) }
    }
}

/// Reading what a person names on the command line.
enum InputFile {
    /// The bytes of a file of at most `limit` bytes.
    static func read(_ path: String, limit: Int = 16 * 1_048_576) throws(FileError) -> [UInt8] {
        try DurableFile.read(path, limit: limit)
    }

    /// The public key of a `.pub` file, or of the one beside a private key file.
    static func publicKey(_ path: String) throws -> PublicKey {
        let path = path.hasSuffix(".pub") ? path : path + ".pub"
        let text = String(decoding: try read(path, limit: 65_536), as: UTF8.self)
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        do throws(FormatError) {
            return try PublicKey(line: line)
        } catch {
            throw RunnerError.refused(
                subject: "\"\(path)\"",
                [Violation(.requestKey, "it holds no public key that can be used: \(error)")])
        }
    }
}

/// Reading values of ours from arguments.
enum ArgumentValue {
    /// A time span such as `30d`.
    static func span(_ text: String) throws -> TimeSpan {
        guard let span = TimeSpan(text: text) else {
            throw ValidationError("\(quoted(text)) is not a time span such as 12h or 30d")
        }
        return span
    }

    /// A kind of CA key.
    static func keyKind(_ text: String) throws -> CAKeyKind {
        guard let kind = CAKeyKind(rawValue: text) else {
            let known = CAKeyKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("\(quoted(text)) is not one of \(known)")
        }
        return kind
    }
}
