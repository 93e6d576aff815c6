#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The main job on real input: from request files to a login through a real sshd. Each command stands on
# the screen as a person would type it, each outcome is checked, and what was started is ended. Home,
# outbox and everything else stay under .demo/ to look at; the next run starts clean.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=Ceremony/Demo/stage.sh
. Ceremony/Demo/stage.sh
prepare_stage

make_request=Ceremony/Requests/make-request.sh

section "A token with two CA keys" \
    "The token is SoftHSM, with a directory of its own. Both keys are made on it and never leave it:" \
    "ECDSA P-256 for users, Ed25519 for hosts. The PIN goes to conclave through a descriptor; it stands in" \
    "a file only because nobody sits here to type it."
make_token_configuration
show "export PATH=$programs:\$PATH"
show "export SOFTHSM2_CONF=\$PWD/.demo/token/softhsm2.conf"
run "softhsm2-util --init-token --free --label demo \\
    --pin \"\$(cat .demo/token/pin)\" --so-pin \"\$(cat .demo/token/so-pin)\""
says "has been initialized"
run "conclave token list --only --module $module"
says "demo"
run "conclave token generate --module $module --token 'pkcs11:token=demo' \\
    --kind ecdsa-p256 --label users --output .demo/token/users --pin-fd 3 3<.demo/token/pin"
run "conclave token generate --module $module --token 'pkcs11:token=demo' \\
    --kind ed25519 --label hosts --output .demo/token/hosts --pin-fd 3 3<.demo/token/pin"
run "ssh-keygen -l -f .demo/token/users.pub && ssh-keygen -l -f .demo/token/hosts.pub"
says "(ECDSA)"
says "(ED25519)"

section "Three officers found a home" \
    "Policy and roster are YAML. Every officer signs what they compile to, and the two CA keys with it;" \
    "the last signature makes the home. Each signs with an ssh key of his or her own."
for officer in olivia pavel quinn; do
    run "ssh-keygen -q -t ed25519 -N '' -C $officer@example.org -f .demo/officers/$officer"
done
note "The policy is the example; its login account becomes the one that runs this, $account."
run "sed 's/\\[deploy\\]/[$account]/' Ceremony/Examples/policy.yaml >.demo/policy.yaml"
write_roster
run "grep -v '^#' .demo/roster.yaml"
run "conclave init --home .demo/home --policy .demo/policy.yaml --roster .demo/roster.yaml \\
    --ca-key users@example.org=.demo/token/users.token --ca-key hosts@example.org=.demo/token/hosts.token"
run "conclave init --home .demo/home --key .demo/officers/olivia"
run "conclave init --home .demo/home --key .demo/officers/pavel"
run "ssh-keygen -Y sign -f .demo/officers/quinn -n conclave-genesis-v1 .demo/home.genesis/genesis.txt"
run "conclave init --home .demo/home --signature .demo/home.genesis/genesis.txt.sig"
[ -d .demo/home ] || fail "there is no home after the last signature"
note "The SHA-256 of the genesis is the home's identity; everybody who will check anything notes it down."
run "sha256sum .demo/home.genesis/genesis.txt"
identity=$(cut -c 1-64 .demo/output)

section "Requests, made with plain OpenSSH" \
    "A shell script writes a short text and has ssh-keygen sign it with the key to be certified: nothing" \
    "of Conclave is needed. Eight people ask, an officer among them, and four hosts."
ask alice "ed25519" "Alice Arden <alice@example.org>"
ask bob "rsa -b 3072" "Bob Barr <bob@example.org>"
ask carol "ecdsa -b 256" "Carol Cole <carol@example.org>"
ask dave "ecdsa -b 384" "Dave Dunn <dave@example.org>"
ask erin "ecdsa -b 521" "Erin Eames <erin@example.org>"
ask heidi "ed25519" "Heidi Hahn <heidi@example.org>"
ask pavel "ed25519" "Pavel Novák <pavel@example.org>"
ask frank "ed25519" "Frank Fell <frank@example.org>" auditors
until=$(date -u -d '+1 year' +%Y-%m-%dT00:00:00Z)
ask_host web1 "ed25519" "$until"
ask_host web2 "ecdsa -b 256" "$until"
ask_host db1 "rsa -b 3072" "$until"
ask_host mail1 "ecdsa -b 521" ""
run "cat .demo/spool/alice.req"
run "conclave request check --policy .demo/policy.yaml .demo/spool/alice.req"

