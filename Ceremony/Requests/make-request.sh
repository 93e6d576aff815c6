#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Makes a certificate request for Conclave with nothing but a POSIX shell and OpenSSH 8.1 or later:
# a short text, and the signature of the key that is to be certified. Both can be made by hand too.

set -u
umask 077
LC_ALL=C
export LC_ALL

namespace=conclave-request-v1

usage() {
    cat <<'TEXT'
usage: make-request.sh -a AUTHORITY -p PROFILE -n PRINCIPAL [-n PRINCIPAL]... [-t user|host]
                       [-v VALIDITY] [-o OPTION]... [-r REQUESTER] [-u PURPOSE]
                       [-w RENEWABLE-UNTIL] [-f OUT] KEY.pub

  -a  the authority that is asked, as it calls itself: users@example.org
  -p  the profile of its policy that the certificate is to have: staff
  -n  an account to log in to, or a name of the host; repeat it for more
  -t  user (without -t) or host
  -v  how long: 30s 5m 12h 7d 4w, or two times FROM/TO; without -v what the profile gives
  -o  an option: force-command=/usr/bin/true; repeat it for more
  -r  who asks: 'Alice Example <alice@example.org>'
  -u  what for, in words for the officers
  -w  hosts: the key may be certified again until this time: 2027-11-22T00:00:00Z
  -f  the file to write, which must not exist; without -f the request goes to standard output

KEY.pub is the public key. The private key is KEY beside it, or in the agent.

example: make-request.sh -a users@example.org -p staff -n alice -f alice.req ~/.ssh/id_ed25519.pub
TEXT
}

# Says what is wrong, with a hint on a line of its own, and ends.
fail() {
    printf 'make-request: %s\n' "$1" >&2
    if [ $# -gt 1 ]; then printf 'hint: %s\n' "$2" >&2; fi
    exit 1
}

misused() {
    printf 'make-request: %s\n' "$1" >&2
    printf 'hint: make-request.sh -h shows the usage\n' >&2
    exit 2
}

# A value is one line, with something in it and no space at its ends.
check_line() {
    case $2 in
    '') misused "$1 is empty" ;;
    *[[:cntrl:]]*) misused "$1 holds a line end or another control character" ;;
    ' '* | *' ') misused "$1 begins or ends with a space" ;;
    esac
}

check_ascii() {
    check_line "$1" "$2"
    case $2 in
    *[!\ -~]*) misused "$1 \"$2\" holds a character that is not ASCII" ;;
    esac
}

check_utf8() {
    check_line "$1" "$2"
    if command -v iconv >/dev/null 2>&1; then
        printf '%s' "$2" | iconv -f UTF-8 -t UTF-8 >/dev/null 2>&1 ||
            misused "$1 is not UTF-8"
    fi
}

newline='
'
authority='' profile='' principals='' type=user validity='' options='' requester='' purpose=''
renewable='' out=''

if [ "${1-}" = --help ]; then
    usage
    exit 0
fi
while getopts ':a:p:n:t:v:o:r:u:w:f:h' letter; do
    case $letter in
    a) check_ascii 'the authority' "$OPTARG" && authority=$OPTARG ;;
    p) check_ascii 'the profile' "$OPTARG" && profile=$OPTARG ;;
    n) check_ascii 'the principal' "$OPTARG" &&
        principals="${principals}principal: $OPTARG$newline" ;;
    t) type=$OPTARG ;;
    v) check_ascii 'the validity' "$OPTARG" && validity=$OPTARG ;;
    o) check_ascii 'the option' "$OPTARG" && options="${options}option: $OPTARG$newline" ;;
    r) check_utf8 'the requester' "$OPTARG" && requester=$OPTARG ;;
    u) check_utf8 'the purpose' "$OPTARG" && purpose=$OPTARG ;;
    w) renewable=$OPTARG ;;
    f) out=$OPTARG ;;
    h)
        usage
        exit 0
        ;;
    :) misused "-$OPTARG needs a value" ;;
    *) misused "-$OPTARG is not an option" ;;
    esac
done
shift $((OPTIND - 1))

