// SPDX-License-Identifier: Apache-2.0
// Made by Tests/Support/ledger-dictionary.py.

extension PackingDictionary {
    /// What the dictionary begins with, in hexadecimal digits: its number and zstd's tables.
    static let tables = """
        37a430ec01ca00002e10b8413207fcffffffffffffff3ffc2dfc2dfc2d516626de6be13f05fc37a0\
        af85ac973233333393880c54bd80454301201c080907e597f8b10f000420ca878346c94c45440ce0\
        016800000000800100082c058021080000004d0500c0053060000000348a0303e10063c302000000\
        000006c042000016034c6fa803000000010000000400000008000000
        """

    /// What it ends with: the words.
    static let words = """

        conclave-genesis: v1
        conclave-policy: v1
        conclave-roster: v1
        conclave-state: v1
        conclave-krl: v1
        kind: genesis
        kind: roster
        kind: policy
        kind: key
        kind: token
        kind: epoch
        kind: exception
        kind: refusal
        kind: rejection
        violation: rule: message: text: list: version: reason: abandoned-by: abandoned: \
        next-serial: given-up:
        evidence: CKA_SENSITIVE=true
        evidence: CKA_EXTRACTABLE=false
        evidence: CKA_ALWAYS_SENSITIVE=true
        evidence: CKA_NEVER_EXTRACTABLE=true
        token: pkcs11:token= ;manufacturer= ;serial= ;model=
        module: /usr/lib/x86_64-linux-gnu/
        kind: krl
        kind: batch

        batch:\u{20}
        number: 1
        kind: approval

        batch:\u{20}
        officer:\u{20}
        key: SHA256:
        signature:\u{20}
        kind: ceremony-opened

        batch:\u{20}
        tier: T1
        tool: conclave\u{20}
        ca-key: ecdsa-sha2-nistp384\u{20}
        token: pkcs11:
        kind: ceremony-closed

        batch:\u{20}
        certificates:\u{20}
        state:\u{20}
        conclave-batch: v1
        genesis:\u{20}
        batch:\u{20}
        ledger-size:\u{20}
        ledger-root:\u{20}
        governing-head:\u{20}
        roster:\u{20}
        policy:\u{20}
        created: 20
        expires: 20
        tool: conclave\u{20}
        AAAAB3NzaC1yc2EAAAAMcnNhLXNoYTItNTEyAAAADHJzYS1zaGEyLTI1NgAAAAMBAAAAAAdzc2gtcnNh\
        AAAADHJzYS1zaGEyLTUxMgAAAAxyc2Etc2hhMi0yNTYAAAADAQABAAAAHc3NoLXJzYQAAAAxyc2Etc2h\
        hMi01MTIAAAAMcnNhLXNoYTItMjU2AAAAAwEAAAAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdH\
        A1MjEAAACFBAAABNlY2RzYS1zaGEyLW5pc3RwNTIxAAAACG5pc3RwNTIxAAAAhQAAAATZWNkc2Etc2hh\
        Mi1uaXN0cDUyMQAAAAhuaXN0cDUyMQAAAIUEAAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAz\
        ODQAAABhBAAABNlY2RzYS1zaGEyLW5pc3RwMzg0AAAACG5pc3RwMzg0AAAAYQAAAATZWNkc2Etc2hhMi\
        1uaXN0cDM4NAAAAAhuaXN0cDM4NAAAAGEE
        certificate: ssh-rsa-cert-v01@openssh.com AAAAHHNzaC1yc2EtY2VydC12MDFAb3BlbnNzaC\
        5jb20
        public-key: ssh-rsa AAAAB3NzaC1y
        certificate: ecdsa-sha2-nistp256-cert-v01@openssh.com AAAAKGVjZHNhLXNoYTItbmlzdH\
        AyNTYtY2VydC12MDFAb3BlbnNzaC5jb20
        public-key: ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAy
        certificate: sk-ecdsa-sha2-nistp256-cert-v01@openssh.com AAAAK3NrLWVjZHNhLXNoYTI\
        tbmlzdHAyNTYtY2VydC12MDFAb3BlbnNzaC5jb20
        public-key: sk-ecdsa-sha2-nistp256@openssh.com AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyN\
        TZAb3BlbnNzaC5j
        certificate: sk-ssh-ed25519-cert-v01@openssh.com AAAAI3NrLXNzaC1lZDI1NTE5LWNlcnQ\
        tdjAxQG9wZW5zc2guY29tAAA
        public-key: sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2gu
        AAAAFXBlcm1pdC1YMTEtZm9yd2FyZGluZwAAAAAAAAAXcGVybWl0LWFnZW50LWZvcndhcmRpbmcAAAAA\
        AAAAFnBlcm1pdC1wb3J0LWZvcndhcmRpbmcAAAAAAAAACnBlcm1pdC1wdHkAAAAAAAAADnBlcm1pdC11\
        c2VyLXJjAAAAAAAAAAAAABVwZXJtaXQtWDExLWZvcndhcmRpbmcAAAAAAAAAF3Blcm1pdC1hZ2VudC1m\
        b3J3YXJkaW5nAAAAAAAAABZwZXJtaXQtcG9ydC1mb3J3YXJkaW5nAAAAAAAAAApwZXJtaXQtcHR5AAAA\
        AAAAAA5wZXJtaXQtdXNlci1yYwAAAAAAAAAAAAAAVcGVybWl0LVgxMS1mb3J3YXJkaW5nAAAAAAAAABd\
        wZXJtaXQtYWdlbnQtZm9yd2FyZGluZwAAAAAAAAAWcGVybWl0LXBvcnQtZm9yd2FyZGluZwAAAAAAAAA\
        KcGVybWl0LXB0eQAAAAAAAAAOcGVybWl0LXVzZXItcmMAAAAAAAAAA
        item: 1
        kind: revoke
        item: 1
        kind: new-epoch
        item: 1
        kind: issue
        authority: users@example.org
        profile:\u{20}
        class: elevated
        class: routine
        request:\u{20}
        requester:\u{20}
        type: user
        type: host
        ca-key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI
        ca-key: ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABB\
        B
        public-key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI
        nonce:\u{20}
        serial:\u{20}
        key-id:\u{20}
        principal:\u{20}
        critical-option: force-command=
        critical-option: source-address=
        extension: permit-X11-forwarding
        extension: permit-agent-forwarding
        extension: permit-port-forwarding
        extension: permit-pty
        extension: permit-user-rc
        valid-after: 2026-
        valid-before: 2027-
        tbs-sha256:\u{20}
        conclave-request: v1
        authority: hosts@example.org
        type: user
        type: host
        public-key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI
        principal:\u{20}
        profile:\u{20}
        purpose:\u{20}
        created: 2027-
        nonce:\u{20}
        requester:\u{20}
        renewable-until:\u{20}
        -----BEGIN SSH SIGNATURE-----
        U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAg
        AAAATY29uY2xhdmUtcmVxdWVzdC12MQAAAAAAAAAGc2hhNTEyAAAA
        UwAAAAtzc2gtZWQyNTUxOQAAAEA
        -----END SSH SIGNATURE-----
        AAAAC3NzaC1lZDI1NTE5AAAAIAAAAtzc2gtZWQyNTUxOQAAACAAAALc3NoLWVkMjU1MTkAAAAgAAAAUw\
        AAAAtzc2gtZWQyNTUxOQAAAEAAAFMAAAALc3NoLWVkMjU1MTkAAABAAAABTAAAAC3NzaC1lZDI1NTE5A\
        AAAQAAAAAAAAAAAAAAAAAAAAaAAAABNlY2RzYS1zaGEyLW5pc3RwMjU2AAAACG5pc3RwMjU2AAAAQQAA\
        AAAAAAAAAAAAAAAAAGgAAAATZWNkc2Etc2hhMi1uaXN0cDI1NgAAAAhuaXN0cDI1NgAAAEEEAAAAAAAA\
        AAAAAAAAAAABoAAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBAAAAZAAAABNlY2\
        RzYS1zaGEyLW5pc3RwMjU2AAAASAAAGQAAAATZWNkc2Etc2hhMi1uaXN0cDI1NgAAAEAAABkAAAAE2Vj\
        ZHNhLXNoYTItbmlzdHAyNTYAAABIAAAAZAAAABNlY2RzYS1zaGEyLW5pc3RwMjU2AAAASAAAGQAAAATZ\
        WNkc2Etc2hhMi1uaXN0cDI1NgAAAEAAABkAAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAABJAAAAAAAAAA\
        IAAAAAAAAAAQAAAAAAAAABAAAAAAAA
        conclave-entry: v1
        index: 1
        time: 2026-11-
        kind: intent

        batch:\u{20}
        sign: 1 1\u{20}
        sign: 10 10\u{20}
        conclave-entry: v1
        index: 10
        time: 2027-0
        kind: request

        request:\u{20}
        file:\u{20}
        name: host.req
        conclave-entry: v1
        index: 100
        time: 2026-12-
        kind: issued

        batch:\u{20}
        item: 1
        authority: hosts@example.org
        request:\u{20}
        certificate: ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG\
        9wZW5zc2guY29tAAAAI
        """
}
