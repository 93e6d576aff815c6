#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Compiles the C helpers of the tests into OUTDIR: sk-provider.so, a FIDO authenticator in software,
# faults.so, which lets system calls fail, clock.so, which moves the time of day, and the program
# piv-card, a PIV card in software. What is newer than its sources is left as it is.

set -eu

if [ $# -ne 1 ]; then
    echo 'usage: build.sh OUTDIR' >&2
    exit 2
fi
here=$(cd -- "$(dirname -- "$0")" && pwd)
mkdir -p -- "$1"
outdir=$(cd -- "$1" && pwd)

compiler=''
for candidate in ${CC:+"$CC"} cc gcc clang; do
    if command -v "$candidate" >/dev/null 2>&1; then
        compiler=$candidate
        break
    fi
done
if [ -z "$compiler" ]; then
    echo 'build.sh: no C compiler (cc, gcc, clang) is in PATH' >&2
    exit 1
fi

# make_whole OUTPUT FOLDER ARGUMENT...: compiles, unless the output is newer than the folder.
make_whole() {
    output=$outdir/$1
    folder=$here/$2
    shift 2
    if [ -f "$output" ] && [ -z "$(find "$folder" -newer "$output")" ]; then
        return
    fi
    # Several may build at once: each renames a whole file into place.
    "$compiler" -std=gnu11 -O2 -Wall -Wextra -Werror -o "$output.$$" "$@" || {
        rm -f -- "$output.$$"
        exit 1
    }
    mv -f -- "$output.$$" "$output"
}

# compile OUTPUT SOURCE [ARGUMENT]...: a shared library from one file.
compile() {
    output_name=$1
    source=$2
    shift 2
    make_whole "$output_name" "$(dirname -- "$source")" -fPIC -shared "$here/$source" "$@"
}

# compile_program OUTPUT FOLDER [ARGUMENT]...: a program from all files of a folder.
compile_program() {
    output_name=$1
    sources=$2
    shift 2
    make_whole "$output_name" "$sources" "$here/$sources"/*.c "$@"
}

compile sk-provider.so sk-provider/provider.c -lcrypto
compile faults.so faults/faults.c "$here/faults/plan.c" -ldl
compile clock.so clock/clock.c -ldl
compile_program piv-card piv-card -lcrypto
