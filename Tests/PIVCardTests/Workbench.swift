// SPDX-License-Identifier: Apache-2.0

import PIVCardSupport
import TestSupport

/// Bytes from hexadecimal digits; blanks don't count.
func bytes(_ digits: String) -> [UInt8] {
    var rest = digits.filter { $0 != " " }[...]
    var bytes: [UInt8] = []
    while let byte = UInt8(rest.prefix(2), radix: 16) {
        bytes.append(byte)
        rest = rest.dropFirst(2)
    }
    return bytes
}

/// Hexadecimal digits of bytes.
func digits(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// A test's card, which it speaks to directly, and OpenSSL's judgement of what the card says.
struct Workbench {
    /// The management key of a card that is new.
    static let managementKey = "010203040506070801020304050607080102030405060708"

    let card: PIVCard
    let connection: PIVCardConnection

    /// Starts a card, and selects PIV if it is in.
    init(_ settings: PIVCardSettings = PIVCardSettings()) throws {
        card = try PIVCard(settings)
        connection = try card.connect()
        if settings.isInserted { try select() }
    }

    struct Refused: Error {
        let reason: String
    }

    func select() throws {
        try demand("00a4040005a000000308")
    }

    /// The answer in digits; without any where the card is gone.
    func send(_ command: String) throws -> String {
        try connection.transmit(command) ?? ""
    }

    /// The answer without its status word, all of it, which must be 9000.
    @discardableResult
    func demand(_ command: String) throws -> String {
        var answer = try send(command)
        var data = ""
        while answer.dropLast(2).hasSuffix("61") {
            data += answer.dropLast(4)
            answer = try send("00c0000000")
        }
        guard answer.hasSuffix("9000") else {
            throw Refused(reason: "\(command) was answered with \(answer)")
        }
        return data + answer.dropLast(4)
    }

    func verifyPIN(_ pin: String = "123456") throws -> String {
        try send("0020008008" + digits(pin.utf8) + String(repeating: "ff", count: 8 - pin.count))
    }

    /// Shows the management key: the card hands out a challenge, OpenSSL enciphers it.
    func manage(algorithm: String = "03", key: String = managementKey) throws {
        let ciphers = ["03": "des-ede3", "08": "aes-128-ecb", "0a": "aes-192-ecb"]
        let cipher = ciphers[algorithm] ?? "aes-256-ecb"
        let challenge = try demand("0087\(algorithm)9b047c028100").dropFirst(8)
        let answer = digits(
            try openssl(
                ["enc", "-e", "-\(cipher)", "-nopad", "-K", key], input: bytes(String(challenge))))
        let size = answer.count / 2
        try demand(
            "0087\(algorithm)9b" + digits([UInt8(size + 4), 0x7C, UInt8(size + 2), 0x82])
                + digits([UInt8(size)]) + answer)
    }

    /// Makes a key; `policies` are the data objects of PIN and touch policy.
    @discardableResult
    func generate(_ slot: String, _ algorithm: String, policies: String = "") throws -> String {
        let template = "8001\(algorithm)\(policies)"
        let size = UInt8(template.count / 2)
        return try demand(
            "004700\(slot)" + digits([size + 2, 0xAC, size]) + template)
    }

    /// The bytes of a signature, by an extended command.
    func sign(_ slot: String, _ algorithm: String, _ message: [UInt8]) throws -> String {
        let size = message.count
        let inner =
            "820081" + digits([0x82, UInt8(size >> 8), UInt8(size & 0xFF)]) + digits(message)
        let outer = "7c82" + number(inner.count / 2) + inner
        let answer = try send(
            "0087\(algorithm)\(slot)00" + number(outer.count / 2) + outer + "0000")
        guard answer.hasSuffix("9000") else { return answer }
        return value(in: value(in: String(answer.dropLast(4))))
    }

    private func number(_ number: Int) -> String {
        digits([UInt8(number >> 8), UInt8(number & 0xFF)])
    }

    /// What is in a data object whose tag has one byte.
    private func value(in digits: String) -> String {
        let long = ["81": 6, "82": 8][String(digits.dropFirst(2).prefix(2))]
        return String(digits.dropFirst(long ?? 4))
    }

    /// The public key of a key made on the card, PEM, out of its attestation.
    func publicKey(_ slot: String) throws -> String {
        let path = try card.directory.write(
            "attested-\(slot)", bytes(try demand("00f9\(slot)0000")))
        let text = try openssl(["x509", "-inform", "DER", "-in", path, "-noout", "-pubkey"])
        return try card.directory.write("public-\(slot)", text)
    }

    /// What `openssl` writes to standard output.
    @discardableResult
    func openssl(_ arguments: [String], input: [UInt8] = []) throws -> [UInt8] {
        let outcome = try Subprocess.run("/usr/bin/openssl", arguments, input: input)
        guard outcome.status == .exited(0) else {
            throw Refused(reason: "openssl \(arguments): \(outcome.output)\(outcome.errors)")
        }
        return outcome.outputBytes
    }

    /// Whether OpenSSL finds the signature right; `raw` where the message is not a digest.
    func verifies(
        _ slot: String, _ message: [UInt8], _ signature: String, raw: Bool = false
    ) throws -> Bool {
        let key = try publicKey(slot)
        let messagePath = try card.directory.write("message", message)
        let signaturePath = try card.directory.write("signature", bytes(signature))
        let outcome = try Subprocess.run(
            "/usr/bin/openssl",
            ["pkeyutl", "-verify", "-pubin", "-inkey", key, "-in", messagePath]
                + ["-sigfile", signaturePath] + (raw ? ["-rawin"] : []))
        return outcome.status == .exited(0)
    }
}