section "And some that must not get through" \
    "One altered after it was signed, one signed by another key, a principal that the policy does not" \
    "allow, an RSA key of 1024 bits, and one with no principal at all, which some servers take for anybody."
run "sed 's/^principal: bob/principal: alice/' .demo/spool/bob.req >.demo/spool/x-altered.req"
run "ssh-keygen -q -t ed25519 -N '' -C mallory -f .demo/people/mallory"
run "sed '/^-----BEGIN/,\$d' .demo/spool/carol.req >.demo/x-stolen.txt"
run "ssh-keygen -q -Y sign -f .demo/people/mallory -n conclave-request-v1 .demo/x-stolen.txt"
run "cat .demo/x-stolen.txt .demo/x-stolen.txt.sig >.demo/spool/x-stolen-key.req"
run "$make_request -a users@example.org -p staff -n root -f .demo/spool/x-principal.req \\
    .demo/people/mallory.pub"
run "ssh-keygen -q -t rsa -b 1024 -N '' -C mallory -f .demo/people/weak"
run "$make_request -a users@example.org -p staff -n alice -f .demo/spool/x-rsa-1024.req \\
    .demo/people/weak.pub"
run "sed -e '/^-----BEGIN/,\$d' -e '/^principal:/d' .demo/spool/x-principal.req >.demo/x-empty.txt"
run "ssh-keygen -q -Y sign -f .demo/people/mallory -n conclave-request-v1 .demo/x-empty.txt"
run "cat .demo/x-empty.txt .demo/x-empty.txt.sig >.demo/spool/x-no-principal.req"

section "Intake" \
    "Each file is admitted, or refused with all its violations. The refused stay where they are."
refused 3 "conclave intake --home .demo/home --spool .demo/spool"
for name in alice bob carol dave erin heidi pavel frank web1 web2 db1 mail1; do
    says_line "admitted .*$name\\.req"
done
says_verdict x-altered.req "(REQUEST-POSSESSION)"
says_verdict x-stolen-key.req "(REQUEST-POSSESSION)"
says_verdict x-principal.req "(POLICY-PRINCIPAL)"
says_verdict x-rsa-1024.req "RSA modulus of 1024 bits is shorter than 2048"
says_verdict x-no-principal.req "(REQUEST-PRINCIPAL)"
note "Alice's file comes in once more, under another name: a request is admitted once."
run "cp .demo/spool/alice.req .demo/spool-2/alice-again.req"
refused 3 "conclave intake --home .demo/home --spool .demo/spool-2"
says_verdict alice-again.req "(REQUEST-REPLAY)"

section "A batch" \
    "Drafting fixes every byte that will be signed: serials, nonces, times. The manifest is what officers" \
    "read, and from it alone an officer's own machine rebuilds those bytes, without the home."
run "conclave batch new --home .demo/home"
run "cp .demo/home/batches/0001.batch .demo/officers/0001.batch"
run "conclave-verify batch .demo/officers/0001.batch | sed -n '1,21p;\$p'"
says "sound: batch 1"
run "conclave batch show --home .demo/home 1 | sed -n '1,13p'"

section "Approval: two officers for each item, and nobody for his own" \
    "One approval is not enough. Pavel's comes second and counts for all items but the one that certifies" \
    "himself. Quinn signs the manifest with plain ssh-keygen, as on a machine without Conclave."
run "conclave approve --home .demo/home 1 --key .demo/officers/olivia"
sign_1="conclave sign --home .demo/home 1 --module $module --outbox .demo/outbox \\
    --seal-with .demo/officers/olivia --pin-fd 3 3<.demo/token/pin"
refused 3 "$sign_1"
says "QUORUM-MISSING"
says "1 of 2 approvals"
run "conclave approve --home .demo/home 1 --key .demo/officers/pavel"
refused 3 "$sign_1"
says "Pavel Novák does not count"
says_not "0 of 2 approvals"
run "ssh-keygen -Y sign -f .demo/officers/quinn -n conclave-batch-v1 .demo/officers/0001.batch"
run "conclave approve --home .demo/home 1 --signature .demo/officers/0001.batch.sig"

