#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Holds two small ceremonies on a SoftHSM token and writes what comes out into the pages of Docs/Formats:
# each block that begins with ```text file=NAME gets the file of that name. Run it when a format changes.
# The policy comes from its page; everything else is made anew, so that all examples change together, but for a few
# that stand by themselves and are named at the end.

set -eu
umask 022
cd "$(dirname "$0")/../.."
pages=$PWD/Docs/Formats
PATH=${BUILD_PATH:-$PWD/.build}/${CONFIGURATION:-release}:$PATH
export PATH

module=/usr/lib/softhsm/libsofthsm2.so
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM

# Writes the block of this name on a page to standard output.
block() {
    awk -v name="file=$2" '/^```/ { inside = !inside && $2 == name; next } inside' "$pages/$1"
}

block Policy.md policy.yaml >"$work/policy.yaml"
cd "$work"
mkdir token spool outbox
printf 'directories.tokendir = %s/token\nobjectstore.backend = file\nlog.level = ERROR\n' "$work" >softhsm2.conf
export SOFTHSM2_CONF="$work/softhsm2.conf"
unset SSH_AUTH_SOCK SSH_ASKPASS
echo 493817 >pin
softhsm2-util --init-token --free --label ca --pin 493817 --so-pin 98127643 >log

# play COMMAND...: runs it; its words are shown only where it fails.
play() {
    status=0
    "$@" >>log 2>&1 3<pin || status=$?
    case $status in
    0 | "$allowed") ;;
    *) cat log >&2; echo "make-examples: status $status: $*" >&2; exit 1 ;;
    esac
}
allowed=0

for kind in users:ecdsa-p256 hosts:ed25519; do
    name=${kind%%:*}
    play conclave token generate --module "$module" --token pkcs11:token=ca --kind "${kind#*:}" \
        --label "$name" --output "$name" --pin-fd 3
done
for name in olivia pavel quinn wim alice eve; do
    play ssh-keygen -q -t ed25519 -N '' -C "$name@example.org" -f "$name"
done
play ssh-keygen -q -t ecdsa -N '' -C web1 -f web1

key() { cut -d ' ' -f 1,2 "$1.pub"; }
cat >roster.yaml <<YAML
conclave-roster: 1

officers:
  - name: Olivia Lind
    accounts: [olivia, olivia@example.org]
    keys:
      - $(key olivia)
  - name: Pavel Novák
    accounts: [pavel, pavel@example.org]
    keys:
      - $(key pavel)
  - name: Quinn Okafor
    accounts: [quinn, quinn@example.org]
    keys:
      - $(key quinn)

witnesses:
  - name: Wim Peeters
    keys:
      - $(key wim)

thresholds:
  routine: 2
  revocation: 1

bundle-signatures: 1
YAML

play conclave init --home home --policy policy.yaml --roster roster.yaml \
    --ca-key users@example.org=users.token --ca-key hosts@example.org=hosts.token
for name in olivia pavel quinn; do play conclave init --home home --key "$name"; done

play conclave request new --authority users@example.org --profile staff --principal alice \
    --validity 7d --option source-address=192.0.2.0/24 --requester 'Alice Arden <alice@example.org>' \
    --purpose 'deploying to the web servers' --key alice --output spool/alice.req
play conclave request new --authority users@example.org --profile staff --principal root \
    --key eve --output spool/eve.req
play conclave request new --authority hosts@example.org --profile servers --type host \
    --principal web1.example.org --requester ops@example.org \
    --renewable-until "$(date -u -d '+1 year' +%Y-%m-%dT00:00:00Z)" --key web1 --output spool/web1.req
allowed=3
play conclave intake --home home --spool spool
allowed=0

sign() { play conclave sign --home home "$1" --module "$module" --outbox outbox --seal-with quinn --pin-fd 3; }
play conclave batch new --home home
play conclave approve --home home 1 --key olivia
play ssh-keygen -q -Y sign -f pavel -n conclave-batch-v1 home/batches/0001.batch
play conclave approve --home home 1 --signature home/batches/0001.batch.sig
sign 1
play conclave revoke --home home --authority users@example.org --serial 1 --reason 'laptop lost'
play conclave approve --home home 2 --key pavel
sign 2
play conclave ledger verify --home home

