// SPDX-License-Identifier: Apache-2.0

import Glibc
import PIVToken
import PKCS11Token
import SSHCrypto
import SSHFormats
import SoftHSMSupport
import TestSupport
import Token

/// A back end that runs, with a token that holds keys which other programs have made.
///
/// What a back end cannot do stands here, and is held by the behaviours as well as what it can.
struct Stand {
    /// The right PIN.
    var pin = "123456"
    /// A PIN that could be right, and is not.
    var wrongPIN = "654321"
    /// The module's path; nil for a card that is reached directly.
    let module: String?
    /// What the module is told when it starts.
    var initialization: String?
    /// Which of its tokens it is.
    var uri: TokenURI
    /// The token on which keys are made, where it is another.
    var generationURI: TokenURI?
    /// What a request for a key must say beside its kind and label.
    var slots: [CAKeyKind: PIVSlot] = [:]
    /// What must be shown before keys are made.
    var beforeGeneration: (any TestedToken) async throws -> Void = { _ in }
    /// What other programs need to reach the token.
    var environment: [String: String] = [:]
    /// The kinds of key that are on the token.
    let kinds: Set<CAKeyKind>
    /// How many keys there are; nil where there is one of each kind.
    var keyCount: Int?
    /// The kinds of key that the token makes for us, fit for a certificate authority.
    var makes: Set<CAKeyKind> = []
    /// Why it makes none of a kind; unsupported where nothing stands here.
    var refusals: [CAKeyKind: TokenError.Code] = [:]
    /// Whether a token that has used a key must be opened anew for the next one.
    var isForOneKey = false
    /// Whether keys are seen after a login only.
    var hidesKeys = true
    /// What errors call the login.
    var loginCall = "C_Login"
    /// The attributes that keep the keys which are there from being an authority's.
    var faults: [String] = []
    /// What the flags say after one wrong PIN.
    var remark: String?
    /// The IDs of the keys that other programs made; nil for all that have not our labels.
    var foreignIDs: [[UInt8]]?
    /// Whether OpenSC's pkcs11-tool is the judge, where OpenSSL's engine cannot be.
    var isJudgedByTool = false
    /// Takes the token away; nil where a module in front has to do that.
    var remove: (() throws -> Void)?
    /// Puts the token back.
    var insert: (() throws -> Void)?
    /// Has another program use the token, so that a login of ours may be lost.
    var disturb: (() throws -> Void)?
    /// The module by which OpenSSL reaches the token, and the key's ID there, where they are others.
    var judge: (module: String, id: (TokenKey) -> [UInt8])?
    /// Ends what was started.
    var stop: () -> Void = {}

    /// Opens the token.
    func open(_ limits: TimeLimits = .standard) async throws -> any TestedToken {
        guard let module else { return try await PIVToken.open(uri, limits: limits) }
        return try await PKCS11Module(path: module, initialization: initialization)
            .open(uri, limits: limits)
    }

    /// Opens the token and logs in.
    func openAndLogIn() async throws -> any TestedToken {
        let token = try await open()
        try await token.login(try PIN(pin.utf8))
        return token
    }

    /// Opens the token, logs in, and has each key used; of some tokens anew for each.
    func withKeys(_ body: (any TestedToken, TokenKey) async throws -> Void) async throws {
        var token = try await openAndLogIn()
        for key in try await foreignKeys(token) {
            try await body(token, key)
            guard isForOneKey else { continue }
            token = try await reopen(token)
            try await token.login(try PIN(pin.utf8))
        }
        await token.close()
    }

    /// The same back end with another of its tokens.
    func with(uri: TokenURI) -> Stand {
        var stand = self
        stand.uri = uri
        return stand
    }

    /// Lets the token go, and opens it anew.
    func reopen(_ token: any TestedToken) async throws -> any TestedToken {
        if let token = token as? PKCS11Token {
            try await token.reopen()
            return token
        }
        await token.close()
        return try await open()
    }

    /// Makes key pairs as a person would, with pkcs11-tool.
    static func makeKeys(
        _ module: String, _ keys: [(id: String, type: String)], _ selection: [String],
        environment: [String: String], pin: String = "123456"
    ) {
        for key in keys {
            SharedDirectory.run(
                ["pkcs11-tool", "--module", module] + selection + [
                    "--login", "--pin", pin, "--keypairgen", "--id", key.id, "--label",
                    "key-\(key.id)", "--key-type", key.type, "--usage-sign",
                ], environment: environment)
        }
    }

    /// Sets variables for modules that are yet to be loaded.
    static func export(_ environment: [String: String]) {
        for (name, value) in environment { setenv(name, value, 1) }
    }

    /// Variables that every program needs.
    static let programs = ["PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
}

/// What the suite asks of a token beside what a ceremony does.
protocol TestedToken: Token {
    func approvalSignature(
        over message: [UInt8], namespace: String, key: PublicKey
    ) async throws(TokenError) -> SSHSIG
}

extension PKCS11Token: TestedToken {}
extension PIVToken: TestedToken {}
