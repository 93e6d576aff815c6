// SPDX-License-Identifier: Apache-2.0
import SSHCrypto
import SSHFormats
import TestSupport
import Testing

/// One signature looked at by `ssh-keygen -Y verify` and by us, with the same files.
struct SignatureJudge {
    let workshop: SignerWorkshop
    /// The message that is said to be signed.
    var message: [UInt8]
    /// The signature's file.
    var signature: String
    /// The list of allowed signers.
    var list = ""
    /// The list of allowed signers where it is no text.
    var listBytes: [UInt8]?
    /// The file of revoked keys.
    var revoked: [UInt8]?
    var identity = "alice"
    var namespace = "file"
    /// 2026-02-01.
    var time: UInt64 = 1_769_904_000
    /// Whether we demand a touch, as ssh-keygen never does.
    var requiresUserPresence = true

    /// Whether `ssh-keygen` takes it, and what it says.
    func openSSH() throws -> (isTaken: Bool, text: String) {
        var arguments = [
            "-Y", "verify", "-f", try workshop.directory.write("list-\(unique)", bytes), "-I",
            identity, "-n", namespace, "-s", signature, "-O",
            "verify-time=\(CivilTime.text(secondsInUTC: time))",
        ]
        if let revoked {
            arguments += ["-r", try workshop.directory.write("revoked-\(unique)", revoked)]
        }
        let outcome = try workshop.keygen(arguments, input: message)
        return (outcome.status == .exited(0), outcome.output + outcome.errors)
    }

    /// What we say: nothing where we take it.
    func ours(requiresUserVerification: Bool = false) throws -> [String] {
        do {
            let sshsig = try SSHSIG(armored: try contents(ofFile: signature))
            var hasher = MessageHasher(sshsig.hashAlgorithm)
            hasher.update(message)
            _ = try AllowedSigners(parsing: bytes).verify(
                sshsig, messageHash: hasher.finish(),
                demand: SignatureDemand(
                    identity: identity, namespace: namespace, time: time,
                    requiresUserPresence: requiresUserPresence,
                    requiresUserVerification: requiresUserVerification),
                revoked: try revoked.map { try RevokedKeys(parsing: $0) })
            return []
        } catch let refusal as SignatureRefusal {
            return refusal.faults.map(\.description)
        } catch let error as FormatError {
            return ["\(error)"]
        }
    }

    /// Expects that both take it or both refuse it.
    func expectAgreement(_ comment: @autoclosure () -> String = "") throws {
        let theirs = try openSSH()
        let ours = try ours()
        #expect(
            theirs.isTaken == ours.isEmpty,
            "\(comment()) \(list) \(identity) \(namespace) \(time): \(theirs.text) \(ours)")
    }

    private var bytes: [UInt8] { listBytes ?? Array(list.utf8) }

    private var unique: String { "\(signature.split(separator: "/").last ?? "")" }
}
