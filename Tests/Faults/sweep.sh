#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Ends or fails `conclave` at each of its durable calls in turn, runs the same command line again, and
# looks whether everything is there exactly once. It prints how many points it tried.
set -euo pipefail
repository=$(cd -- "$(dirname -- "$0")/../.." && pwd)
# shellcheck source=Tests/Support/workbench.sh
. "$repository/Tests/Support/workbench.sh"

usage() {
    cat <<'EOF'
usage: sweep.sh [--scene NAME] [--effect EFFECT] [--call CALL] [--from N] [--step N] [--jobs N]
                [--program FILE] [--helpers DIR]

  --scene    sign (the ceremony of a batch, the default), abandon (the end of one that was
             interrupted), intake, draft, approve, found
  --effect   what happens at the point: kill (the default), torn, or the name of an errno
  --call     which calls are points: any (the default), pwrite, fdatasync, rename, …
  --from     the first point (1)
  --step     from there on, each Nth point (1)
  --jobs     points that are tried side by side (the number of processors)
  --program  the conclave that is tried (.build/debug/conclave)
  --helpers  where Tests/Support/build.sh put faults.so (made anew where it is not given)
EOF
}

scene=sign effect=kill call=any from=1 step=1 jobs=$(nproc) helpers=
program=$repository/.build/debug/conclave
count=70
while [ $# -gt 0 ]; do
    case $1 in
    --scene | --effect | --call | --from | --step | --jobs | --program | --helpers)
        [ $# -ge 2 ] || { usage >&2; exit 64; }
        declare "${1#--}=$2"
        shift 2
        ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 64 ;;
    esac
done
case $scene in sign | abandon | intake | draft | approve | found) ;; *) usage >&2; exit 64 ;; esac

# -- The scenes: what stands before, the command line, and how its second run may end ------------------

