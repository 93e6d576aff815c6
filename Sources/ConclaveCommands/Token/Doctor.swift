// SPDX-License-Identifier: Apache-2.0
import Documents
import Issuance
import SSHCrypto
import SSHFormats
import Token
import TokenEvidence

/// Goes through all checks of one token; each finding is told at once, and kept.
struct Doctor {
    /// Which keys are tried, and how often.
    struct Wanted {
        /// The `.pub` file of the key; nil where none was named.
        let path: String?
        /// The keys of the home.
        let home: [PublicKey]
        /// How many signatures are made.
        let signatures: Int
        /// What attestations are verified with.
        let inputs: AttestationOptions.Inputs
    }

    let uri: TokenURI
    let modules: [String]
    private(set) var checks: [DoctorCheck] = []
    private let tell: (DoctorCheck) -> Void
    private var token: (any Token)?

    /// Looks at the token of a URI; `tell` is told each finding.
    init(uri: TokenURI, modules: [String], tell: @escaping (DoctorCheck) -> Void) {
        self.uri = uri
        self.modules = modules
        self.tell = tell
    }

    /// Notes a finding.
    mutating func add(_ check: DoctorCheck) {
        checks.append(check)
        tell(check)
    }

    /// Whether modules can be used: each in a child, which may crash.
    mutating func lookAtSystem() async {
        if uri.scheme == .piv { await lookAtReaders() }
        let paths = modules.isEmpty ? [uri.modulePath].compactMap(\.self) : modules
        for path in paths where uri.scheme == .pkcs11 {
            let probe = ModuleProbe(path, limit: 30)
            let subject = "module \(path)"
            switch probe.result {
            case .failure(let error): add(DoctorCheck(subject, error))
            case .success(let report):
                let count = report.entries.count { $0.isSetUp && $0.token != nil }
                add(
                    DoctorCheck(
                        .ok, subject,
                        "\(report.name.isEmpty ? "it" : report.name) loads, and shows "
                            + counted(count, "token")))
            }
            if probe.noiseCount > 0 {
                add(
                    DoctorCheck(
                        .warn, subject,
                        "it printed \(counted(probe.noiseCount, "byte")), which begin with "
                            + probe.noise.quotedForDisplay,
                        advice: "look at what it complains of"))
            }
        }
    }

    /// Opens the token; false where that failed, and nothing more can be looked at.
    mutating func openToken() async -> Bool {
        do throws(TokenError) {
            let token = try await TokenDirectory(modules: modules).open(uri)
            self.token = token
            add(DoctorCheck(.ok, "token", "\(await token.identity) is there"))
            return true
        } catch {
            add(DoctorCheck("token", error))
            return false
        }
    }

    /// Lets go of the token.
    mutating func close() async {
        await token?.close()
        token = nil
    }

    /// What the device says of tries, secrets and firmware.
    mutating func lookAtDevice() async {
        guard let token else { return }
        do throws(TokenError) {
            let evidence = try await token.evidence()
            addTries(evidence)
            addSecrets(evidence)
            addFirmware(evidence)
        } catch {
            add(DoctorCheck("device", error))
        }
    }

    private mutating func addTries(_ evidence: DeviceEvidence) {
        let subject = "PIN tries"
        let unblock = "unblock the PIN with the PUK or the security officer's PIN"
        if let tries = evidence.pinTries {
            switch tries.left {
            case ...0: add(DoctorCheck(.fail, subject, "the PIN is locked", advice: unblock))
            case 1 where tries.total != 1:
                add(
                    DoctorCheck(
                        .fail, subject, "\(tries)",
                        advice: "log in with the right PIN, which gives back all tries"))
            case let left where left < tries.total ?? left:
                add(
                    DoctorCheck(
                        .warn, subject, "\(tries)",
                        advice: "somebody gave a wrong PIN; the right one gives back all tries"))
            default: add(DoctorCheck(.ok, subject, "\(tries)"))
            }
        } else if let remark = evidence.pinRemark {
            let isLocked = remark.hasPrefix("no ")
            let isLast = remark.hasPrefix("one ")
            add(
                DoctorCheck(
                    isLocked || isLast ? .fail : .warn, subject, remark,
                    advice: isLocked ? unblock : "the right PIN gives back all tries"))
        } else {
            add(DoctorCheck(.ok, subject, "the token reports no failed try"))
        }
        if let tries = evidence.pukTries {
            let state: DoctorCheck.State = tries.left > 0 ? .ok : .warn
            add(
                DoctorCheck(
                    state, "PUK tries", "\(tries)",
                    advice: tries.left > 0 ? nil : "a PIN that locks cannot be unblocked any more"))
        }
    }

