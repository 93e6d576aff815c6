#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Installs the Debian packages that Conclave is built, tested and shown with. It asks dpkg first: where
# all of them are there, it changes nothing and needs neither root nor a network.
set -eu

usage() {
    cat <<'EOF'
usage: install-packages.sh [interop] [--list]

Installs what Conclave needs beside the Swift toolchain and git, by Debian's names; with interop also what
Conclave is compared with, which takes some 500 MB; with --list it only names the packages. It uses sudo
for apt-get where you are not root. No daemon is started: the package openssh-server is here for the
program sshd, which the demo runs by itself.
EOF
}

# What each package is for. The C compiler, its headers and git come with the Swift toolchain.
packages() {
    cat <<'EOF'
libssl-dev      libcrypto, which checks signatures
libsodium-dev   libsodium, which checks Ed25519 signatures in half the time
libyaml-dev     libyaml, which reads policy and roster
libsqlite3-dev  SQLite, which holds the ledger
libzstd-dev     zstd, which packs the ledger's texts
libpcsclite-dev PC/SC, over which PIV cards are reached
openssl         with which the tests make keys and signatures apart from our code
pkg-config      tells the build where libraries are
openssh-client  ssh-keygen, ssh and ssh-agent
openssh-server  sshd, for the demo's login
softhsm2        a PKCS#11 token in software, for the demo and the tests
opensc          pkcs11-tool, with which the tests look at tokens
opensc-pkcs11   OpenSC's PKCS#11 module for PIV cards
pcscd           the service for smart cards; the tests run it by themselves
vsmartcard-vpcd a virtual reader, into which the tests put their PIV card
yubico-piv-tool a judge of that card
ykcs11          Yubico's PKCS#11 module
swtpm           a TPM in software
libtss2-tcti-swtpm0 the way to that TPM
libtpm2-pkcs11-1 the PKCS#11 module of a TPM
libnss3-tools   certutil, which makes keys for NSS and its PKCS#11 module
p11-kit         serves one process's PKCS#11 token to another
p11-kit-modules the module that asks such a server
libengine-pkcs11-openssl OpenSSL's own way to a token, a judge of signatures
python3         Python, in which the second verifier of ledgers is written
sqlite3         with which the tests read a ledger by hand
zstd            the same, for the texts in it
strace          strace, whose record of calls shows the tests what a power cut leaves
zbar-tools      zbarimg, which reads the QR codes of reports in the tests
time            GNU time, with which the benchmarks measure memory
EOF
    [ -z "$with_judges" ] || judges
}

# Other people's readers of certificates; those in Python come from its package index.
judges() {
    cat <<'EOF'
python3-venv                an environment of its own for cryptography and asyncssh
golang-go                   Go, with which a judge is built
golang-golang-x-crypto-dev  x/crypto/ssh, the judge in Go
putty-tools                 puttygen and plink, the judges of PuTTY
EOF
}

say() { printf '%s\n' "$*"; }
fail() {
    printf 'install-packages: %s\n' "$1" >&2
    [ $# -lt 2 ] || printf '  hint: %s\n' "$2" >&2
    exit 1
}

is_installed() {
    status=$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) || return 1
    [ "$status" = installed ]
}

with_judges=
only_list=
for argument do
    case $argument in
    interop) with_judges=yes ;;
    --list) only_list=yes ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 64 ;;
    esac
done
if [ -n "$only_list" ]; then
    packages
    exit 0
fi

command -v dpkg-query >/dev/null || fail "this is not a Debian system: there is no dpkg-query" \
    "install by your system's own means what 'install-packages.sh --list' names"

missing=
while read -r name purpose; do
    is_installed "$name" && continue
    missing="$missing $name"
    say "missing: $name ($purpose)"
done <<EOF
$(packages)
EOF
if [ -z "$missing" ]; then
    say "all packages are installed; nothing to do"
    exit 0
fi

if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif command -v sudo >/dev/null; then
    as_root=sudo
    say "apt-get needs root: sudo may ask for your password"
else
    fail "you are not root and there is no sudo" "run as root: apt-get install$missing"
fi

# The rest runs as root in one shell, so that sudo asks once and everything is undone in one place.
# Two of them at once wait for each other. The names are words of our own, meant to be split.
# shellcheck disable=SC2016,SC2086
$as_root flock /var/lib/dpkg /bin/sh -eu -c '
policy=/usr/sbin/policy-rc.d
kept=/usr/sbin/policy-rc.d.before-conclave
mark="# written by Conclave install-packages.sh while it runs"

# invoke-rc.d asks policy-rc.d before it starts a service; 101 means no. Whatever was there before
# comes back at the end, and at the next run where this one was killed.
restore_policy() {
    if [ -f "$policy" ] && grep -qF "$mark" "$policy"; then rm -f "$policy"; fi
    if [ -e "$kept" ]; then mv "$kept" "$policy"; fi
}
forbid_services() {
    restore_policy
    trap restore_policy EXIT
    trap "exit 130" HUP INT TERM
    if [ -e "$policy" ]; then mv "$policy" "$kept"; fi
    printf "#!/bin/sh\n%s\nexit 101\n" "$mark" >"$policy"
    chmod 755 "$policy"
}

run() {
    printf "\$ %s\n" "$*"
    "$@"
}

export DEBIAN_FRONTEND=noninteractive
forbid_services
run apt-get -q update
run apt-get -q -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 \
    install -y --no-install-recommends "$@" </dev/null
for name do
    [ "$name" = openssh-server ] || continue
    # Nor is a door left that would open at the next boot of a machine that had none. The service for smart
    # cards stays: it begins when somebody asks for a card.
    run update-rc.d ssh disable
done
' install-packages $missing || fail "the packages could not be installed" \
    "run as root: apt-get install$missing"

for name in $missing; do
    is_installed "$name" || fail "apt-get ended well, and $name is still missing"
done
say "installed:$missing"