prepare() {
    [ "$scene" != found ] || { found_home quinn; return 0; }
    found_home
    [ "$scene" != intake ] || { make_requests 20 1; return 0; }
    case $scene in sign | abandon) make_requests "$count" 1 ;; *) make_requests 20 1 ;; esac
    conclave intake --home ca --spool spool >/dev/null
    [ "$scene" != draft ] || return 0
    conclave batch new --home ca >/dev/null
    case $scene in sign | abandon) approve_batch 1 ;; esac
    [ "$scene" = abandon ] || return 0
    interrupt 1
    conclave batch abandon --home ca 1 --reason 'the token is dead' >/dev/null
    approve_batch 2
    rm -rf outbox/* tmp/*
}

# interrupt NUMBER: a ceremony that is killed when some of its certificates are recorded, not all.
interrupt() {
    local point
    for point in $(seq 1 40); do
        (
            export CONCLAVE_FAULT=fdatasync:$point:kill CONCLAVE_FAULT_PROGRAM=conclave
            export LD_PRELOAD=$helpers/faults.so
            sign_batch "$1"
        ) >/dev/null 2>&1 && fail "the ceremony was not interrupted"
        conclave batch list --home ca --json | grep -q '"issued":0,' || return 0
    done
    fail "no certificate was recorded"
}

act() {
    case $scene in
    sign) sign_batch 1 ;;
    abandon) conclave sign --home ca 2 --outbox outbox --seal-with officers/quinn ;;
    intake) conclave intake --home ca --spool "$bench/spool" ;;
    draft) conclave batch new --home ca ;;
    approve) conclave approve --home ca 1 --key "$bench/officers/olivia" ;;
    found) conclave init --home ca --key "$bench/officers/quinn" ;;
    esac
}

# The second run does the work, or says in this way that it was done.
is_done() {
    case $scene:$1 in
    *:0) true ;;
    sign:3 | abandon:3) grep -q '(BATCH-CLOSED)$' again ;;
    intake:3) grep -q '(REQUEST-REPLAY)$' again ;;
    draft:4) grep -q '^no admitted request waits' again ;;
    approve:3) grep -q '(APPROVAL-TWICE)$' again ;;
    found:1) grep -q 'there is a home at "ca" already$' again ;;
    *) false ;;
    esac
}

# Everything is there exactly once.
inspect() {
    conclave ledger verify --home ca >verified 2>&1 || return 1
    [ "$scene" = sign ] ||
        conclave ledger show --home ca | awk '{ print $3 }' | sort | uniq -c >kinds
    case $scene in
    sign)
        [ "$(ls -A outbox)" = conclave-0001 ] && [ -e outbox/conclave-0001/COMPLETE ] &&
            (cd outbox/conclave-0001 && sha256sum --quiet --strict -c SHA256SUMS) &&
            cat outbox/conclave-0001/certificates/user/*-cert.pub >certificates &&
            ssh-keygen -L -f certificates | sed -n 's/^ *Serial: //p' | sort -n >serials &&
            seq "$count" | cmp - serials && [ -z "$(ls tmp)" ] &&
            grep -q ", $count certificates, 1 checkpoints\$" verified
        ;;
    abandon)
        [ "$(ls -A outbox | tr '\n' ' ')" = 'conclave-0001 conclave-0002 ' ] && sound conclave-0001 &&
            sound conclave-0002 && [ "$(ls outbox/conclave-0001/certificates/user | wc -l)" = 64 ] &&
            has 2 ceremony-opened && has 2 ceremony-closed && has 1 krl && has 64 issued &&
            [ -z "$(ls tmp)" ] && grep -q ", 64 certificates, 2 checkpoints\$" verified
        ;;
    intake) has 20 request ;;
    draft) has 1 batch && conclave batch show ca/batches/0001.batch >/dev/null ;;
    approve) has 1 approval ;;
    found) has 1 genesis ;;
    esac
}

# sound BUNDLE: a bundle in the outbox is whole.
sound() {
    [ -e "outbox/$1/COMPLETE" ] && (cd "outbox/$1" && sha256sum --quiet --strict -c SHA256SUMS)
}

# has NUMBER KIND: the ledger has so many entries of this kind.
has() { grep -qx " *$1 $2" kinds; }

# -- The sweep ------------------------------------------------------------------------------------------

# faulty POINT|LOG: the command line with a fault at a point, or with a log of its calls.
faulty() (
    case $1 in
    [0-9]*) export CONCLAVE_FAULT=$call:$1:$effect ;;
    *) export CONCLAVE_FAULT_LOG=$1 ;;
    esac
    export CONCLAVE_FAULT_PROGRAM=conclave LD_PRELOAD=$helpers/faults.so
    act
)

# try POINT: in a directory of its own.
try() {
    local status=0 point=$bench/points/$1
    mkdir -p "$point/outbox" "$point/tmp"
    cd "$point"
    export TMPDIR=$point/tmp
    use_tokens tokens
    cp -a "$bench/before/." .
    # Through a pipe: what goes to the screen is no durable call.
    faulty "$1" 2>&1 | cat >first || status=$?
    # A killed program leaves its temporary files, as does one that cannot remove them. Two runs need
    # not make the same number of calls to the last one: a point may lie beyond the end.
    rm -rf tmp/*
    case $effect:$status in
    kill:137 | torn:137) ;;
    kill:0 | torn:0) echo "$1" >>"$bench/beyond" ;;
    kill:* | torn:* | *:[2-9] | *:??*)
        complain "$1" "it ended with status $status"
        return 1
        ;;
    esac
    # What SoftHSM writes is another's care: it stands as before.
    rm -rf tokens && cp -a "$bench/before/tokens" .
    status=0
    act >again 2>&1 || status=$?
    is_done "$status" || { complain "$1" "the second run ended with $status"; return 1; }
    inspect || { complain "$1" "something is not as it must be"; return 1; }
    cd "$bench"
    rm -rf "$point"
}

complain() {
    printf '\n%s, %s %s of %s: %s\n' "$scene" "$effect" "$1" "$call" "$2"
    for name in first again verified kinds; do
        [ ! -f $name ] || sed "s/^/  $name: /" $name
    done
} >&2

open_workbench "$program"
if [ -z "$helpers" ]; then
    helpers=$bench/helpers
    sh "$repository/Tests/Support/build.sh" "$helpers"
fi
helpers=$(cd -- "$helpers" && pwd)
cd "$bench"
prepare
mkdir before points
: >beyond
for name in ca ca.genesis tokens pin; do [ ! -e $name ] || cp -a $name before/; done
ln -s "$bench/officers" before/officers

# Once without a fault, on copies: how many points there are.
cp -a before unharmed
cd unharmed
mkdir outbox
use_tokens tokens
faulty "$bench/calls" 2>&1 | cat >first || { cat first >&2; fail "the command line fails without a fault"; }
cd "$bench"
points=$(awk -v call="$call" '$1 == call { print $2 }' calls)
[ "${points:-0}" -gt 0 ] || fail "the command line makes no call $call"

workers=()
for worker in $(seq 0 $((jobs - 1))); do
    (
        trap - EXIT
        for point in $(seq $((from + worker * step)) $((jobs * step)) "$points"); do
            try "$point" || exit 1
        done
    ) &
    workers+=($!)
done
sound=true
for worker in "${workers[@]}"; do wait "$worker" || sound=false; done
$sound || fail "the sweep stopped at the point that is named above"
beyond=$(wc -l <beyond)
[ "$beyond" -le 3 ] || fail "$beyond points were not reached"
printf '%s, %s at %s: %d of %d points tried, everything there exactly once\n' \
    "$scene" "$effect" "$call" $(((points - from + step) / step - beyond)) "$points"
