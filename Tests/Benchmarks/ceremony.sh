#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# What a ceremony costs: against `ssh-keygen -s` with the same keys on the same token, and in start-up time
# and memory. Both sides take turns, so that what else the machine does falls on both alike.
set -euo pipefail
repository=$(cd -- "$(dirname -- "$0")/../.." && pwd)
# shellcheck source=Tests/Support/workbench.sh
. "$repository/Tests/Support/workbench.sh"
# shellcheck source=Tests/Benchmarks/measuring.sh
. "$repository/Tests/Benchmarks/measuring.sh"

usage() {
    cat <<'EOF'
usage: ceremony.sh [--certificates N] [--rounds N] [--program FILE]

  --certificates  how many keys are certified (1000)
  --rounds        how often each side has its turn (7)
  --program       the conclave that is measured (.build/release/conclave)
EOF
}

certificates=1000 rounds=7 program=$repository/.build/release/conclave
while [ $# -gt 0 ]; do
    case $1 in
    --certificates | --rounds | --program)
        [ $# -ge 2 ] || { usage >&2; exit 64; }
        declare "${1#--}=$2"
        shift 2
        ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 64 ;;
    esac
done

# -- Measuring ------------------------------------------------------------------------------------------

# rate SECONDS: certificates a second.
rate() { awk -v n="$certificates" -v s="$1" 'BEGIN { printf "%.0f", n / s }'; }

# peak COMMAND…: the most memory that it had in its one run, in MiB; needs GNU time.
peak() {
    /usr/bin/time -f %M -o peak "$@" >output 2>&1 </dev/null || { cat output >&2; fail "this failed: $*"; }
    awk '{ printf "%.1f", $1 / 1024 }' peak
}

line() { printf '%-44s %s\n' "$1" "$2"; }

# -- The two sides --------------------------------------------------------------------------------------

# Each round finds its own files ready, with all approvals and no certificate, and its own copy of the
# token: the one of another round knows of certificates that this round's home has not made. Nothing is
# removed between rounds: file systems such as ext4 are slow to make files where many were just removed.
make_ready() {
    mkdir "outbox-$1" "people-$1"
    cp -a approved "ca-$1"
    cp -a tokens "tokens-$1"
    cp people/*.pub "people-$1/"
}

ceremony() { sign_batch 1 "ca-$1" "outbox-$1"; }

keygen() {
    ssh-keygen -q -s users.pub -D "$module" -I bench -n alice -V +7d -z +1 "people-$1"/*.pub
}

open_workbench "$program"
found_home
printf 'making %d keys and requests …\n' "$certificates" >&2
make_requests "$certificates"
printf '#!/bin/sh\ncat "%s/pin"\n' "$bench" >askpass
chmod +x askpass
export SSH_ASKPASS=$bench/askpass SSH_ASKPASS_REQUIRE=force

seconds conclave intake --home ca --spool spool
intake=$took
seconds conclave batch new --home ca
draft=$took
seconds conclave approve --home ca 1 --key officers/olivia
approve=$took
conclave approve --home ca 1 --key officers/pierre >/dev/null
mv ca approved

for round in $(seq 0 "$rounds"); do make_ready "$round"; done
sync
printf 'taking %d turns …\n' "$rounds" >&2
ours=() theirs=() ratios=() signing=()
for round in $(seq 1 "$rounds"); do
    use_tokens "tokens-$round"
    # Who begins changes with each round.
    if [ $((round % 2)) -eq 1 ]; then sides="ceremony keygen"; else sides="keygen ceremony"; fi
    for side in $sides; do
        seconds "$side" "$round"
        case $side in
        ceremony)
            mine=$took
            signing+=("$(sed -n 's/^signed .* in \(.*\) s$/\1/p' output)")
            ;;
        keygen) other=$took ;;
        esac
    done
    [ "$(find "outbox-$round/conclave-0001/certificates" -name '*-cert.pub' | wc -l)" -eq "$certificates" ] ||
        fail "the ceremony did not hand out $certificates certificates"
    [ "$(find "people-$round" -name '*-cert.pub' | wc -l)" -eq "$certificates" ] ||
        fail "ssh-keygen did not make $certificates certificates"
    ours+=("$mine")
    theirs+=("$other")
    ratios+=("$(awk -v a="$mine" -v b="$other" 'BEGIN { printf "%.2f", a / b }')")
done

seconds conclave ledger verify --home ca-1
verify=$took

line "certificates, CA key P-256 on SoftHSM" "$certificates"
line "conclave sign, whole ceremony with bundle" \
    "$(median "${ours[@]}") s, $(rate "$(median "${ours[@]}")") a second ($(range "${ours[@]}") s)"
line "of it: signed, verified and recorded in" "$(median "${signing[@]}") s ($(range "${signing[@]}") s)"
line "ssh-keygen -s -D, one call" \
    "$(median "${theirs[@]}") s, $(rate "$(median "${theirs[@]}")") a second ($(range "${theirs[@]}") s)"
line "conclave against ssh-keygen, median of ratios" "$(median "${ratios[@]}") ($(range "${ratios[@]}"))"
line "conclave intake" "$intake s"
line "conclave batch new" "$draft s"
line "conclave approve" "$approve s"
line "conclave ledger verify" "$verify s"

times=()
for round in $(seq 1 40); do
    seconds conclave --help
    times+=("$took")
done
line "conclave --help, start to end" "$(median "${times[@]}") s ($(range "${times[@]}") s)"
if [ -x /usr/bin/time ]; then
    line "conclave --help, peak memory" "$(peak conclave --help) MiB"
    use_tokens tokens-0
    line "conclave sign, peak memory" \
        "$(peak conclave sign --home ca-0 1 --module "$module" --outbox outbox-0 \
            --seal-with officers/quinn --pin-fd 3 3<pin) MiB"
else
    line "peak memory" "not measured: there is no /usr/bin/time (Debian package time)"
fi