[ -n "$authority" ] || misused 'the authority (-a) is missing'
[ -n "$profile" ] || misused 'the profile (-p) is missing'
[ -n "$principals" ] || misused 'at least one principal (-n) is needed'
[ $# -gt 0 ] || misused 'the public key (KEY.pub) is missing'
[ $# -eq 1 ] || misused "one public key is taken, and $# are given"
case $type in
user | host) ;;
*) misused "-t \"$type\" is neither user nor host" ;;
esac
case $renewable in
'' | [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z) ;;
*) misused "-w \"$renewable\" is not a time such as 2027-11-22T00:00:00Z" ;;
esac
[ -z "$renewable" ] || [ "$type" = host ] || misused '-w is for hosts (-t host)'
if [ -n "$out" ] && { [ -e "$out" ] || [ -L "$out" ]; }; then
    fail "\"$out\" exists and is not overwritten"
fi

public=$1
[ -f "$public" ] || fail "\"$public\" is not a file"
[ -r "$public" ] || fail "\"$public\" cannot be read"
algorithm='' blob=''
read -r algorithm blob _ <"$public" || [ -n "$algorithm" ] || fail "\"$public\" is empty"
# A file from Windows may end its lines with CR LF.
blob=$(printf '%s' "$blob" | tr -d '\r')
case $algorithm in
ssh-ed25519 | ssh-rsa | ecdsa-sha2-nistp256 | ecdsa-sha2-nistp384 | ecdsa-sha2-nistp521) ;;
sk-ssh-ed25519@openssh.com | sk-ecdsa-sha2-nistp256@openssh.com) ;;
*-cert-v01@openssh.com) fail "\"$public\" is a certificate, not a public key" ;;
*)
    fail "\"$public\" is not a public key that OpenSSH certifies" \
        'give the file that ends in .pub'
    ;;
esac
case $blob in
'' | *[!A-Za-z0-9+/=]*) fail "\"$public\" is not a public key: its base64 is damaged" ;;
esac

# The private key beside it, or the public one, by which ssh-keygen asks the agent.
key=${public%.pub}
[ -f "$key" ] || key=$public

nonce=$(od -An -N16 -tx1 /dev/urandom | tr -cd 0-9a-f)
[ ${#nonce} -eq 32 ] || fail '/dev/urandom gave no 16 bytes'
created=$(date -u +%Y-%m-%dT%H:%M:%SZ) || fail 'the time is not known'

work=${TMPDIR:-/tmp}/conclave-request-$nonce
trap 'rm -rf "$work"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir "$work" || fail "\"$work\" cannot be made"

# Adds a line to the text, where there is a value.
text=''
add() {
    if [ -n "$2" ]; then text="$text$1: $2$newline"; fi
}
add conclave-request v1
add authority "$authority"
add type "$type"
add public-key "$algorithm $blob"
text=$text$principals
add profile "$profile"
add validity "$validity"
text=$text$options
add created "$created"
add nonce "$nonce"
add requester "$requester"
add purpose "$purpose"
add renewable-until "$renewable"
printf '%s' "$text" >"$work/text" || fail "\"$work/text\" cannot be written"

# Standard input stays the terminal, for a passphrase or a PIN.
ssh-keygen -q -Y sign -f "$key" -n "$namespace" "$work/text" >&2 ||
    fail 'ssh-keygen did not sign' \
        "the private key must be \"${public%.pub}\" or in the agent, and OpenSSH 8.1 or later"
[ -s "$work/text.sig" ] || fail 'ssh-keygen wrote no signature'

# The file beside the public key may be another key's.
printf '%s %s\n' "$algorithm" "$blob" >"$work/key.pub"
fingerprint=$(ssh-keygen -l -E sha256 -f "$work/key.pub" | cut -d ' ' -f 2)
verdict=$(ssh-keygen -Y check-novalidate -n "$namespace" -s "$work/text.sig" <"$work/text") ||
    fail 'the signature is not good'
case $fingerprint in
SHA256:?*) ;;
*) fail "\"$public\" is not a public key that ssh-keygen reads" ;;
esac
case $verdict in
*" key $fingerprint") ;;
*) fail "the signature is by another key than \"$public\"" "is \"$key\" its private key?" ;;
esac

cat "$work/text" "$work/text.sig" >"$work/request" || fail "\"$work/request\" cannot be written"
if [ -z "$out" ]; then
    cat "$work/request" || fail 'standard output cannot be written'
    exit 0
fi
# With noclobber the shell itself refuses a file that has come into being meanwhile.
(
    set -C
    : >"$out"
) || fail "\"$out\" cannot be made"
cat "$work/request" >"$out" || {
    rm -f -- "$out"
    fail "\"$out\" cannot be written"
}
