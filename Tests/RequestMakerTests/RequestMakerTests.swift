// SPDX-License-Identifier: Apache-2.0
import Glibc
import TestSupport
import Testing

/// `Ceremony/Requests/make-request.sh`, run by dash, and judged by ssh-keygen.
@Suite("request maker", .timeLimit(.minutes(20)))
struct RequestMakerTests {
    let maker = RequestMaker()
    let directory: TemporaryDirectory
    let key: String

    init() throws {
        directory = try TemporaryDirectory()
        key = directory.file("id")
        try maker.generateKey(key)
    }

    /// Makes a request with what is always needed, and answers what came of it.
    private func make(_ arguments: String..., key: String? = nil) throws -> Subprocess.Outcome {
        let needed = ["-a", "users@example.org", "-p", "staff", "-n", "alice"]
        return try maker.run(
            needed + arguments + [(key ?? self.key) + ".pub"], temporary: directory.path)
    }

    @Test("a request holds its fields in order, and a signature over exactly that text")
    func whole() throws {
        let outcome = try make(
            "-n", "alice@db", "-v", "7d", "-o", "force-command=/bin/echo a  \\n b", "-o",
            "source-address=10.0.0.0/8", "-r", "Álice Example <alice@example.org>", "-u",
            "Zwölf Boxkämpfer: 你好 $HOME `id` %s")
        #expect(outcome.status == .exited(0))
        #expect(outcome.errors == "")
        let request = try SplitRequest(outcome.outputBytes)
        #expect(
            request.fields.map(\.name) == [
                "conclave-request", "authority", "type", "public-key", "principal", "principal",
                "profile", "validity", "option", "option", "created", "nonce", "requester",
                "purpose",
            ])
        #expect(request.values("conclave-request") == ["v1"])
        #expect(request.values("authority") == ["users@example.org"])
        #expect(request.values("type") == ["user"])
        #expect(request.values("public-key") == [try maker.publicKey(key)])
        #expect(request.values("principal") == ["alice", "alice@db"])
        #expect(request.values("profile") == ["staff"])
        #expect(request.values("validity") == ["7d"])
        #expect(
            request.values("option") == [
                "force-command=/bin/echo a  \\n b", "source-address=10.0.0.0/8",
            ])
        #expect(request.values("requester") == ["Álice Example <alice@example.org>"])
        #expect(request.values("purpose") == ["Zwölf Boxkämpfer: 你好 $HOME `id` %s"])
        #expect(request.values("nonce").first?.wholeMatch(of: /[0-9a-f]{32}/) != nil)
        #expect(
            request.values("created").first?
                .wholeMatch(of: /20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
        #expect(
            try maker.verdict(of: request, in: directory).contains("Good \"conclave-request-v1\""))
        #expect(try directory.names() == ["id", "id.pub", "text", "text.sig"])
    }

    @Test("the least request has no optional field, and every one its own nonce")
    func least() throws {
        let first = try SplitRequest(try make().outputBytes)
        #expect(
            first.fields.map(\.name) == [
                "conclave-request", "authority", "type", "public-key", "principal", "profile",
                "created", "nonce",
            ])
        let second = try SplitRequest(try make().outputBytes)
        #expect(first.values("nonce") != second.values("nonce"))
    }

    @Test("a host may consent to renewals")
    func host() throws {
        let outcome = try make("-t", "host", "-w", "2027-11-22T00:00:00Z")
        let request = try SplitRequest(outcome.outputBytes)
        #expect(request.values("type") == ["host"])
        #expect(request.fields.last?.name == "renewable-until")
        #expect(request.values("renewable-until") == ["2027-11-22T00:00:00Z"])
    }

    @Test("every kind of key in software can be certified", arguments: RequestMaker.keyTypes)
    func keyKinds(type: [String]) throws {
        let path = directory.file("other key")
        try maker.generateKey(path, type: type)
        let outcome = try make(key: path)
        #expect(outcome.status == .exited(0))
        let request = try SplitRequest(outcome.outputBytes)
        #expect(request.values("public-key") == [try maker.publicKey(path)])
        #expect(
            try maker.verdict(of: request, in: directory).contains("Good \"conclave-request-v1\""))
    }

    @Test("a key on a FIDO token can be certified", arguments: ["ed25519-sk", "ecdsa-sk"])
    func token(type: String) throws {
        let provider = try maker.buildProvider(in: directory)
        let path = directory.file("on token")
        try maker.generateKey(path, type: ["-t", type, "-w", provider])
        let outcome = try maker.run(
            ["-a", "a", "-p", "p", "-n", "n", path + ".pub"], temporary: directory.path,
            environment: ["SSH_SK_PROVIDER": provider])
        #expect(outcome.status == .exited(0))
        #expect(outcome.errors.hasPrefix("Confirm user presence for key "))
        let request = try SplitRequest(outcome.outputBytes)
        #expect(request.values("public-key") == [try maker.publicKey(path)])
        #expect(try maker.verdict(of: request, in: directory).contains("-SK key SHA256:"))
    }

    @Test(
        "paths with spaces, quotes and leading hyphens work",
        arguments: ["a b", "it's \"x\" $y", "-k"])
    func strangePaths(name: String) throws {
        try checked("mkdir", mkdir(directory.file(name), 0o700))
        let path = directory.file("\(name)/\(name)")
        try maker.generateKey(path)
        let out = directory.file("\(name)/request of \(name)")
        let outcome = try make("-f", out, key: path)
        #expect(outcome.status == .exited(0))
        #expect(outcome.output == "")
        let request = try SplitRequest(try contents(ofFile: out))
        #expect(request.values("public-key") == [try maker.publicKey(path)])
        var status = stat()
        try checked(out, stat(out, &status))
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test("a file that exists is not overwritten")
    func existing() throws {
        let out = try directory.write("out", "precious")
        let outcome = try make("-f", out)
        #expect(outcome.status == .exited(1))
        #expect(outcome.errors == "make-request: \"\(out)\" exists and is not overwritten\n")
        #expect(try directory.read("out") == Array("precious".utf8))
        let link = directory.file("link")
        try checked("symlink", symlink("nowhere", link))
        #expect(
            try make("-f", link).errors
                == "make-request: \"\(link)\" exists and is not overwritten\n")
        #expect(try directory.names() == ["id", "id.pub", "link", "out"])
    }

    @Test("a request that can't be written leaves nothing")
    func unwritable() throws {
        let out = directory.file("none/out")
        let outcome = try make("-f", out)
        #expect(outcome.status == .exited(1))
        #expect(outcome.errors.hasSuffix("make-request: \"\(out)\" cannot be made\n"))
        #expect(try directory.names() == ["id", "id.pub"])
    }

    @Test("a key that is missing, or is none, is refused by its name")
    func badKey() throws {
        #expect(
            try make(key: directory.file("none")).errors
                == "make-request: \"\(directory.path)/none.pub\" is not a file\n")
        let text =
            "is not a public key that OpenSSH certifies\nhint: give the file that ends in .pub\n"
        try directory.write("text.pub", "hello world\n")
        #expect(
            try make(key: directory.file("text")).errors
                == "make-request: \"\(directory.path)/text.pub\" \(text)")
        try checked("rename", rename(key, directory.file("private.pub")))
        #expect(
            try make(key: directory.file("private")).errors
                == "make-request: \"\(directory.path)/private.pub\" \(text)")
        try directory.write("empty.pub", "")
        #expect(
            try make(key: directory.file("empty")).errors
                == "make-request: \"\(directory.path)/empty.pub\" is empty\n")
        try directory.write("damaged.pub", "ssh-ed25519 AAAA!\n")
        #expect(
            try make(key: directory.file("damaged")).errors
                == "make-request: \"\(directory.path)/damaged.pub\" is not a public key: "
                + "its base64 is damaged\n")
        try directory.write("cert.pub", "ssh-ed25519-cert-v01@openssh.com AAAA c\n")
        #expect(
            try make(key: directory.file("cert")).errors
                == "make-request: \"\(directory.path)/cert.pub\" is a certificate, "
                + "not a public key\n")
    }

    @Test("without a private key and without an agent nothing is made")
    func noPrivateKey() throws {
        try checked("unlink", unlink(key))
        let outcome = try make("-f", directory.file("out"))
        #expect(outcome.status == .exited(1))
        #expect(
            outcome.errors.hasSuffix(
                """
                make-request: ssh-keygen did not sign
                hint: the private key must be "\(key)" or in the agent, and OpenSSH 8.1 or later

                """))
        #expect(try directory.names() == ["id.pub"])
    }

    @Test("another key's private half is noticed")
    func wrongPrivateKey() throws {
        try maker.generateKey(directory.file("other"))
        try checked("rename", rename(directory.file("other"), key))
        let outcome = try make()
        #expect(outcome.status == .exited(1))
        #expect(outcome.output == "")
        #expect(outcome.errors.contains("make-request: ssh-keygen did not sign\n"))
    }

    @Test("a signature by another key is noticed, even if ssh-keygen does not mind")
    func wrongSignature() throws {
        let other = directory.file("other")
        try maker.generateKey(other)
        let path = try maker.replaceKeygen(
            in: directory,
            """
            [ "$1" = -q ] || exec /usr/bin/ssh-keygen "$@"
            exec /usr/bin/ssh-keygen -q -Y sign -f '\(other)' -n "$7" "$8"
            """)
        let outcome = try maker.run(
            ["-a", "a", "-p", "p", "-n", "n", key + ".pub"], temporary: directory.path,
            environment: ["PATH": path])
        #expect(outcome.status == .exited(1))
        #expect(outcome.output == "")
        #expect(
            outcome.errors
                == """
                make-request: the signature is by another key than "\(key).pub"
                hint: is "\(key)" its private key?

                """)
    }

    @Test("a public key file with a Windows line end and no comment is taken")
    func windowsLineEnd() throws {
        let publicKey = try maker.publicKey(key)
        try directory.write("id.pub", "\(publicKey)\r\n")
        #expect(
            try SplitRequest(try make().outputBytes).values("public-key") == [publicKey])
        try directory.write("id.pub", publicKey)
        #expect(
            try SplitRequest(try make().outputBytes).values("public-key") == [publicKey])
    }

    @Test("a key that is only in the agent signs")
    func agent() throws {
        let request = try maker.withAgent(holding: key, in: directory) { environment in
            try checked("unlink", unlink(key))
            let outcome = try maker.run(
                ["-a", "a", "-p", "p", "-n", "n", key + ".pub"], temporary: directory.path,
                environment: environment)
            #expect(outcome.errors == "")
            return try SplitRequest(outcome.outputBytes)
        }
        #expect(
            try maker.verdict(of: request, in: directory).contains("Good \"conclave-request-v1\""))
    }

    @Test("a run that is stopped leaves nothing behind", arguments: [SIGHUP, SIGINT, SIGTERM])
    func stopped(signal: Int32) throws {
        let status = try maker.stop(
            ["-a", "a", "-p", "p", "-n", "n", key + ".pub"], with: signal, temporary: directory)
        #expect(status == .exited(128 + signal))
        #expect(try directory.names() == ["bin", "id", "id.pub", "signing"])
    }
}
