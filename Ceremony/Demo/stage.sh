#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# What the demo stands on: the printing and checking of commands, the token's configuration, the host and
# its client. demo.sh reads this file; the story is there.

fail() {
    printf '\ndemo: %s\n' "$1" >&2
    exit 1
}

# -- The screen ---------------------------------------------------------------------------------------

section_number=0

# section TITLE LINE...: what comes now, and why.
section() {
    section_number=$((section_number + 1))
    printf '\n\n== %d. %s\n' "$section_number" "$1"
    shift
    printf '   %s\n' "$@"
}

note() {
    printf '\n'
    printf '   %s\n' "$@"
}

show() { printf '\n$ %s\n' "$1"; }

# Runs a command line in a shell of its own, shows line and output, and keeps both for the checks.
play() {
    command=$1
    show "$command"
    status=0
    (eval "$command") >.demo/output 2>&1 </dev/null || status=$?
    cat .demo/output
}

# run COMMAND: it must succeed.
run() {
    play "$1"
    [ "$status" -eq 0 ] || fail "this should have succeeded, and ended with status $status: $1"
}

# ends STATUS COMMAND [WORD]: it must end with this status, which is not 0.
ends() {
    play "$2"
    [ "$status" -eq "$1" ] || fail "this should have ended with status $1, not $status: $2"
    printf '[%sexit status %d, as it must be]\n' "${3:+$3 with }" "$status"
}

# refused STATUS COMMAND: it must be refused, with this status.
refused() { ends "$1" "$2" refused; }

# says TEXT: the last command must have printed it.
says() { grep -qF -e "$1" .demo/output || fail "\"$1\" is missing in what this printed: $command"; }

says_not() { ! grep -qF -e "$1" .demo/output || fail "\"$1\" stands in what this printed: $command"; }

says_line() { grep -qE -e "$1" .demo/output || fail "no line \"$1\" in what this printed: $command"; }

# says_verdict FILE TEXT: the verdict on this file must be a refusal, and hold this text.
says_verdict() {
    awk -v name="$1" -v text="$2" '
        /^[^ ]/ { mine = ($1 == "refused" && $2 == name) }
        mine && index($0, text) { found = 1 }
        END { exit !found }' .demo/output || fail "$1 was not refused with \"$2\": $command"
}

finish() {
    stop_all
    trap - EXIT
    printf '\n\n== %s (%d s)\n' "$1" "$SECONDS"
    shift
    printf '   %s\n' "$@"
}

# -- The stage ----------------------------------------------------------------------------------------

# Finds the programs, clears what the last run left, and sees to it that nothing outlives this one.
prepare_stage() {
    programs=${BUILD_PATH:-.build}/release
    case $programs in /*) ;; *) programs=\$PWD/$programs ;; esac
    export LC_ALL=C.UTF-8 PATH="${programs/#\$PWD/$PWD}:$PATH:/usr/sbin:/sbin"
    unset SSH_AUTH_SOCK SSH_ASKPASS SOFTHSM2_CONF
    umask 022
    local name
    for name in conclave conclave-verify softhsm2-util ssh ssh-keygen sshd; do
        command -v "$name" >/dev/null || fail "there is no program $name; 'make demo' installs and builds all"
    done
    module=
    for name in /usr/lib/softhsm /usr/lib/*/softhsm /usr/local/lib/softhsm; do
        [ ! -f "$name/libsofthsm2.so" ] || module=$name/libsofthsm2.so
    done
    [ -n "$module" ] || fail "SoftHSM's libsofthsm2.so is in none of its usual places"
    exec 9<Ceremony/Demo/stage.sh
    flock -n 9 || fail "another demo is running in this clone; wait until it has ended"
    account=$(id -un)
    bundle=.demo/outbox/conclave-0001
    trap stop_all EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 141' PIPE
    trap 'exit 143' TERM
    rm -rf .demo
    mkdir -p .demo/{token/tokens,officers,people,hosts,spool,spool-2,outbox,etc,client}
}

make_token_configuration() {
    export SOFTHSM2_CONF=$PWD/.demo/token/softhsm2.conf
    cat >"$SOFTHSM2_CONF" <<EOF
directories.tokendir = $PWD/.demo/token/tokens
objectstore.backend = file
log.level = ERROR
slots.removable = false
EOF
    local name
    for name in pin so-pin; do
        (umask 077 && od -An -N4 -tu4 /dev/urandom | tr -d ' \n' | tail -c 8 >.demo/token/$name)
        printf '%08d\n' "$((10#$(cat .demo/token/$name)))" >.demo/token/$name
    done
}

write_roster() {
    {
        printf '# The roster of the demo, after Ceremony/Examples/roster.yaml.\n'
        printf 'conclave-roster: 1\nofficers:\n'
        officer 'Olivia Lind' olivia
        officer 'Pavel Novák' pavel
        officer 'Quinn Okafor' quinn
        printf 'thresholds: {routine: 2, elevated: 2, revocation: 1}\nbundle-signatures: 1\n'
    } >.demo/roster.yaml
}

officer() {
    printf '  - name: %s\n    accounts: [%s, %s@example.org]\n    keys:\n      - %s\n' \
        "$1" "$2" "$2" "$(cat ".demo/officers/$2.pub")"
}

# ask NAME KIND REQUESTER [PROFILE]: a person makes a key and a request.
ask() {
    run "ssh-keygen -q -t $2 -N '' -C $1@example.org -f .demo/people/$1"
    run "Ceremony/Requests/make-request.sh -a users@example.org -p ${4:-staff} -n $1 -r '$3' \\
    -f .demo/spool/$1.req .demo/people/$1.pub"
}

