# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The writing and asking of one revocation list by `conclave krl` and by `ssh-keygen`, for scripts that source
# this file.

# revocation NAME COUNT REVOKED OTHER BYTES: two rows about the list of the lines in `lines`: writing it, and
# asking it for the certificates of two serials. Each of its entries may take so many bytes of memory.
revocation() {
    local name=$1 count=$2 limit=$5 turns=$rounds turn other ours=() theirs=() ratios=()
    local size bound memory note='' asked=''
    "$bench" authority ca.pub
    "$bench" certificate "$3" revoked-cert.pub
    "$bench" certificate "$4" other-cert.pub
    [ -z "$limit" ] || asked=", < $limit B each"

    for ((turn = 1; turn <= turns; turn++)); do
        rm -f ours.krl theirs.krl
        seconds ssh-keygen -q -k -f theirs.krl -s ca.pub lines
        other=$took
        # What takes so long has one turn.
        [ "$(calc "$other > 20" %d)" -eq 0 ] || turns=1
        seconds conclave krl make --quiet -f ours.krl -s ca.pub lines
        add_turn
    done
    seconds answers ssh-keygen -Qf ours.krl
    size="$(stat -c %s ours.krl) / $(stat -c %s theirs.krl)"
    bound="$(stat -c %s ours.krl) <= $(stat -c %s theirs.krl)"
    # What no OpenSSH reads is no measure.
    ssh-keygen -Qf theirs.krl other-cert.pub >answer 2>&1 || { size+=" unreadable" bound=1; }
    memory=$(above_empty conclave krl make --quiet -f again.krl -s ca.pub lines)
    list_row "write $name" "$size" ", no larger" "$bound"

    ours=() theirs=() ratios=()
    for turn in $(seq "$rounds"); do
        seconds answers ssh-keygen -Qf ours.krl
        other=$took
        seconds answers conclave krl query -f ours.krl
        add_turn
    done
    memory=$(above_empty conclave krl query -f ours.krl revoked-cert.pub other-cert.pub)
    list_row "  ask it" '' '' 1
    rm -f ./*.krl
}

# add_turn: takes a turn into account.
add_turn() {
    ours+=("$took")
    theirs+=("$other")
    ratios+=("$(calc "$other / $took" %.1f)")
}

# list_row NAME SIZES GOAL BOUND: a row of the turns; BOUND is what else has to hold.
list_row() {
    local times=1
    [ "$(calc "$(median "${theirs[@]}") > 1" %d)" -eq 0 ] || times=50
    row "$1" "$(median "${ours[@]}") s" "ssh-keygen $(median "${theirs[@]}") s" "${ratios[*]}" "$2" \
        "$(calc "$memory / $count" %.1f) B" "$times x$3$asked" \
        "$(median "${ratios[@]}") >= $times && $4 && ${limit:-0} * $count >= (${limit:-0} ? $memory : 0)"
}

# answers COMMAND…: whether it says that the one certificate is revoked, and the other not.
answers() {
    "$@" revoked-cert.pub other-cert.pub >answer 2>&1 || :
    [ "$(grep -ci revoked <(sed 's/^revoked-cert.pub//' answer))" -eq 1 ]
}