section "The ceremony" \
    "Intent is recorded before the token signs; each certificate is parsed back, compared with the approved" \
    "bytes and verified apart from the token before it is recorded; the bundle comes last."
run "$sign_1"
run "cd $bundle && find . -type f -not -path './audit/*' | sort"
[ "$(find $bundle/certificates/user -name '*-cert.pub' | wc -l)" -eq 8 ] || fail "not 8 certificates for users"
[ "$(find $bundle/certificates/host -name '*-cert.pub' | wc -l)" -eq 4 ] || fail "not 4 certificates for hosts"
alice=$(certificate $bundle user alice)
run "ssh-keygen -L -f $alice"
says "ssh-ed25519-cert-v01@openssh.com user certificate"
says "Signing CA: ECDSA"
run "ssh-keygen -L -f $(certificate $bundle host web1.example.org)"
says "Signing CA: ED25519"
run "sed -n '1,37p' $bundle/report.txt"
note "The same report for paper, with a QR code and room for signatures, is report.html: open it in a browser." \
    "Made again from the ledger it is the same, byte for byte; and it is read aloud in words."
run "conclave report --home .demo/home 1 --format html | cmp - $bundle/report.html && echo the same bytes"
run "conclave-verify words $bundle/audit/batch.txt"

section "A real sshd, a real ssh" \
    "The hosts put in place what the bundle holds; the client trusts one @cert-authority line and nothing" \
    "else, under StrictHostKeyChecking=yes. No authorized_keys file is read. The account is $account."
install_trust $bundle
for host in web1 web2 db1 mail1; do
    install_host $host $bundle
    start_sshd $host
done
run "cat .demo/etc/web1/sshd_config"
run "tail -n 8 .demo/client/ssh_config && cut -c 1-76 $bundle/trust/known_hosts"
note "Each person puts the certificate beside the key, and logs in to the first host: with Ed25519, RSA and" \
    "three sizes of ECDSA."
for name in alice bob carol dave erin heidi; do
    run "cp $(certificate $bundle user $name) .demo/people/$name-cert.pub"
    run "ssh -F .demo/client/ssh_config -i .demo/people/$name web1.example.org 'echo $name is in'"
    says_line "^$name is in\$"
done
note "Alice logs in to the other hosts, which have host keys of other kinds."
for host in web2 db1 mail1; do
    run "ssh -F .demo/client/ssh_config -i .demo/people/alice $host.example.org 'echo alice is on $host'"
    says_line "^alice is on $host\$"
done
note "Frank's certificate is genuine, but auditors are not listed for this account."
run "cp $(certificate $bundle user frank) .demo/people/frank-cert.pub"
refused 255 "ssh -F .demo/client/ssh_config -i .demo/people/frank web1.example.org 'echo frank is in'"
says "Permission denied"
run "grep 'principal' .demo/etc/web1/sshd.log"
says "Certificate does not contain an authorized principal"
note "And this host's certificate does not pass for another host."
refused 255 "ssh -F .demo/client/ssh_config -i .demo/people/alice -o HostKeyAlias=web9.example.org \\
    web1.example.org true"
says "not a listed principal"

section "Revocation" \
    "Heidi's laptop is lost. Revoking is easy: one officer is enough, and the next revocation list goes out." \
    "No CA key signs, so that no PIN is asked for. sshd reads the list at each login and needs no restart."
heidi=$(serial "$(certificate $bundle user heidi)")
run "conclave revoke --home .demo/home --authority users@example.org --serial $heidi \\
    --reason 'laptop lost'"
run "conclave approve --home .demo/home 2 --key .demo/officers/quinn"
run "conclave sign --home .demo/home 2 --module $module --outbox .demo/outbox \\
    --seal-with .demo/officers/olivia"
