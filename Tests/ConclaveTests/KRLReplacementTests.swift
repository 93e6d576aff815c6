// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

/// `conclave krl` in the place of `ssh-keygen -k` and `-Q`.
@Suite("Revocation lists in the place of ssh-keygen's")
struct KRLReplacementTests {
    /// A program by the name of ssh-keygen that hands `-k` and `-Q` to `conclave`.
    private static let replacement = """
        #!/bin/sh
        mode=
        for word; do
            case $word in
            -k*|-[uq]k*) mode=make ;;
            -Q*|-[lq]Q*) mode=query ;;
            esac
        done
        [ -n "$mode" ] || exec /usr/bin/ssh-keygen "$@"
        file= authority= version= comment= flags=
        while getopts kQuqlf:s:z:C: option; do
            case $option in
            k|Q) ;;
            f) file=$OPTARG ;;
            s) authority=$OPTARG ;;
            z) version=$OPTARG ;;
            C) comment=$OPTARG ;;
            *) flags="$flags -$option" ;;
            esac
        done
        shift $((OPTIND - 1))
        set -- ${authority:+-s "$authority"} ${version:+-z "$version"} ${comment:+-C "$comment"} "$@"
        exec conclave krl $mode $flags -f "$file" "$@"

        """

    /// A bench where `keygen/ssh-keygen` is the replacement.
    private func bench() throws -> Workbench {
        let bench = try Workbench()
        try bench.run("mkdir keygen")
        try bench.directory.write("keygen/ssh-keygen", Self.replacement)
        try bench.run("chmod +x keygen/ssh-keygen")
        return bench
    }

    @Test("what OpenSSH's own test of revocation lists does, is done", .timeLimit(.minutes(20)))
    func regression() throws {
        let bench = try bench()
        try bench.directory.write("regress.sh", Self.script)
        for program in ["keygen/ssh-keygen", "/usr/bin/ssh-keygen"] {
            let done = try bench.run("rm -rf work; mkdir work; sh regress.sh \(program) work")
            #expect(done.lines.last == "432 answers", "\(program)")
        }
    }

    /// Lists of every kind, made anew and by updating, and every key and certificate asked of each.
    ///
    /// Each answer that is expected stands in a table: rows are keys, columns are lists.
    private static let script = """
        set -eu
        keygen=$1
        cd "$2"
        case $keygen in /*) ;; *) keygen=../$keygen ;; esac
        fail() { echo "$*"; exit 1; }
        for ca in ca other; do "$keygen" -q -t ed25519 -N '' -C '' -f $ca; done

        printf 'serial: %s\\n' 1-4 10 15 30 50 999 500 501 502 503-600 700-797 798 799 599-701 \\
            10000-20000 30000-40000 > serials
        echo '# and a remark' >> serials
        for n in 1 2 3 4 10 15 30 50 $(seq 500 799) 999 1000; do echo "id: revoked $n"; done > ids

        revoked="1 4 10 510 999"
        good="5 14 29 800"
        rkeys= rcerts= ukeys= ucerts=
        for n in $revoked $good; do
            case $n in 4|29) type=rsa ;; 10|5) type=ecdsa ;; *) type=ed25519 ;; esac
            "$keygen" -q -t $type -N '' -C '' -f k$n
            "$keygen" -q -s ca -z $n -I "revoked $n" k$n
        done
        for n in $revoked; do rkeys="$rkeys k$n.pub"; rcerts="$rcerts k$n-cert.pub"; done
        for n in $good; do ukeys="$ukeys k$n.pub"; ucerts="$ucerts k$n-cert.pub"; done
        for key in $rkeys; do
            { printf 'sha1: '; cat $key; } >> sha1
            { printf 'sha256: '; cat $key; } >> sha256
            { printf 'hash: '; "$keygen" -lf $key | cut -d' ' -f2; } >> hash
        done

        make() { "$keygen" $options "$@" > /dev/null || fail "make $options $*"; }
        lists() {
            options=$1
            make -kf empty - < /dev/null
            make -kf keys $rkeys
            make -kf certs $rcerts
            make -kf all $rkeys $rcerts
            make -kf ca-key ca.pub
            make -kf of-sha1 sha1
            make -kf of-sha256 sha256
            make -kf of-hash hash
            for spec in serials ids; do
                if "$keygen" $options -kf of-$spec $spec > /dev/null 2>&1; then
                    fail "$spec of no authority"
                fi
            done
            make -kf of-serials -s ca serials
            make -kf of-ids -s ca.pub ids
            make -kf any-serials -s NONE serials
            make -kf any-ids -s none ids
            make -kf of-serials -u -s other serials
        }
        count=0
        ask() {
            expected=$1
            shift
            for list in empty keys all of-sha1 of-sha256 of-hash of-serials of-ids certs ca-key \\
                any-serials any-ids; do
                want=${expected%% *}
                expected=${expected#* }
                status=0
                "$keygen" -Qf $list "$@" > answers || status=$?
                revoked=$(grep -c ': REVOKED$' answers) || true
                case $want$status$revoked in
                y1$#|n00) ;;
                *) fail "$* asked of $list: $status, $revoked revoked" ;;
                esac
                count=$((count + $#))
            done
        }
        ask_all() {
            #    empty keys all sha1 sha256 hash serials ids certs ca any-serials any-ids
            ask "n y y y y y n n n n n n" $rkeys
            ask "n n n n n n n n n n n n" $ukeys
            ask "n y y y y y y y y y y y" $rcerts
            ask "n n n n n n n n n y n n" $ucerts
        }
        lists ''
        ask_all
        for list in keys certs all ca-key of-serials of-ids any-serials any-ids; do
            cp -f empty $list
        done
        lists -u
        ask_all
        echo "$count answers"

        """
}
