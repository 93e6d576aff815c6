# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# A table to hold ceremonies at, for scripts that source this file: a directory of its own with a token,
# officers, a home and requests. The directory goes when the script ends.

fail() {
    printf '%s: %s\n' "${0##*/}" "$1" >&2
    exit 1
}

# open_workbench CONCLAVE: goes into a new directory, with this program under its own name in PATH.
open_workbench() {
    local program name
    program=$(cd -- "$(dirname -- "$1")" && pwd)/${1##*/}
    [ -x "$program" ] || fail "there is no program $1; build it first"
    for name in /usr/lib/softhsm /usr/lib/*/softhsm /usr/local/lib/softhsm; do
        [ ! -f "$name/libsofthsm2.so" ] || module=$name/libsofthsm2.so
    done
    [ -n "${module-}" ] || fail "SoftHSM's libsofthsm2.so is in none of its usual places"
    for name in softhsm2-util ssh-keygen; do
        command -v "$name" >/dev/null || fail "there is no program $name"
    done
    bench=$(mktemp -d "${TMPDIR:-/tmp}/conclave-bench-XXXXXX")
    trap 'rm -rf "$bench"' EXIT
    trap 'exit 130' HUP INT TERM
    cd "$bench"
    mkdir programs tokens officers people spool outbox tmp
    ln -s "$program" programs/conclave
    export PATH="$bench/programs:$PATH" TMPDIR="$bench/tmp" LC_ALL=C.UTF-8 TZ=UTC
    unset SSH_AUTH_SOCK SSH_ASKPASS LD_PRELOAD
    use_tokens tokens
    echo 47114711 >pin
}

# use_tokens DIR: SoftHSM keeps its tokens there from now on. Two programs must not start on one such
# directory at once: each copy of the table has its own.
use_tokens() {
    export SOFTHSM2_CONF=$PWD/$1.conf
    cat >"$SOFTHSM2_CONF" <<EOF
directories.tokendir = $PWD/$1
objectstore.backend = file
log.level = ERROR
slots.removable = false
EOF
}

# found_home [NAME]: a token with a P-256 key for users, three officers, and the home `ca`; the officer
# NAME has not signed yet.
found_home() {
    local name
    softhsm2-util --init-token --free --label bench --so-pin 12345678 --pin "$(cat pin)" >/dev/null
    conclave token generate --module "$module" --token pkcs11:token=bench --kind ecdsa-p256 \
        --label users --output users --pin-fd 3 3<pin >/dev/null
    cat >policy.yaml <<'EOF'
conclave-policy: 1
authorities:
  - name: users@example.org
    type: user
profiles:
  - name: staff
    authority: users@example.org
    class: routine
    principals: [alice]
    key-kinds: [ed25519]
    validity: {default: 7d, maximum: 30d}
    key-id: "{principal}/{serial}"
EOF
    {
        printf 'conclave-roster: 1\nofficers:\n'
        for name in olivia pierre quinn; do
            ssh-keygen -q -t ed25519 -N '' -C $name -f officers/$name
            printf '  - name: %s\n    accounts: [%s]\n    keys: [%s]\n' $name $name \
                "$(cat officers/$name.pub)"
        done
        printf 'thresholds: {routine: 2}\nbundle-signatures: 1\n'
    } >roster.yaml
    conclave init --home ca --policy policy.yaml --roster roster.yaml \
        --ca-key users@example.org=users.token >/dev/null
    for name in olivia pierre quinn; do
        [ "$name" = "${1-}" ] || conclave init --home ca --key officers/$name >/dev/null
    done
}

# make_requests COUNT [KEYS]: so many requests, made with OpenSSH alone; each with a key of its own, or
# with one of KEYS keys in turn.
make_requests() {
    local number key created keys=${2-$1}
    created=$(date -u +%Y-%m-%dT%H:%M:%SZ)
    for key in $(seq 0 $((keys - 1))); do
        ssh-keygen -q -t ed25519 -N '' -C '' -f "people/$key"
        local texts=() public
        read -r -d '' public <"people/$key.pub" || :
        for number in $(seq $((key + 1)) "$keys" "$1"); do
            printf -v "texts[$number]" 'spool/%d.req' "$number"
            printf '%s: %s\n' conclave-request v1 authority users@example.org type user \
                public-key "${public% }" principal alice profile staff created "$created" \
                nonce "$(printf %032x "$number")" >"spool/$number.req"
        done
        ssh-keygen -q -Y sign -f "people/$key" -n conclave-request-v1 "${texts[@]}" 2>/dev/null
    done
}

# approve_batch NUMBER: two officers approve.
approve_batch() {
    conclave approve --home ca "$1" --key officers/olivia >/dev/null
    conclave approve --home ca "$1" --key officers/pierre >/dev/null
}

# sign_batch NUMBER [HOME [OUTBOX]]: the ceremony, as an operator types it.
sign_batch() {
    conclave sign --home "${2-ca}" "$1" --module "$module" --outbox "${3-outbox}" \
        --seal-with officers/quinn --pin-fd 3 3<pin
}