    private mutating func addSecrets(_ evidence: DeviceEvidence) {
        let subject = "secrets from the factory"
        guard let defaults = evidence.defaultSecrets else {
            add(
                DoctorCheck(
                    .warn, subject, "the token does not tell; none was tried",
                    advice: "make sure that PIN, PUK and management key were changed"))
            return
        }
        guard !defaults.isEmpty else {
            add(DoctorCheck(.ok, subject, "none is in use"))
            return
        }
        let names = defaults.map(\.description).joined(separator: ", ")
        add(
            DoctorCheck(
                .fail, subject, "still in use: \(names)",
                advice: "change what everybody knows before the key is made"))
    }

    /// Whether the token is known to a home.
    mutating func lookAtHome(_ keys: [Genesis.AuthorityKey]?) async {
        guard let token, let keys else { return }
        let identity = await token.identity
        let subject = "home"
        let named = keys.filter { $0.token == identity.uri.text }
        do throws(TokenError) {
            let visible = try await VisibleKeys.of(token)
            let held = keys.filter { visible.contains($0.publicKey) }
            if !held.isEmpty {
                let names = held.map { "\($0.authority) (\($0.publicKey.fingerprint))" }
                add(
                    DoctorCheck(
                        .ok, subject, "it holds the CA key of \(names.joined(separator: ", "))"))
            } else if !named.isEmpty, visible.isEmpty {
                let names = named.map(\.authority).joined(separator: ", ")
                add(DoctorCheck(.ok, subject, "the genesis places the CA key of \(names) here"))
            } else if !named.isEmpty {
                add(
                    DoctorCheck(
                        .fail, subject,
                        "the genesis names this token, and it shows none of the CA keys",
                        advice: "was a key deleted or made anew? nothing can be signed with it"))
            } else {
                add(
                    DoctorCheck(
                        .fail, subject, "the home knows neither the token nor a key on it",
                        advice: "is it the right token? conclave token list --home shows them all")
                )
            }
        } catch {
            add(DoctorCheck(subject, error))
        }
    }

    /// Logs in, looks at the keys, and signs in a row.
    mutating func sign(_ pin: PINOptions?, _ wanted: Wanted) async {
        guard let token else { return }
        guard let pin else {
            add(DoctorCheck(.skip, "login", "no PIN was asked for"))
            return
        }
        do {
            do throws(TokenError) {
                try await pin.login(to: token)
            } catch {
                add(DoctorCheck("login", error))
                return
            }
            add(DoctorCheck(.ok, "login", "the PIN was taken"))
            let keys = try await token.keys()
            let device = try await token.evidence()
            let identity = await token.identity
            for key in keys { look(at: key, wanted.inputs.review(key, device, identity)) }
            if keys.isEmpty {
                add(
                    DoctorCheck(
                        .warn, "keys", "the token holds no key that can sign",
                        advice: "make one with conclave token generate"))
            }
            guard wanted.signatures > 0, !keys.isEmpty else { return }
            for key in try await chosen(wanted, from: keys, on: token) {
                await sign(with: key, on: token, count: wanted.signatures)
            }
        } catch let error as TokenError {
            add(DoctorCheck("keys", error))
        } catch {
            add(DoctorCheck(.fail, "keys", Failure(error)?.lines.first ?? "\(error)"))
        }
    }

    private func chosen(
        _ wanted: Wanted, from keys: [TokenKey], on token: any Token
    ) async throws -> [TokenKey] {
        let ofHome = keys.filter { wanted.home.contains($0.publicKey) }
        if wanted.path == nil, !ofHome.isEmpty { return ofHome }
        return [try await TokenKeyChoice.choose(wanted.path, on: token)]
    }

    private mutating func sign(with key: TokenKey, on token: any Token, count: Int) async {
        let trial = TokenTrial(token: token, key: key)
        // Nobody touches a hundred times for a look.
        let count = trial.wantsTouches ? min(count, 2) : count
        let subject = "signatures by \(key.publicKey.fingerprint)"
        var progress = Progress("signatures", after: 0)
        do throws(TokenError) {
            let outcome = try await trial.run(count: count, seconds: 3600) { done in
                progress.show(done, of: count)
            }
            let rate = outcome.rate.map { ", \(Int($0.rounded())) a second" } ?? ""
            let why = trial.wantsTouches ? " (each wants a touch)" : ""
            add(
                DoctorCheck(
                    .ok, subject, "\(outcome.count) in a row, each verified\(rate)\(why)"))
        } catch {
            add(DoctorCheck(subject, error))
        }
    }
}
