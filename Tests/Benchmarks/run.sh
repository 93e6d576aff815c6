#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# How fast and how small Conclave is, beside ssh-keygen and libcrypto: all that is compared takes turns in one
# run, so that what else the machine does falls on both sides alike, and the figures are ratios. Ends with a
# table; exit status 2 where a goal is missed.
set -euo pipefail
repository=$(cd -- "$(dirname -- "$0")/../.." && pwd)
# shellcheck source=Tests/Benchmarks/measuring.sh
. "$repository/Tests/Benchmarks/measuring.sh"
# shellcheck source=Tests/Benchmarks/revocation.sh
. "$repository/Tests/Benchmarks/revocation.sh"
# shellcheck source=Tests/Benchmarks/ledger.sh
. "$repository/Tests/Benchmarks/ledger.sh"

usage() {
    cat <<EOF
usage: run.sh [--only NAME]… [--quick] [--rounds N] [--certificates N] [--programs FOLDER] [--bench FILE]

  --only          one of: ${all[*]}
  --quick         small sets and few turns
  --rounds        how often each side has its turn (7)
  --certificates  how many the large ledger has (100000)
  --programs      where conclave, conclave-verify and home-maker are (.build/release)
  --bench         conclave-bench (.build/bench/release/conclave-bench)
EOF
}

all=(parse verify directory krl-any krl-sparse krl-dense krl-key-ids ceremony tokens card ledger)
chosen=() quick='' rounds=7 certificates=''
programs=$repository/.build/release bench=$repository/.build/bench/release/conclave-bench
while [ $# -gt 0 ]; do
    case $1 in
    --quick)
        quick=1 rounds=3
        shift
        ;;
    --only | --rounds | --certificates | --programs | --bench)
        [ $# -ge 2 ] || { usage >&2; exit 64; }
        case $1 in
        --only)
            case " ${all[*]} " in *" $2 "*) ;; *) usage >&2; exit 64 ;; esac
            chosen+=("$2")
            ;;
        *) declare "${1#--}=$2" ;;
        esac
        shift 2
        ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 64 ;;
    esac