# Each entry in a file of its own, as the pages show them.
mkdir examples
cp -r outbox/conclave-0001/. examples
cp -r outbox/conclave-0002 examples/second
number=0
for bundle in examples examples/second; do
    mkdir $bundle/entries
    cat $bundle/audit/entries/*.txt | csplit -s -z -f entry. - '/^conclave-entry: v1$/' '{*}'
    for entry in entry.*; do
        mv "$entry" "$bundle/entries/$(printf %08d $number).txt"
        number=$((number + 1))
    done
done

# A rejection of the first batch, as it could have come instead of its ceremony.
digest() { sha256sum <"$1" | cut -c 1-64; }
first=outbox/conclave-0001
time=$(sed -n 's/^time: //p' examples/entries/00000006.txt)
reason='web1 moves to another rack this week; ask again when it has'
printf 'conclave-rejection: v1\ngenesis: %s\nbatch: %s\ncreated: %s\nreason: %s\n' \
    "$(digest $first/audit/genesis.txt)" "$(digest $first/audit/batch.txt)" "$time" "$reason" >rejection.txt
play ssh-keygen -q -Y sign -f quinn -n conclave-rejection-v1 rejection.txt
printf 'conclave-entry: v1\nindex: 7\ntime: %s\nkind: rejection\n\n' "$time" >rejection-entry.txt
printf 'batch: %s\nofficer: Quinn Okafor\nreason: %s\ntext: %s\nsignature: %s\n' \
    "$(digest $first/audit/batch.txt)" "$reason" "$(digest rejection.txt)" \
    "$(digest rejection.txt.sig)" >>rejection-entry.txt

# What the first ceremony would have recorded, had it gone on with a copy of its second token: the page says which.
opened=examples/entries/00000007.txt
{
    printf 'conclave-entry: v1\nindex: 10\n'
    grep '^time: ' $opened
    printf 'kind: token\n\n'
    sed -n '/^batch: /,/^tool: /p' $opened
    printf '\n'
    grep '^ca-key: ssh-ed25519 ' $opened
    block LedgerEntry.md token-entry.txt | sed -n '/^token: /,$p'
} >token-entry.txt

# What a command records that was given --today after a long rest.
last=$(sed -n 's/^time: //p' examples/second/entries/00000017.txt)
later=$(date -u -d "$last + 160 days" +%Y-%m-%dT%H:%M:%SZ)
printf 'conclave-entry: v1\nindex: 18\ntime: %s\nkind: exception\n\nrule: CLOCK-AHEAD\n' "$later" >exception-entry.txt
printf 'message: the clock says %s, more than 90d after the last ledger entry, %s; %s was confirmed by hand\n' \
    "$later" "$last" "${later%T*}" >>exception-entry.txt

conclave ledger prove --home home --authority users@example.org --serial 1 \
    --size "$(sed -n 2p $first/audit/checkpoint.txt)" >alice.tlog-proof
conclave ledger prove --home home --from "$(sed -n 2p $first/audit/checkpoint.txt)" >growth.proof

# The names under which the pages show the files: the first bundle is the folder that they speak of.
for bundle in examples examples/second; do
    state=$(sed -n 's/^state: //p' $bundle/audit/entries/*.txt)
    cp "$bundle/audit/contents/$state" "$bundle/state.txt"
done
cp spool/alice.req spool/web1.req users.token policy.yaml roster.yaml rejection.txt rejection.txt.sig \
    rejection-entry.txt exception-entry.txt token-entry.txt alice.tlog-proof growth.proof examples

for page in "$pages"/*.md; do
    awk -v from="$work/examples/" -v page="$page" '
        /^```/ && inside { inside = 0; skip = 0 }
        /^```/ && !closing {
            print
            closing = 1
            if ($2 ~ /^file=/ && $2 !~ /=(attested-entry|revocations).txt$/) {
                file = from substr($2, 6)
                count = 0
                while ((getline line <file) > 0) { print line; count++ }
                close(file)
                if (!count) print "left as it is: " substr($2, 6) > "/dev/stderr"
                skip = count
            }
            next
        }
        /^```/ { closing = 0; skip = 0 }
        !skip { print }
    ' "$page" >"$work/page"
    cat "$work/page" >"$page"
done
echo "examples written into $pages"
