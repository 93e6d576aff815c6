// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ceremony
import CeremonyRunner
import Documents
import Issuance
import Token

/// Looks at everything between this machine and a signature.
struct TokenDoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at everything between this machine and a signature by the token.",
        discussion: """
            conclave token doctor --token piv:serial=12345678 --home ca
            conclave token doctor --module /usr/lib/softhsm/libsofthsm2.so --token pkcs11:token=ca
            Each check is a line that begins with ok, warn, FAIL or skip. Exit status 0: no line says
            FAIL; 1: at least one does. No PIN but the one that is given is ever sent to the token.
            """)

    @OptionGroup var options: TokenOptions
    @OptionGroup var pin: PINOptions
    @OptionGroup var attestation: AttestationOptions

    @Option(help: ArgumentHelp("Look whether the token is this home's.", valueName: "dir"))
    var home: String?

    @Option(
        help: ArgumentHelp(
            "The public key to sign with; needed where there are several.", valueName: "file"))
    var key: String?

    @Option(
        help: ArgumentHelp("Make so many signatures in a row; 0 for none.", valueName: "number"))
    var signatures: Int = 100

    @Flag(help: "Ask for no PIN: look at what is seen without one.")
    var withoutPIN = false

    @Flag(help: "Write JSON.")
    var json = false

    mutating func validate() throws {
        guard (0...100_000).contains(signatures) else {
            throw ValidationError("--signatures is not from 0 to 100000")
        }
    }

    func run() async throws {
        let known = try home.map { try Home.read($0, surroundings: .machine) }
        let keys = known?.state.genesis.keys
        let uri = try options.uri
        let inputs = try attestation.inputs(of: known)
        var doctor = Doctor(uri: uri, modules: options.modules.module) { check in
            if !json { Screen.line(check.line) }
        }
        await doctor.lookAtSystem()
        if await doctor.openToken() {
            await doctor.lookAtDevice()
            await doctor.lookAtHome(keys)
            let wanted = Doctor.Wanted(
                path: key, home: keys?.map(\.publicKey) ?? [], signatures: signatures,
                inputs: inputs)
            await doctor.sign(withoutPIN ? nil : pin, wanted)
            await doctor.close()
        }
        if json {
            Screen.line(JSONText.object([("checks", .array(doctor.checks.map(\.json)))]).text)
        }
        if doctor.checks.contains(where: { $0.state == .fail }) { throw ExitStatus.machine }
    }
}
