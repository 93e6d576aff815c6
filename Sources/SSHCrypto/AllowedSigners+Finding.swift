// SPDX-License-Identifier: Apache-2.0
public import SSHFormats

extension AllowedSigners {
    /// The names as which a signer may sign, and the line that says so.
    public struct FoundPrincipals: Hashable, Sendable {
        /// The line.
        public let line: Int
        /// The line's patterns for a signer that it lists; for a certificate by an authority that
        /// it lists, the certificate's names that the patterns take.
        public let names: [String]
    }

    /// Finds as whom the signer of a signature may sign, as `ssh-keygen -Y find-principals` does:
    /// by the first line that allows it to sign at this second, whatever for.
    ///
    /// That the signature is genuine, and whether the signer is revoked, is not looked at.
    ///
    /// - Throws: ``SignatureRefusal`` where no line does.
    public func findPrincipals(
        for signature: SSHSIG, at time: UInt64
    ) throws(SignatureRefusal) -> FoundPrincipals {
        let signer = signature.signer
        do throws(SSHCryptoError) {
            try signature.verifySigner()
        } catch {
            throw SignatureRefusal([.init(.signature(error))])
        }
        var faults: [SignatureRefusal.Fault] = []
        for entry in entries where entry.holds(signer) {
            guard entry.isValid(at: time) else {
                faults.append(
                    .init(
                        .notAllowed("key is not valid at \(CivilTime.text(secondsInUTC: time))"),
                        line: entry.line))
                continue
            }
            let found = entry.certificate(of: signer)?.signerFaults(at: time) ?? []
            guard found.isEmpty else {
                faults += found
                continue
            }
            let names = entry.names(of: signer)
            guard !names.isEmpty else {
                faults.append(
                    .init(.notAllowed("no name of the certificate matches"), line: entry.line))
                continue
            }
            return FoundPrincipals(line: entry.line, names: names)
        }
        throw SignatureRefusal(
            faults.isEmpty
                ? [.init(.notAllowed("no line holds key \(signer.publicKey.fingerprint)"))]
                : faults)
    }

    /// Finds the lists of patterns that take a name, as `ssh-keygen -Y match-principals` does, each
    /// as its line has it.
    ///
    /// - Throws: ``SignatureRefusal`` where a line that cannot be read takes the name or might take
    ///   it, or where none does.
    public func matchPrincipals(_ identity: String) throws(SignatureRefusal) -> [String] {
        let faulty = faultyLines.filter { $0.principals?.matches(identity) ?? true }
        guard faulty.isEmpty, untoldFaultyLines == 0 else {
            let more = SignatureRefusal.Fault(
                .notAllowed("\(untoldFaultyLines) more lines cannot be read"))
            throw SignatureRefusal(
                faulty.map { .init(.notAllowed("\($0.fault)"), line: $0.line) }
                    + (untoldFaultyLines > 0 ? [more] : []))
        }
        let lists = entries.filter { $0.principals.matches(identity) }
        guard !lists.isEmpty else {
            throw SignatureRefusal([
                .init(.notAllowed("no line is for \(identity.debugDescription)"))
            ])
        }
        return lists.map(\.principals.description)
    }
}

extension AllowedSigners.Entry {
    /// The names as which a signer that the line is about may sign.
    fileprivate func names(of signer: SSHSIG.Signer) -> [String] {
        guard isAuthority else {
            return principals.patterns
        }
        return signer.certificate?.fields.validPrincipals.filter(principals.matches) ?? []
    }
}