ends 1 "ssh-keygen -Q -f .demo/outbox/conclave-0002/trust/revoked_keys.krl .demo/people/heidi-cert.pub"
says "REVOKED"
run "cp .demo/outbox/conclave-0002/trust/revoked_keys.krl .demo/etc/revoked_keys.krl.new"
run "mv .demo/etc/revoked_keys.krl.new .demo/etc/revoked_keys.krl"
refused 255 "ssh -F .demo/client/ssh_config -i .demo/people/heidi web1.example.org 'echo heidi is in'"
says "Permission denied"
run "grep -i 'revoked' .demo/etc/web1/sshd.log"
says "revoked by file"
run "ssh -F .demo/client/ssh_config -i .demo/people/alice web1.example.org 'echo alice is in'"
says_line '^alice is in$'

section "Rotation" \
    "All host certificates end within 30 days. Hosts that consented get new ones with no new request;" \
    "mail1 did not, and is named. The login works with the new certificate."
run "conclave batch new --home .demo/home --rotate --within 30d"
says "mail1.example.org"
run "conclave approve --home .demo/home 3 --key .demo/officers/olivia"
run "conclave approve --home .demo/home 3 --key .demo/officers/quinn"
run "conclave sign --home .demo/home 3 --module $module --outbox .demo/outbox \\
    --seal-with .demo/officers/quinn --pin-fd 3 3<.demo/token/pin"
[ "$(find .demo/outbox/conclave-0003/certificates/host -name '*-cert.pub' | wc -l)" -eq 3 ] ||
    fail "not 3 renewed certificates for hosts"
old=$(serial "$(certificate $bundle host web1.example.org)")
renewed=$(certificate .demo/outbox/conclave-0003 host web1.example.org)
new=$(serial "$renewed")
[ "$new" -gt "$old" ] || fail "the renewed certificate has serial $new, and the old one $old"
run "cp $renewed .demo/etc/web1/web1-cert.pub"
show "kill ${processes[web1]}"
stop_sshd web1
start_sshd web1
run "ssh -v -F .demo/client/ssh_config -i .demo/people/alice web1.example.org 'echo alice is in' 2>&1 |
    grep -E 'Server host certificate|alice is in'"
says "serial $new ID \"web1.example.org/$new\""
says_line '^alice is in$'
note "No host certificate ends within a week: there is nothing to draft, and the exit status says so."
ends 4 "conclave batch new --home .demo/home --rotate --within 7d"

section "Who was that?" \
    "A line of sshd's log leads back to the request, its proof of possession, the approvers, the ceremony."
run "grep 'Accepted publickey' .demo/etc/web1/sshd.log | tail -n 1 | tee .demo/line.txt"
run "conclave trace --home .demo/home - <.demo/line.txt"
says "Alice Arden <alice@example.org>"
says "alice.req"
says "Olivia Lind"
says "Quinn Okafor"
run "conclave trace --home .demo/home 'users@example.org $heidi'"
says "laptop lost"
run "conclave ledger verify --home .demo/home"

section "The auditor" \
    "A second program checks each bundle without the home; sha256sum and ssh-keygen check sums and seal" \
    "without Conclave. One flipped byte is found, and named."
for number in 1 2 3; do
    run "conclave-verify bundle .demo/outbox/conclave-000$number --genesis $identity"
    says_line "^sound: bundle of batch $number"
done
run "conclave-verify certificate $alice --ca .demo/token/users.pub"
says "holds"
run "cd $bundle && sha256sum --quiet -c SHA256SUMS && echo all sums hold"
run "sed 's/^/olivia /' .demo/officers/olivia.pub >.demo/allowed_signers"
run "ssh-keygen -Y verify -f .demo/allowed_signers -I olivia -n conclave-bundle-v1 \\
    -s $bundle/SHA256SUMS.sig <$bundle/SHA256SUMS"
says "Good \"conclave-bundle-v1\" signature for olivia"
run "cp -r $bundle .demo/flipped"
flipped=$(certificate .demo/flipped user alice)
flip_byte "$flipped" 200
ends 2 "conclave-verify bundle .demo/flipped --genesis $identity"
says_line "^FAIL +${flipped#.demo/flipped/}: "

finish "All is as it should be" \
    "Look around: .demo/home (the home), .demo/outbox (the bundles), .demo/etc (the hosts' files and logs)."
