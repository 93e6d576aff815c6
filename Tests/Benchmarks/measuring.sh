# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Times, memory, medians and the table of the benchmarks, for scripts that source this file.

fail() {
    printf '%s: %s\n' "${0##*/}" "$1" >&2
    exit 1
}

# calc EXPRESSION FORMAT: what it comes to.
calc() { awk "BEGIN { printf \"$2\", ($1) }"; }

# seconds COMMAND…: runs it, and leaves the seconds that it took in $took.
seconds() {
    local from=$EPOCHREALTIME to
    "$@" >output 2>&1 </dev/null || { cat output >&2; fail "this failed: $*"; }
    to=$EPOCHREALTIME
    took=$(calc "$to - $from" %.4f)
}

# median NUMBER…: the one in the middle.
median() { printf '%s\n' "$@" | sort -g | awk '{ n[NR] = $1 } END { print n[int((NR + 1) / 2)] }'; }

# range NUMBER…: the least and the greatest.
range() { printf '%s\n' "$@" | sort -g | sed -n '1p;$p' | paste -sd ' ' | sed 's/ / to /'; }

# peak COMMAND…: the most memory that it had, in KiB, whatever it answered; the middle of three runs.
peak() {
    local run
    for run in 1 2 3; do
        /usr/bin/time -q -f %M -a -o peaks "$@" >output 2>&1 </dev/null || :
    done
    # shellcheck disable=SC2046
    median $(cat peaks)
    rm peaks
}

# row NAME OURS BASELINE RATIOS SIZES MEMORY [GOAL CONDITION]: a row of the table. CONDITION says whether the
# goal was met.
row() {
    local ratio='' met=''
    # shellcheck disable=SC2086
    [ -z "$4" ] || ratio="$(median $4) ($(range $4))"
    if [ -n "${7-}" ]; then
        met=NO
        [ "$(calc "($8) ? 1 : 0" %d)" -eq 0 ] || met=yes
    fi
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$ratio" "$5" "$6" "${7-}" "$met" >>table
}

# print_table: all rows, in columns.
print_table() {
    {
        printf 'what\tours\tbaseline\tfaster by\tbytes, ours / theirs\tmemory each\tgoal\tmet\n'
        cat table
    } | awk -F '\t' '
        { for (i = 1; i <= NF; i++) { cell[NR, i] = $i; if (length($i) > width[i]) width[i] = length($i) } }
        END {
            for (row = 1; row <= NR; row++) {
                line = ""
                for (i = 1; i <= NF; i++) line = line sprintf("%-" width[i] "s  ", cell[row, i])
                sub(/ +$/, "", line)
                print line
            }
        }'
}
