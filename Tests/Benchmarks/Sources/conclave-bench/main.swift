// SPDX-License-Identifier: Apache-2.0
import CBenchmarks
import SSHFormats

let usage = """
    usage: conclave-bench parse ROUNDS               reading and writing certificates, as rows of the table
           conclave-bench verify ROUNDS              reading and verifying them, as a row of the table
           conclave-bench rate COUNT                 the signatures that libcrypto verifies in a second on all
                                                     cores, and the microseconds of a core for one
           conclave-bench ledger-rate COUNT          the certificates of a ledger for which libcrypto verifies
                                                     both signatures in a second, and the microseconds for one
           conclave-bench authority FILE             the public key of the authority of all certificates
           conclave-bench certificate SERIAL FILE    the certificate of this serial
           conclave-bench certificates COUNT FOLDER  those of the serials from 1, in files of their own
           conclave-bench serials COUNT TOTAL FILE   lines that revoke so many of the serials from 1 to
                                                     TOTAL; 0 stands for serials of any size
           conclave-bench key-ids COUNT FILE         lines that revoke the key IDs of the serials from 1
           conclave-bench tokens ROUNDS MODULE       signing with the tokens bench-1 and bench-2, as rows
           conclave-bench few-tokens ROUNDS MODULE   the same with fewer signatures
           conclave-bench card ROUNDS MODULE         signing with a PIV card, and with it over a module, as a row
    """

/// Carries out what the arguments ask for; false where they ask for nothing that is known.
func run(_ arguments: [String]) async throws -> Bool {
    let numbers = arguments.map { Int($0) ?? 0 }
    let maker = try CertificateMaker()
    switch (arguments.first, arguments.count) {
    case ("parse", 2):
        for row in try Parsing(maker).rows(rounds: numbers[1]) { print(row.text) }
    case ("verify", 2):
        print(try await Verification(maker, count: 4000).row(rounds: numbers[1]).text)
    case ("rate", 2):
        let rate = try await Verification(maker, count: numbers[1]).libraryRate()
        print(Int(rate.perSecond), rate.microseconds.rounded(to: 1))
    case ("ledger-rate", 2):
        let rate = try await CertificateSignatures(count: numbers[1]).rate()
        print(Int(rate.perSecond), rate.microseconds.rounded(to: 1))
    case ("authority", 2):
        try write([maker.authority.publicKey().line], to: arguments[1])
    case ("certificate", 3):
        guard let serial = UInt64(arguments[1]) else { return false }
        try write([maker.certificate(serial).line(comment: "alice")], to: arguments[2])
    case ("certificates", 3):
        try maker.fill(arguments[2], count: numbers[1])
    case ("serials", 4):
        let serials =
            numbers[2] == 0
            ? SerialSample.anySerials(numbers[1])
            : SerialSample.serials(numbers[1], of: UInt64(numbers[2]))
        try write(serials.map { "serial: \($0)" }, to: arguments[3])
    case ("key-ids", 3):
        let keyIDs = (1...UInt64(numbers[1])).map(CertificateMaker.keyID)
        try write(keyIDs.map { "id: \($0)" }, to: arguments[2])
    case ("tokens", 3), ("few-tokens", 3):
        let signing = TokenSigning(module: arguments[2])
        let isQuick = arguments[0] == "few-tokens"
        for row in try await signing.rows(rounds: numbers[1], isQuick: isQuick) { print(row.text) }
    case ("card", 3):
        let signing = TokenSigning(module: arguments[2])
        for row in try await signing.cardRows(rounds: numbers[1], count: 192) { print(row.text) }
    default:
        return false
    }
    return true
}

/// Makes a file of these lines.
func write(_ lines: [String], to path: String) throws {
    let file = try TextFile(path)
    for line in lines { try file.write(line) }
    try file.close()
}

guard try await run(Array(CommandLine.arguments.dropFirst())) else {
    print(usage)
    exit(64)
}