done
[ ${#chosen[@]} -gt 0 ] || chosen=("${all[@]}")

# few N: a tenth of it where it has to be quick.
few() { if [ -z "$quick" ]; then echo "$1"; else echo $(($1 / 10)); fi; }

# -- What is measured -----------------------------------------------------------------------------------

parse() { "$bench" parse "$rounds" >>table; }

verify() { "$bench" verify $((rounds * 3)) >>table; }

# conclave-verify over a folder, against libcrypto that verifies signatures and does nothing else: by the clock,
# and by the time of the cores, which others on the machine do not touch.
directory() {
    local count less turn rate each user system full small ours=() theirs=() ratios=() mine=() base=() shares=()
    count=$(few 100000)
    less=$((count / 10))
    mkdir many few
    "$bench" certificates "$count" many
    "$bench" certificates "$less" few
    "$bench" authority ca.pub
    for turn in $(seq "$rounds"); do
        read -r rate each < <("$bench" rate 20000)
        seconds /usr/bin/time -f '%U %S %M' -o spent conclave-verify certificate "${judging[@]}" many
        read -r user system full <spent
        theirs+=("$rate") base+=("$each")
        ours+=("$(calc "$count / $took" %.0f)")
        mine+=("$(calc "($user + $system) / $count * 1e6" %.1f)")
        ratios+=("$(calc "$count / $took / $rate" %.2f)")
        shares+=("$(calc "$each / ${mine[-1]}" %.2f)")
    done
    row "verify a folder of $count certificates" "$(median "${ours[@]}") a second" \
        "libcrypto $(median "${theirs[@]}") a second" "${ratios[*]}" '' '' \
        "0.8 x" "$(median "${ratios[@]}") >= 0.8"
    row "  a core's time for one" "$(median "${mine[@]}") us" "libcrypto $(median "${base[@]}") us" \
        "${shares[*]}" '' '' "0.8 x" "$(median "${shares[@]}") >= 0.8"
    small=$(peak conclave-verify certificate "${judging[@]}" few)
    row "  its memory, beside that for $less" "$(calc "$full / 1024" %.1f) MiB" \
        "$(calc "$small / 1024" %.1f) MiB" '' '' \
        "$(calc "($full - $small) * 1024 / ($count - $less)" %.1f) B" \
        "names alone, < 80 B each" "($full - $small) * 1024 < 80 * ($count - $less)"
    rm -r many few
}

# How the certificates are judged: by their authority, and at a time when they are valid.
judging=(--ca ca.pub --at 2026-06-01T00:00:00Z)

krl-any() {
    local count
    count=$(few 1000000)
    "$bench" serials "$count" 0 lines
    revocation "$count serials of any size" "$count" "$(serial 1)" 1 20
}

krl-sparse() {
    local count
    count=$(few 100000)
    "$bench" serials "$count" $((count * 100)) lines
    revocation "$count of $((count * 100)) serials" "$count" "$(serial 1)" $((count * 100 + 1)) 20
}

krl-dense() {
    "$bench" serials 30000 300000 lines
    revocation "30000 of 300000 serials" 30000 "$(serial 1)" 300001 20
}

krl-key-ids() {
    local count
    count=$(few 100000)
    "$bench" key-ids "$count" lines
    revocation "$count key IDs" "$count" 1 $((count + 1)) ''
}

# serial LINE: the serial that a line revokes.
serial() { sed -n "$1s/serial: //p" lines; }

ceremony() {
    local arguments=()
    [ -z "$quick" ] || arguments=(--certificates 100 --rounds 3)
    "$repository/Tests/Benchmarks/ceremony.sh" --program "$programs/conclave" "${arguments[@]}" >ceremony
    cat ceremony >&2
    row "certify keys in a ceremony" "$(figure 'conclave sign, whole ceremony with bundle')" \
        "ssh-keygen $(figure 'ssh-keygen -s -D, one call')" \
        "$(figure 'conclave against ssh-keygen, median of ratios' | awk '{ printf "%.2f", 1 / $1 }')" '' ''
}

# Signing with two SoftHSM tokens of its own: through Conclave, and by a plain loop over C_Sign.
tokens() {
    local label
    mkdir tokens
    printf 'directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n' "$PWD/tokens" >softhsm.conf
    export SOFTHSM2_CONF=$PWD/softhsm.conf
    for label in bench-1 bench-2; do
        softhsm2-util --init-token --free --label "$label" --so-pin 12345678 --pin 123456 >/dev/null
    done
    "$bench" "${quick:+few-}tokens" "$rounds" /usr/lib/softhsm/libsofthsm2.so >>table
    unset SOFTHSM2_CONF
}

# Signing with a PIV card in software: directly, and through Yubico's module, both over one pcscd, all of it in
# namespaces of their own.
card() {
    "$repository/Tests/Support/build.sh" helpers
    cat >reader.conf <<EOF
FRIENDLYNAME "Yubico YubiKey OTP+FIDO+CCID"
DEVICENAME /dev/null:35963
LIBPATH /usr/lib/pcsc/drivers/serial/libifdvpcd.so
CHANNELID 35963
EOF
    "$repository/Tests/Support/room.sh" \
        bash -eu -c "$(declare -f with_card); with_card $(printf '%q ' "$bench" "$rounds")" >>table
}

with_card() {
    local module waited=0
    module=$(echo /usr/lib/*-linux-gnu/libykcs11.so)
    /usr/sbin/pcscd --foreground -c "$PWD/reader.conf" >/dev/null 2>&1 &
    helpers/piv-card --state card --vpcd 35963 --serial 12345678 >/dev/null 2>&1 &
    until pkcs11-tool --module "$module" -L 2>/dev/null | grep -q 12345678; do
        ((waited++ < 100)) || exit 1
        sleep 0.1
    done
    pkcs11-tool --module "$module" --login --login-type so --keypairgen --id 01 --key-type EC:prime256v1 \
        --so-pin 010203040506070801020304050607080102030405060708 >/dev/null 2>&1
    "$1" card "$2" "$module"
}

# figure TEXT: what the ceremony's line of this text says, its range left out.
figure() { sed -n "s/^$1  *//p" ceremony | sed 's/ (.*//; s/,.*//'; }

# -- The run --------------------------------------------------------------------------------------------

for file in "$programs/conclave" "$programs/conclave-verify" "$programs/home-maker" "$bench"; do
    [ -x "$file" ] || fail "there is no program $file; build it first"
done
[ -x /usr/bin/time ] || fail "there is no /usr/bin/time (Debian package time)"
programs=$(cd -- "$programs" && pwd)
bench=$(cd -- "$(dirname -- "$bench")" && pwd)/${bench##*/}
export PATH="$programs:$PATH" LC_ALL=C.UTF-8 TZ=UTC
folder=$(mktemp -d "${TMPDIR:-/tmp}/conclave-bench-XXXXXX")
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' HUP INT TERM
cd "$folder"
for name in "${chosen[@]}"; do
    printf '%s … ' "$name" >&2
    started=$SECONDS
    "$name"
    printf '%d s\n' $((SECONDS - started)) >&2
done
printf '%d cores, %s\n' "$(nproc)" "$(ssh -V 2>&1)"
print_table
if cut -f 8 table | grep -q NO; then exit 2; fi
