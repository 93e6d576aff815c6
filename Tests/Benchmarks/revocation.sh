# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The writing and asking of one revocation list by `conclave krl` and by `ssh-keygen`, for scripts that source
# this file.

# revocation NAME COUNT REVOKED OTHER BYTES: two rows about the list of the lines in `lines`: writing it, and
# asking it for the certificates of two serials. Each of its entries may take so many bytes of memory, beyond
# what the same command has with a list of none; where BYTES is empty, any number.
revocation() {
    local name=$1 count=$2 limit=$5 turns=$rounds turn other ours=() theirs=() ratios=()
    local size bound memory asked=''
    "$bench" authority ca.pub
    "$bench" certificate "$3" revoked-cert.pub
    "$bench" certificate "$4" other-cert.pub
    [ -z "$limit" ] || asked=", < $limit B each"
    : >none
    conclave krl make --quiet -f none.krl -s ca.pub none

    for ((turn = 1; turn <= turns; turn++)); do
        rm -f ours.krl theirs.krl
        seconds ssh-keygen -q -k -f theirs.krl -s ca.pub lines
        other=$took
        # What takes so long has one turn.
        [ "$(calc "$other > 20" %d)" -eq 0 ] || turns=1
        seconds conclave krl make --quiet -f ours.krl -s ca.pub lines
        add_turn
    done
    answers ssh-keygen -Qf ours.krl || fail "ssh-keygen -Q does not find in our list what is in it"
    size="$(stat -c %s ours.krl) / $(stat -c %s theirs.krl)"
    bound="$(stat -c %s ours.krl) <= $(stat -c %s theirs.krl)"
    # What no OpenSSH reads is no measure.
    answers ssh-keygen -Qf theirs.krl || { size+=" unreadable" bound=1; }
    memory=$(($(peak_of_making lines) - $(peak_of_making none)))
    list_row "write $name" "$size" ", no larger" "$bound"

    ours=() theirs=() ratios=()
    for turn in $(seq "$rounds"); do
        seconds answers ssh-keygen -Qf ours.krl
        other=$took
        seconds answers conclave krl query -f ours.krl
        add_turn
    done
    memory=$(peak conclave krl query -f ours.krl revoked-cert.pub other-cert.pub)
    memory=$((memory - $(peak conclave krl query -f none.krl revoked-cert.pub other-cert.pub)))
    list_row "  ask it" '' '' 1
    rm -f ./*.krl ./*.krl.*
}

# peak_of_making LINES: the memory for the list of these lines, where there is none before.
peak_of_making() {
    peak sh -c 'rm -f again.krl && exec conclave krl make --quiet -f again.krl -s ca.pub "$1"' sh "$1"
}

# add_turn: takes a turn into account.
add_turn() {
    ours+=("$took")
    theirs+=("$other")
    ratios+=("$(calc "$other / $took" %.2f)")
}

# list_row NAME SIZES GOAL BOUND: a row of the turns; BOUND is what else has to hold.
list_row() {
    local times=1 each
    [ "$(calc "$(median "${theirs[@]}") > 1" %d)" -eq 0 ] || times=50
    each=$(calc "$memory * 1024 / $count" %.1f)
    row "$1" "$(median "${ours[@]}") s" "ssh-keygen $(median "${theirs[@]}") s" "${ratios[*]}" "$2" \
        "$each B" "$times x$3$asked" \
        "$(median "${ratios[@]}") >= $times && $4 && (!${limit:-0} || $each < ${limit:-0})"
}

# answers COMMAND…: whether it says that the one certificate is revoked, and that the other is not.
answers() {
    "$@" revoked-cert.pub other-cert.pub >answer 2>&1 || :
    grep -q '^revoked-cert.pub.*: REVOKED' answer && grep -q '^other-cert.pub.*: ok' answer
}
