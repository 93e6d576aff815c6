// SPDX-License-Identifier: Apache-2.0
import TestSupport

extension Workbench {
    /// The beginning of a line that signs batches of the home `ca`, for the number to follow.
    static let sign = "conclave sign --home ca --module $MODULE --outbox outbox --pin-fd 3 3<pin"

    /// A table with the home `ca`, founded with a plan of its own.
    static func founded(_ plan: HomePlan) throws -> Workbench {
        let bench = try Workbench()
        try bench.makeToken("demo")
        try bench.found(plan)
        return bench
    }

    /// A table with the home `ca` as most tests need it: a copy, so that it is made but once.
    static func founded() throws -> Workbench {
        try Workbench(unpacking: archive.get())
    }

    /// A table with what another one had, packed.
    convenience init(unpacking archive: [UInt8]) throws {
        try self.init()
        let unpacked = try Subprocess.run(
            "/usr/bin/tar", ["-x", "-C", directory.path], input: archive)
        guard unpacked.status == .exited(0) else { throw SystemCallError(unpacked.errors) }
    }

    /// All that is on the table, for other tables; each has a configuration of SoftHSM of its own.
    func packed() throws -> [UInt8] {
        let packed = try Subprocess.run(
            "/usr/bin/tar", ["-c", "-C", directory.path, "--exclude=./softhsm2.conf", "."])
        guard packed.status == .exited(0) else { throw SystemCallError(packed.errors) }
        return packed.outputBytes
    }

    /// What a founding with the ordinary plan leaves on the table, packed.
    private static let archive: Result<[UInt8], any Error> = Result {
        try founded(HomePlan()).packed()
    }

    /// Makes a token.
    func makeToken(_ label: String) throws {
        try run(
            "softhsm2-util --init-token --free --label \(label) --so-pin 12345678 --pin \"$(cat pin)\""
        )
    }

    /// Makes a CA key on a token.
    func makeAuthorityKey(_ kind: String, _ label: String, on token: String = "demo") throws {
        try run(
            "conclave token generate --module $MODULE --token pkcs11:token=\(token) --kind \(kind) "
                + "--label \(label) --output \(label) --pin-fd 3 3<pin")
    }

    /// Makes a key file.
    func makeKey(_ path: String, _ kind: String = "-t ed25519") throws {
        let provider = kind.contains("-sk") ? " -w $SK" : ""
        try run("ssh-keygen -q \(kind)\(provider) -N '' -C \(path) -f \(path)")
    }

    /// Founds the home `ca` on the token `demo`; every officer signs.
    func found(_ plan: HomePlan, _ options: String = "") throws {
        try draftHome(plan, options)
        for officer in plan.officers { try run("conclave init --home ca \(officer.key)") }
    }

    /// Drafts the home `ca`, for the officers to sign.
    func draftHome(_ plan: HomePlan, _ options: String = "") throws {
        try makeAuthorityKey(plan.userKey, "users")
        try makeAuthorityKey(plan.hostKey, "hosts")
        try draftHomeOfKeys(plan, options)
    }

    /// Drafts the home `ca` with CA keys that have been made.
    func draftHomeOfKeys(_ plan: HomePlan, _ options: String = "") throws {
        for officer in plan.officers + [.wim] {
            try makeKey("officers/\(officer.name)", officer.kind)
        }
        try directory.write("policy.yaml", plan.policy)
        let roster = try plan.roster { name in
            String(try text("officers/\(name).pub").prefix { $0 != "\n" })
        }
        try directory.write("roster.yaml", roster)
        try run(
            "conclave init --home ca --policy policy.yaml --roster roster.yaml "
                + "--ca-key users@example.org=users.token --ca-key hosts@example.org=hosts.token "
                + options)
    }

    /// A user asks: a key of this kind and a request in the spool.
    func ask(_ name: String, _ kind: String = "-t ed25519", _ options: String = "") throws {
        try makeKey("people/\(name)", kind)
        try run(
            "conclave request new --authority users@example.org --profile staff --principal \(name) "
                + "--requester \(name)@example.org --key people/\(name) --output spool/\(name).req "
                + (kind.contains("-sk") ? "--sk-provider $SK " : "") + options)
    }

    /// A host asks, and consents to renewal in the next years unless told otherwise.
    func askForHost(
        _ name: String, _ kind: String = "-t ed25519",
        _ options: String = "--renewable-until 2099-01-01T00:00:00Z"
    ) throws {
        try makeKey("hosts/\(name)", kind)
        try run(
            "conclave request new --authority hosts@example.org --profile servers --type host "
                + "--principal \(name).example.org --key hosts/\(name) "
                + "--output spool/\(name).req \(options)")
    }

    /// Takes in what is in the spool, freezes it into a batch, and clears the spool.
    func draft() throws {
        try run(
            "conclave intake --home ca --spool spool && conclave batch new --home ca && rm spool/*")
    }

    /// These officers approve a batch.
    func approve(_ batch: Int, _ officers: Officer...) throws {
        for officer in officers {
            try run("conclave approve --home ca \(batch) \(officer.key)")
        }
    }

    /// The ceremony of a batch; Quinn signs the bundle.
    @discardableResult
    func sign(_ batch: Int) throws -> Finished {
        try run("\(Self.sign) \(batch) \(Officer.quinn.seal)")
    }

    /// Everything from the spool to the outbox.
    func holdCeremony(_ batch: Int) throws {
        try draft()
        try approve(batch, .olivia, .pierre)
        try sign(batch)
    }
}
