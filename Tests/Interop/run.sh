#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Compares Conclave with everybody else who reads OpenSSH's certificates and revocation lists, by
# crafted ones, by ones that Conclave encoded, and by logins over the loopback interface. What each judge
# is expected to say stands in certificates.txt and revocation-lists.txt beside this file. Only the
# setting up needs a network, once: it stays in BUILD_PATH/interop.
set -euo pipefail
cd "$(dirname "$0")/../.."

usage() {
    cat <<'EOF_USAGE'
usage: run.sh [--accept]

Puts certificates and lists before all judges and ends with 1 where one is of another mind than the tables
say. With --accept the measured verdicts are written into the tables, and the tables into the page
Docs/Design/Judges.md: whoever does so looks at each difference, and gives its reason.

BUILD_PATH names the folder of the build, .build if it is not set; `make build` has put the programs there.
PYTHON names the Python to make the virtual environment with, python3 if it is not set.
EOF_USAGE
}

case ${1-} in
'' | --accept) ;;
-h | --help)
    usage
    exit 0
    ;;
*)
    usage >&2
    exit 64
    ;;
esac

fail() {
    printf 'interop: %s\n' "$1" >&2
    [ $# -lt 2 ] || printf '  hint: %s\n' "$2" >&2
    exit 1
}

build_path=${BUILD_PATH:-.build}
case $build_path in /*) ;; *) build_path=$PWD/$build_path ;; esac
cache=$build_path/interop
mkdir -p "$cache" "$build_path/tmp"
exec 9<"$0"
flock -n 9 || fail "it is running in this clone already; wait until it has ended"
# sshd hands its environment on, and so do others; nothing of the person who runs this has a say.
unset SSH_AUTH_SOCK SSH_ASKPASS SSH_SK_PROVIDER PYTHONPATH PYTHONHOME GOFLAGS
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
umask 022

started=$SECONDS
timed() { printf '%-66s %11s %6d s\n' "$1" ready $((SECONDS - started)) && started=$SECONDS; }

# -- The judges in Python: versions and sums as the file says, in an environment of their own ------------
requirements=Tests/Interop/requirements.txt
environment=$cache/venv
if ! cmp -s "$requirements" "$environment/requirements.txt"; then
    rm -rf "$environment"
    "${PYTHON:-python3}" -m venv "$environment" ||
        fail "there is no Python that can make a virtual environment" \
            "Ceremony/Setup/install-packages.sh interop"
    # The system's own certificates, to which a site may have added its own; pip brings others.
    PIP_CERT=${PIP_CERT:-/etc/ssl/certs/ca-certificates.crt} \
        "$environment/bin/pip" install --quiet --require-hashes --only-binary :all: -r "$requirements" ||
        fail "the packages of $requirements could not be installed"
    cp "$requirements" "$environment/requirements.txt"
fi
timed "the judges in Python"

# -- The judge in Go: Debian's x/crypto, and no module of anywhere else ----------------------------------
go=$(PATH=$PATH:$(printf '%s:' /usr/lib/go-*/bin) command -v go) ||
    fail "there is no program go" "Ceremony/Setup/install-packages.sh interop"
library=/usr/share/gocode
[ -d "$library/src/golang.org/x/crypto/ssh" ] ||
    fail "Debian's golang.org/x/crypto is not there" "Ceremony/Setup/install-packages.sh interop"
GO111MODULE=off GOPATH=$library GOCACHE=$cache/go GOTOOLCHAIN=local CGO_ENABLED=0 \
    "$go" build -o "$cache/go-judge" ./Tests/Interop/GoJudge
timed "the judge in Go"

# -- What is ours: a FIDO token in software, and the encoder with nothing around it ----------------------
Tests/Support/build.sh "$build_path/support"
# Swift's package manager plans once, and does not see files that come or go in a package around it.
rm -f "$cache/maker"/*.yaml
build_maker() {
    TMPDIR=$build_path/tmp swift build --package-path Tests/Interop/CertificateMaker \
        --scratch-path "$cache/maker" "$@"
}
# What it depends on is fetched once; what it writes of that beside the sources has no place there.
fetched=
[ ! -e "$cache/maker/workspace-state.json" ] || fetched=--skip-update
build_maker --quiet $fetched
maker=$(build_maker --skip-update --show-bin-path)/CertificateMaker
rm -f Tests/Interop/CertificateMaker/Package.resolved
for name in conclave conclave-verify; do
    [ -x "$build_path/release/$name" ] || fail "$build_path/release/$name is not there" "make build"
done
timed "Conclave's encoder"

status=0 outcome="all is as expected"
"$environment/bin/python" Tests/Interop/main.py \
    --conclave "${CONCLAVE:-$build_path/release/conclave}" \
    --conclave-verify "${CONCLAVE_VERIFY:-$build_path/release/conclave-verify}" \
    --certificate-maker "$maker" --go-judge "$cache/go-judge" \
    --sk-provider "$build_path/support/sk-provider.so" --page Docs/Design/Judges.md ${1+"$1"} ||
    status=$? outcome="not as expected"
printf '\n== %s (%d s)\n' "$outcome" "$SECONDS"
exit "$status"
