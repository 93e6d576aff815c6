#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Makes the vectors beside it anew with the ssh-keygen on the path. The private keys are made in a
# temporary directory and leave with it: nothing in the tests needs them.
#
#   keys/NAME.pub                   a public key of each kind
#   certificates/NAME-cert.pub      taken by the strict parser
#   refused/NAME-cert.pub           sound to ssh-keygen, refused by the strict parser
#   signatures/message, NAME.sig    SSHSIG signatures over one message

set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
rm -rf "$here/keys" "$here/certificates" "$here/refused" "$here/signatures"
mkdir "$here/keys" "$here/certificates" "$here/refused" "$here/signatures"

kinds="rsa2048 rsa3072 rsa4096 ecdsa256 ecdsa384 ecdsa521 ed25519"
make_key() { # name, kind
    case $2 in
    rsa*) set -- "$1" -t rsa -b "${2#rsa}" ;;
    ecdsa*) set -- "$1" -t ecdsa -b "${2#ecdsa}" ;;
    *) set -- "$1" -t "$2" ;;
    esac
    name=$1
    shift
    ssh-keygen -q -N '' -C "$name" -f "$name" "$@"
}
for kind in $kinds; do
    make_key "ca-$kind" "$kind"
    make_key "key-$kind" "$kind"
    cp "ca-$kind.pub" "key-$kind.pub" "$here/keys"
done

# Signs a copy of a key: directory, name, subject, CA, then options of ssh-keygen.
validity=20260101000000Z:20270101000000Z
certify() {
    directory=$1 name=$2 subject=$3 ca=$4
    shift 4
    cp "key-$subject.pub" "$name.pub"
    ssh-keygen -q -s "ca-$ca" "$@" "$name.pub"
    mv "$name-cert.pub" "$here/$directory/"
    rm "$name.pub"
}

serial=0
for ca in $kinds; do
    for subject in $kinds; do
        serial=$((serial + 1))
        certify certificates "user-$subject-by-$ca" "$subject" "$ca" \
            -I "alice-$serial" -n alice,operators -z "$serial" -V "$validity"
    done
    serial=$((serial + 1))
    certify certificates "host-by-$ca" ed25519 "$ca" -h \
        -I "web-$serial" -n web.example.org,192.0.2.7 -z "$serial" -V "$validity"
done
certify certificates rsa-sha2-256 ed25519 rsa3072 -t rsa-sha2-256 \
    -I signed-with-sha-256 -n alice -V "$validity"
certify certificates no-extensions ed25519 ed25519 -O clear -I plain -n alice -V "$validity"
certify certificates every-option ed25519 ed25519 -O no-touch-required -O verify-required \
    -O force-command='/usr/bin/rsync --server "." /srv' \
    -O source-address=192.0.2.0/24,198.51.100.7,2001:db8::/32,::1 \
    -I 'all of them' -n alice -z 18446744073709551615 -V "$validity"
certify certificates for-ever ed25519 ed25519 -I forever -n alice -V always:forever

certify refused no-principals ed25519 ed25519 -I nobody -V "$validity"
certify refused empty-key-id ed25519 ed25519 -I '' -n alice -V "$validity"
certify refused key-id-utf8 ed25519 ed25519 -I 'Zoë' -n alice -V "$validity"
certify refused duplicate-principal ed25519 ed25519 -I twice -n alice,bob,alice -V "$validity"
certify refused unknown-extension ed25519 ed25519 -O extension:login@example.org=alice \
    -I custom -n alice -V "$validity"
certify refused unknown-option ed25519 ed25519 -O critical:only@example.org=friday \
    -I custom -n alice -V "$validity"
certify refused host-extension ed25519 ed25519 -h -O extension:x@example.org=y \
    -I host -n web.example.org -V "$validity"
certify refused host-option ed25519 ed25519 -h -O critical:x@example.org=y \
    -I host -n web.example.org -V "$validity"
certify refused signed-with-sha-1 ed25519 rsa3072 -t ssh-rsa -I old -n alice -V "$validity"

printf 'The words that were signed.\n' >"$here/signatures/message"
for kind in $kinds; do
    ssh-keygen -q -Y sign -f "key-$kind" -n conclave-test-v1 \
        <"$here/signatures/message" >"$here/signatures/$kind.sig" 2>/dev/null
done
ssh-keygen -q -Y sign -f key-ed25519 -n file -O hashalg=sha256 \
    <"$here/signatures/message" >"$here/signatures/sha256.sig" 2>/dev/null
{
    echo "Made by \`generate.sh\` with:"
    echo
    ssh -V 2>&1 | sed 's/^/    /'
} >"$here/README.md"