# ask_host NAME KIND UNTIL: a host asks for its host key, and consents to renewals until then.
ask_host() {
    run "ssh-keygen -q -t $2 -N '' -C $1.example.org -f .demo/hosts/$1"
    run "Ceremony/Requests/make-request.sh -a hosts@example.org -p servers -t host -n $1.example.org \\
    ${3:+-w $3 }-f .demo/spool/$1.req .demo/hosts/$1.pub"
}

# certificate BUNDLE user|host PRINCIPAL: the path of its certificate.
certificate() {
    local found
    found=$(find "$1/certificates/$2" -name "*-$3-cert.pub")
    [ -n "$found" ] || fail "$1 holds no certificate of $2 $3"
    printf '%s\n' "$found"
}

# serial FILE: the certificate's serial number.
serial() { ssh-keygen -L -f "$1" | sed -n 's/^ *Serial: //p'; }

# flip_byte FILE OFFSET: replaces one byte by another that is as good Base64.
flip_byte() {
    local letter=A
    [ "$(dd if="$1" bs=1 skip="$2" count=1 status=none)" != A ] || letter=B
    run "printf $letter | dd of=$1 bs=1 seek=$2 conv=notrunc status=none"
}

# -- The hosts ----------------------------------------------------------------------------------------

# install_trust BUNDLE: what every host takes from a bundle, put where their sshd_config looks for it.
install_trust() {
    run "cp -r $1/trust/user_ca_keys.pub $1/trust/revoked_keys.krl $1/sshd/auth_principals .demo/etc/"
}

# install_host NAME BUNDLE: the host's key, its certificate and its configuration.
install_host() {
    mkdir -p ".demo/etc/$1"
    run "cp .demo/hosts/$1 .demo/hosts/$1.pub .demo/etc/$1/"
    run "cp $(certificate "$2" host "$1.example.org") .demo/etc/$1/$1-cert.pub"
    cat >".demo/etc/$1/sshd_config" <<EOF
ListenAddress 127.0.0.1
HostKey "$PWD/.demo/etc/$1/$1"
HostCertificate "$PWD/.demo/etc/$1/$1-cert.pub"
TrustedUserCAKeys "$PWD/.demo/etc/user_ca_keys.pub"
RevokedKeys "$PWD/.demo/etc/revoked_keys.krl"
AuthorizedPrincipalsFile "$PWD/.demo/etc/auth_principals/%u"
AuthorizedKeysFile none
AuthenticationMethods publickey
PidFile none
# The clone may lie in a directory that others can write to; a host's /etc/ssh does not.
StrictModes no
# Without PAM, sshd running as root refuses an account whose password is locked.
UsePAM $(uses_pam)
EOF
}

uses_pam() {
    case $(getent shadow "$account" 2>/dev/null | cut -d : -f 2) in
    '!'*) echo yes ;;
    *) echo no ;;
    esac
}

declare -A processes=() ports=()

# start_sshd NAME: starts the host's sshd on a port that is free, and remembers its process.
start_sshd() {
    local program try
    program=$(command -v sshd)
    # As root, sshd wants this directory; its service would have made it.
    if [ "$(id -u)" -eq 0 ]; then mkdir -p /run/sshd; fi
    for try in {1..20}; do
        [ -n "${ports[$1]-}" ] || ports[$1]=$((20000 + RANDOM % 12000))
        show "$program -D -p ${ports[$1]} \\
    -f \"\$PWD/.demo/etc/$1/sshd_config\" -E \"\$PWD/.demo/etc/$1/sshd.log\" &"
        "$program" -D -p "${ports[$1]}" -f "$PWD/.demo/etc/$1/sshd_config" \
            -E "$PWD/.demo/etc/$1/sshd.log" >/dev/null 2>&1 </dev/null &
        processes[$1]=$!
        if is_listening "$1"; then
            printf '[process %d]\n' "${processes[$1]}"
            write_client_configuration
            return
        fi
        stop_sshd "$1"
        printf '[port %d is taken; another one]\n' "${ports[$1]}"
        ports[$1]=
    done
    fail "sshd did not start in $try attempts; see .demo/etc/$1/sshd.log"
}

# is_listening NAME: whether the sshd just started listens; waits up to ten seconds for it.
is_listening() {
    local try
    for try in {1..100}; do
        kill -0 "${processes[$1]}" 2>/dev/null || return 1
        if tail -n 1 ".demo/etc/$1/sshd.log" 2>/dev/null |
            grep -q "^Server listening on .* port ${ports[$1]}"; then
            return 0
        fi
        sleep 0.1
    done
    return 1
}

stop_sshd() {
    kill "${processes[$1]}" 2>/dev/null || true
    wait "${processes[$1]}" 2>/dev/null || true
    unset "processes[$1]"
}

stop_all() {
    local name
    for name in "${!processes[@]}"; do stop_sshd "$name"; done
}

# What a client needs: the known_hosts file of the bundle. The rest stands in for names in the DNS.
write_client_configuration() {
    local name
    for name in "${!ports[@]}"; do
        cat <<EOF
Host $name.example.org
    HostName 127.0.0.1
    Port ${ports[$name]}
    HostKeyAlias $name.example.org

EOF
    done >.demo/client/ssh_config
    cat >>.demo/client/ssh_config <<EOF
Host *
    User $account
    StrictHostKeyChecking yes
    UserKnownHostsFile "$PWD/$bundle/trust/known_hosts"
    GlobalKnownHostsFile none
    IdentitiesOnly yes
    BatchMode yes
    ConnectTimeout 10
EOF
}
