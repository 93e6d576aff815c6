#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the fuzz targets and runs them: each first over its corpus, which must pass, then for a time over a
# copy of it. The tree stays as it is, unless --keep is given.
set -euo pipefail
cd "$(dirname "$0")/../.."

usage() {
    cat <<'END'
usage: Tests/Fuzzing/run.sh [OPTION...]

  --seconds N       how long each target is fuzzed; 20 if not given
  --executions N    how many inputs each target is fuzzed with, in place of a time
  --jobs N          how many targets run at a time; 2 if not given
  --seed N          the same inputs in each run, with --executions to the last; by chance if not given
  --target NAME     only this target; may be given again
  --corpus-only     no fuzzing: only what is in the corpora
  --no-growth       leaves out the check that time and memory grow no faster than the input
  --keep            adds to the corpora in the tree what reached new code, and drops what is not needed
  --seeds           begins with what make-seeds.sh writes, too
  --list            names the targets
END
}

seconds=20 executions= jobs=2 seed= keep= seeds= growth=1 list= corpus_only=
chosen=()
while [ $# -gt 0 ]; do
    case $1 in
    --seconds) seconds=${2:?}; shift ;;
    --executions) executions=${2:?}; shift ;;
    --jobs) jobs=${2:?}; shift ;;
    --seed) seed=${2:?}; shift ;;
    --target) chosen+=("${2:?}"); shift ;;
    --corpus-only) corpus_only=1 ;;
    --no-growth) growth= ;;
    --keep) keep=1 ;;
    --seeds) seeds=1 ;;
    --list) list=1 ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 64 ;;
    esac
    shift
done

build_path=${BUILD_PATH:-.build}
build=$build_path/fuzzing
corpora=Tests/Fuzzing/Corpora
program=$build/release/conclave-fuzz
crashes=$build/crashes
mkdir -p "$build/tmp" "$crashes"
TMPDIR=$(cd "$build/tmp" && pwd)
export TMPDIR

# Coverage of all modules guides the fuzzer; the address sanitizer watches what is C or unsafe. Of two
# options --sanitize the compiler would heed the last alone, and the package manager gives them in any order.
# Without its cache it sees files that were added to the package around this one.
"${SWIFT:-swift}" build --configuration release --product conclave-fuzz --package-path Tests/Fuzzing \
    --scratch-path "$build" --disable-build-manifest-caching --sanitize=fuzzer \
    -Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld

# Leaks are looked for by the targets themselves: the sanitizer takes what Swift keeps for leaks.
export ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=16 SWIFT_BACKTRACE=enable=no
# Sets and dictionaries are in another order in each run, unless they are told not to.
[ -z "$seed" ] || export SWIFT_DETERMINISTIC_HASHING=1
options=(-seed="${seed:-0}" -detect_leaks=0 -timeout=10 -rss_limit_mb=1024 -malloc_limit_mb=256 -print_final_stats=1)

mapfile -t targets < <(CONCLAVE_FUZZ_LIST=1 "$program")
if [ -n "$list" ]; then
    printf '%s\n' "${targets[@]%% *}"
    exit 0
fi
for name in ${chosen+"${chosen[@]}"}; do
    printf '%s\n' "${targets[@]%% *}" | grep -qx -- "$name" || {
        echo "run.sh: no target is named $name; --list names them" >&2
        exit 64
    }
done

bound=(-max_total_time="$seconds")
[ -z "$executions" ] || bound=(-runs="$executions")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
[ -z "$seeds" ] || Tests/Fuzzing/make-seeds.sh "$work/seeds"

# fault NAME LOG: says what a target found, and how to see it again.
fault() {
    local input
    echo "FAIL $1"
    grep -E '^conclave-fuzz: |ERROR: |Fatal error|SUMMARY: ' "$2" | head -n 5 | sed 's/^/     /'
    input=$(sed -n 's/.*Test unit written to //p' "$2" | tail -n 1)
    [ -n "$input" ] || input=$(sed -n 's/^Running: //p' "$2" | tail -n 1)
    echo "     log: $crashes/$1.log"
    [ -z "$input" ] || echo "     again: CONCLAVE_FUZZ_TARGET=$1 ASAN_OPTIONS=$ASAN_OPTIONS $program $input"
    cp "$2" "$crashes/$1.log"
    return 1
}

statistic() { sed -n "s/^stat::$1: *//p" "$2"; }

# run_target NAME LENGTH DICTIONARY: the corpus, then the fuzzing; one line of what came of it.
run_target() {
    local name=$1 log=$work/$1.log corpus=$work/$1 files=() limits
    mkdir -p "$corpus" "$corpora/$name"
    limits=(-max_len="$2" -dict="Tests/Fuzzing/Dictionaries/$3.dict" -artifact_prefix="$crashes/$name-")
    export CONCLAVE_FUZZ_TARGET=$name
    find "$corpora/$name" -type f -exec cp -t "$corpus" {} +
    [ ! -d "$work/seeds/$name" ] || for file in "$work/seeds/$name"/*; do
        cp "$file" "$corpus/seed-${file##*/}"
    done
    # Each file by its name, so that the one at fault is known; in each of them, every prefix.
    mapfile -t files < <(find "$corpus" -type f | sort)
    CONCLAVE_FUZZ_PREFIXES=all "$program" "${options[@]}" "${limits[@]}" "${files[@]}" \
        </dev/null >"$log" 2>&1 || { fault "$name" "$log"; return 1; }
    if [ -n "$corpus_only" ]; then
        printf '%-22s %5d files\n' "$name" "${#files[@]}"
    else
        "$program" "${options[@]}" "${limits[@]}" "${bound[@]}" "$corpus" \
            >"$log" 2>&1 || { fault "$name" "$log"; return 1; }
        printf '%-22s %5d %11d %8d %6d %6d %6d\n' "$name" "${#files[@]}" \
            "$(statistic number_of_executed_units "$log")" "$(statistic average_exec_per_sec "$log")" \
            "$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)" \
            "$(statistic new_units_added "$log")" "$(statistic peak_rss_mb "$log")"
    fi
    [ -n "$keep" ] || return 0
    mkdir "$work/$name.kept"
    "$program" "${options[@]}" "${limits[@]}" -set_cover_merge=1 "$work/$name.kept" "$corpus" >"$log" 2>&1 ||
        { fault "$name" "$log"; return 1; }
    find "$corpora/$name" -type f -delete
    find "$work/$name.kept" -type f -exec mv -t "$corpora/$name" {} +
}

failed=0
[ -n "$corpus_only" ] || printf '%-22s %5s %11s %8s %6s %6s %6s\n' \
    target files executions 'a second' edges new 'MiB'
for line in "${targets[@]}"; do
    read -r name length dictionary <<<"$line"
    [ ${#chosen[@]} = 0 ] || printf '%s\n' "${chosen[@]}" | grep -qx -- "$name" || continue
    while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n || failed=1; done
    run_target "$name" "$length" "$dictionary" &
done
while [ -n "$(jobs -p)" ]; do wait -n || failed=1; done

# Measured by itself: two targets beside each other would share the caches.
if [ -n "$growth" ]; then
    echo
    unset CONCLAVE_FUZZ_TARGET
    for name in "${chosen[@]:-}"; do
        CONCLAVE_FUZZ_TARGET=$name
        [ -z "$name" ] || export CONCLAVE_FUZZ_TARGET
        CONCLAVE_FUZZ_GROWTH=1 "$program" 2>&1 || failed=1
    done
fi
[ $failed = 0 ] || { echo "run.sh: something does not hold" >&2; exit 1; }
