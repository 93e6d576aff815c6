#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# usage: prepare.sh SCENE ITEMS CONCLAVE HELPERS DIR
#
# Makes what stands before the command line of a scene: the home, the token, officers, a spool. All of it
# comes into the new directory DIR, from where each point takes a copy.
set -euo pipefail
repository=$(cd -- "$(dirname -- "$0")/../.." && pwd)
# shellcheck source=Tests/Support/workbench.sh
. "$repository/Tests/Support/workbench.sh"

[ $# -eq 5 ] || fail "usage: prepare.sh SCENE ITEMS CONCLAVE HELPERS DIR"
scene=$1 items=$2 helpers=$4 target=$5
open_workbench "$3"
cd "$bench"

# killed CALL:NUMBER COMMAND...: runs it up to that call, which does not happen.
killed() (
    export CONCLAVE_FAULT=$1:kill CONCLAVE_FAULT_PROGRAM=conclave LD_PRELOAD=$helpers/faults.so
    shift
    "$@" >/dev/null 2>&1
)

# interrupt NUMBER: a ceremony that is killed when some of its certificates are recorded, not all.
interrupt() {
    local point
    for point in $(seq 1 40); do
        killed "fdatasync:$point" sign_batch "$1" && fail "the ceremony was not interrupted"
        conclave batch list --home ca --json | grep -q '"issued":0,' || return 0
    done
    fail "no certificate was recorded"
}

# A batch that quorum has approved.
approved() {
    found_home
    make_requests "$items" 1
    conclave intake --home ca --spool spool >/dev/null
    conclave batch new --home ca >/dev/null
    approve_batch 1
}

case $scene in
begin)
    found_home
    rm -r ca ca.genesis
    ;;
found) found_home quinn ;;
intake)
    found_home
    make_requests "$items" 1
    ;;
draft | approve)
    found_home
    make_requests "$items" 1
    conclave intake --home ca --spool spool >/dev/null
    [ "$scene" = draft ] || conclave batch new --home ca >/dev/null
    ;;
sign) approved ;;
recover | rebuild)
    approved
    cp -r ca before
    conclave ledger checkpoint --home ca | sed -n '1s,.*/,,p' >identity
    sign_batch 1 >/dev/null
    mv outbox/conclave-0001 spool/
    rm -r ca
    if [ "$scene" = recover ]; then mv before ca; fi
    ;;
release)
    approved
    killed mkdir:2 sign_batch 1 && fail "the bundle was not interrupted"
    ;;
export)
    approved
    sign_batch 1 >/dev/null
    ;;
witness)
    # Seen once, when there was no ceremony yet; and asked for a second time.
    approved
    conclave ledger export --home ca early --sign-with officers/quinn >/dev/null
    conclave ledger witness early --memory officers/memory --key officers/olivia --output early.sig \
        --genesis "$(conclave ledger checkpoint --home ca | sed -n '1s,.*/,,p')" >/dev/null
    sign_batch 1 >/dev/null
    rm -r outbox/conclave-0001
    conclave ledger export --home ca spool/ledger --sign-with officers/quinn >/dev/null
    ;;
abandon | end)
    # Several groups, so that there is a moment when some are recorded.
    [ "$items" -ge 200 ] || items=200
    approved
    interrupt 1
    [ "$scene" = end ] || {
        conclave batch abandon --home ca 1 --reason 'the token is dead' >/dev/null
        approve_batch 2
    }
    ;;
*) fail "there is no scene $scene" ;;
esac

mkdir "$target" "$target/tmp" "$target/outbox"
for name in ca ca.genesis identity policy.yaml roster.yaml users.token users.pub tokens officers spool pin; do
    [ ! -e "$name" ] || mv "$name" "$target/"
done
printf '%s\n' "$module" >"$target/module"
