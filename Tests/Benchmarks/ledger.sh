# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What a large ledger costs beside a small one, for run.sh, which sources this file.

ledger() {
    local count
    count=${certificates:-$(few 100000)}
    home-maker empty 0 >/dev/null
    seconds home-maker large "$count"
    mv output batches
    printf '%d certificates in %.0f s … ' "$count" "$took" >&2
    sync
    beginning "$count"
    appending
    row "the ledger's file" "$(calc "$(wc -c <large/ledger.sqlite) / $count" %.0f) B a certificate" '' '' '' '' \
        "< 2500 B" "$(wc -c <large/ledger.sqlite) < 2500 * $count"
    verifying "$count"
    rm -r empty large empty.key large.key batches
}

# What every command does first, and a look for one certificate, each turn for another one.
beginning() {
    local turn base start=() more=() trace=()
    for turn in $(seq $((rounds * 3))); do
        seconds conclave authority show --home empty
        base=$took
        seconds conclave authority show --home large
        start+=("$(calc "$took * 1e3" %.1f)")
        more+=("$(calc "($took - $base) * 1e3" %.1f)")
        seconds conclave trace --home large "hosts@example.org $((turn * 7919 % $1 + 1))"
        trace+=("$(calc "$took * 1e3" %.1f)")
    done
    row "a ledger of $1 certificates: start" "$(median "${start[@]}") ms" \
        "$(median "${more[@]}") ms more than empty" '' '' "$(memory conclave authority show --home large)" \
        "< 50 ms more" "$(median "${more[@]}") < 50"
    row "  trace by serial, start and all" "$(median "${trace[@]}") ms" '' '' '' \
        "$(memory conclave trace --home large "hosts@example.org $1")" "< 20 ms" "$(median "${trace[@]}") < 20"
}

# By the time of the cores: that of the last 50 batches of 1,000, among which look-ups have moved on to larger
# tables, to that of the first five.
appending() {
    local column name first last
    for column in 3 2; do
        first=$(head -n 5 batches | mean $column)
        last=$(tail -n 50 batches | mean $column)
        if [ $column -eq 3 ]; then name="  append 1000 certificates"; else name="  all of their ceremony"; fi
        row "$name" "$(calc "$last" %.3f) s at the end" "$(calc "$first" %.3f) s at the beginning" "$(calc "$first / $last" %.2f)" '' '' \
            "< 1.2 times" "$last < 1.2 * $first"
    done
}

# All entries, with and without signatures, the former against libcrypto that verifies as many and does nothing
# else: by the clock, and by the time of the cores, which others on the machine do not touch.
verifying() {
    local turn entries rate each user system full ours=() ratios=() mine=() shares=() bare=() spent=()
    for turn in $(seq 3); do
        seconds /usr/bin/time -f '%U %S %M' -o spent conclave ledger verify --home large --no-signatures
        entries=$(sed -n 's/.*: \([0-9]*\) entries.*/\1/p' output)
        read -r user system full <spent
        bare+=("$(calc "$entries / $took" %.0f)")
        spent+=("$(calc "$entries / ($user + $system) * $(nproc)" %.0f)")
    done
    row "ledger verify --no-signatures" "$(median "${bare[@]}") entries a second" \
        "$(median "${spent[@]}") by the cores' time" '' '' "$((full / 1024)) MiB" \
        "150000 a second" "$(median "${bare[@]}") >= 150000 || $(median "${spent[@]}") >= 150000"
    for turn in $(seq 3); do
        read -r rate each < <("$bench" ledger-rate 20000)
        seconds /usr/bin/time -f '%U %S %M' -o spent conclave ledger verify --home large
        read -r user system full <spent
        ours+=("$(calc "$1 / $took" %.0f)")
        ratios+=("$(calc "$1 / $took / $rate" %.2f)")
        mine+=("$(calc "($user + $system) / $1 * 1e6" %.1f)")
        shares+=("$(calc "$each / ${mine[-1]}" %.2f)")
    done
    row "ledger verify, both signatures" "$(median "${ours[@]}") certificates a second" "libcrypto $rate" \
        "${ratios[*]}" '' "$((full / 1024)) MiB" "0.8 x" "$(median "${ratios[@]}") >= 0.8"
    row "  a core's time for one" "$(median "${mine[@]}") us" "libcrypto $each us" "${shares[*]}" '' '' \
        "0.8 x" "$(median "${shares[@]}") >= 0.8"
    row "  its memory" "$((full / 1024)) MiB" '' '' '' '' "< 200 MB" "$full * 1024 < 200000000"
}

# mean COLUMN: of the lines that come in.
mean() { awk -v column="$1" '{ sum += $column } END { print sum / NR }'; }

# memory COMMAND…: the most that it had.
memory() { calc "$(peak "$@") / 1024" '%.1f MiB'; }
