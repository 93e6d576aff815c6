#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Writes the inputs with which fuzzing begins: DIRECTORY/TARGET/NAME. They come from the test vectors that
# ssh-keygen made, from the examples in Docs/Formats, from key revocation lists that ssh-keygen makes here,
# and from short lists below; two runs write the same bytes.
set -euo pipefail
[ $# = 1 ] || { echo "usage: make-seeds.sh DIRECTORY" >&2; exit 64; }
mkdir -p "$1"
seeds=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
vectors=Tests/SSHFormatsTests/Vectors
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# put TARGET NAME: keeps standard input as a seed.
put() {
    mkdir -p "$seeds/$1"
    cat >"$seeds/$1/$2"
}

# put_lines TARGET: keeps each line of standard input as a seed, with \n for a line end.
put_lines() {
    local number=0 line
    while IFS= read -r line; do
        number=$((number + 1))
        printf '%b' "$line" | put "$1" "$number"
    done
}

blob() { awk '{ print $2; exit }' "$1" | base64 -d; }

# example FILE: the example of that name in Docs/Formats.
example() {
    awk -v "name=file=$1" '
        found && /^```$/ { exit }
        found { print }
        /^```/ && $2 == name { found = 1 }' Docs/Formats/*.md
}

# --- keys and certificates

for file in "$vectors"/keys/*.pub; do
    name=$(basename "$file" .pub)
    for target in key key-sanity; do blob "$file" | put $target "$name"; done
    tr -d '\n' <"$file" | put key-line "$name"
done
# Kinds of key of which ssh-keygen makes none without a token.
perl -e '
    sub string { pack("N", length $_[0]) . $_[0] }
    my ($directory) = @ARGV;
    my %keys = (
        "sk-ed25519" => string("sk-ssh-ed25519\@openssh.com") . string("k" x 32) . string("ssh:"),
        "sk-ecdsa" => string("sk-ecdsa-sha2-nistp256\@openssh.com") . string("nistp256")
            . string("\x04" . "p" x 64) . string("ssh:laptop"),
        "mldsa" => string("ssh-mldsa44-ed25519\@openssh.com") . string("m" x 1344),
    );
    for my $name (sort keys %keys) {
        open my $file, ">", "$directory/$name" or die; binmode $file; print $file $keys{$name};
    }' "$work"
for name in sk-ed25519 sk-ecdsa mldsa; do
    for target in key key-sanity; do put $target $name <"$work/$name"; done
done
cat "$vectors"/keys/*ed25519.pub "$vectors"/keys/*ecdsa256.pub | put key-file plain
printf '# comment\r\n\r\n \t%s\r\nno key\n%s' "$(head -n 1 "$vectors/keys/ca-ed25519.pub")" \
    "$(head -n 1 "$vectors/certificates/every-option-cert.pub")" | put key-file mixed

for file in "$vectors"/certificates/*-cert.pub "$vectors"/refused/*-cert.pub; do
    name=$(basename "$file" -cert.pub)
    case $name in *rsa4096*) continue ;; esac
    for target in certificate certificate-signature dissection lint revocation-subject; do blob "$file" | put $target "$name"; done
    tr -d '\n' <"$file" | put certificate-line "$name"
done

# --- attestation

number=0
for certificate in $(example attested-entry.txt | sed -n 's/^attestation-certificate: //p'); do
    number=$((number + 1))
    base64 -d <<<"$certificate" | put x509 "$number"
done

# --- signatures

# The last string of an SSHSIG and of a certificate is a signature.
last_string() {
    perl -0777 -ne '
        for my $place (reverse 0 .. length($_) - 4) {
            next unless unpack("N", substr($_, $place, 4)) == length($_) - $place - 4;
            my $string = substr($_, $place + 4);
            if ($string =~ /^\0\0\0.(?:rsa|ecdsa|ssh|sk)-/s) { print $string; last }
        }'
}
for file in "$vectors"/signatures/*.sig; do
    name=$(basename "$file" .sig)
    put armor "$name" <"$file"
    grep -v -e '-----' "$file" | base64 -d >"$work/blob"
    put sshsig "$name" <"$work/blob"
    last_string <"$work/blob" | put signature "$name"
done
perl -e '
    sub string { pack("N", length $_[0]) . $_[0] }
    my ($directory) = @ARGV;
    my $numbers = string(string("r" x 32) . string("s" x 31));
    my %signatures = (
        "sk-ed25519" => string("sk-ssh-ed25519\@openssh.com") . string("s" x 64) . "\x01" . pack("N", 9),
        "sk-ecdsa" => string("sk-ecdsa-sha2-nistp256\@openssh.com") . $numbers . "\x05" . pack("N", 9),
        "webauthn" => string("webauthn-sk-ecdsa-sha2-nistp256\@openssh.com") . $numbers . "\x01"
            . pack("N", 9) . string("https://ssh.example.org")
            . string("{\"type\":\"webauthn.get\",\"challenge\":\"AAAA\",\"origin\":\"https://ssh.example.org\"}")
            . string(""),
        "mldsa" => string("ssh-mldsa44-ed25519\@openssh.com") . string("m" x 2484),
    );
    for my $name (sort keys %signatures) {
        open my $file, ">", "$directory/$name" or die; binmode $file; print $file $signatures{$name};
    }' "$work"
for name in sk-ed25519 sk-ecdsa webauthn mldsa; do put signature $name <"$work/$name"; done
sed 's/$/\r/' "$vectors/signatures/ed25519.sig" 2>/dev/null | put armor crlf || true

# --- key revocation lists

# krl NAME: makes a list of the specification on standard input; its date becomes a fixed one.
krl() {
    cat >"$work/specification"
    (cd "$work" && ssh-keygen -q -k -f list -z 3 -s "$OLDPWD/$vectors/keys/ca-ed25519.pub" specification)
    perl -0777 -pi -e 'substr($_, 20, 8) = pack("NN", 0, 1700000000)' "$work/list"
    put krl "$1" <"$work/list"
    put krl-reading "$1" <"$work/list"
    put krl-specification "$1" <"$work/specification"
}
printf 'serial: %s\n' 7 9 1000-2000 18446744073709551615 | krl ranges
seq -f 'serial: %.0f' 1 3 400 | krl bitmap
seq -f 'serial: %.0f' 5 1000 20000 | krl list
printf 'id: %s\n' alice bob 'key id of some length' | krl ids
{ echo "key: $(cat "$vectors/keys/key-ed25519.pub")"; echo "sha256: $(cat "$vectors/keys/key-rsa2048.pub")"
    echo "sha1: $(cat "$vectors/keys/key-ecdsa256.pub")"; } | krl keys
: | krl empty
printf 'serial: 1-64\nserial: 128-1000000\nid: x\nsha256: %s\n' \
    "$(cat "$vectors/keys/key-ed25519.pub")" | krl mixed

# What ssh-keygen does not write: extensions, a signature, texts that end in NUL.
perl -e '
    sub string { pack("N", length $_[0]) . $_[0] }
    sub section { chr($_[0]) . string($_[1]) }
    my $key = string("ssh-ed25519") . string("k" x 32);
    print "SSHKRL\n\0", pack("N", 1), pack("NN", 0, 3), pack("NN", 0, 1700000000), pack("NN", 0, 0),
        string(""), string("comment\0"),
        section(1, string("") . string("") . section(0x39, string("x\@example.org") . "\0" . string(""))
            . section(0x23, string("alice\0"))),
        section(255, string("y\@example.org") . "\0" . string("data")),
        chr(4), string($key), string(string("ssh-ed25519") . string("s" x 64));' | put krl-reading extensions

# --- allowed signers and revoked keys

ed25519=$(awk '{ print $1, $2 }' "$vectors/keys/key-ed25519.pub")
rsa=$(awk '{ print $1, $2 }' "$vectors/keys/key-rsa2048.pub")
printf '%s\n' '# comment' '' "alice@example.org $ed25519 alice" \
    "*@example.org,!mallory@example.org cert-authority,namespaces=\"git,file\" $ed25519" \
    "\"a b,c?\" valid-after=\"20260101Z\",valid-before=\"20270101120000Z\" $ed25519" \
    "x namespaces=\"a\\\"b\",Cert-Authority $ed25519" | put allowed-signers all
printf '%s\r\n' "alice valid-after=\"202601011200\" $(awk '{ print $1, $2 }' \
    "$vectors/certificates/every-option-cert.pub")" "bob $rsa" | put allowed-signers certificate
put_lines pattern <<'END'
*\nalice
*@example.org,!mallory@example.org\nalice@example.org
a*b*c?d\naxbxcxd
END
printf '%s\n' "# gone" "$ed25519 alice" "$(cat "$vectors/certificates/every-option-cert.pub")" |
    put revoked-keys keys
{ echo 'authority: any'; echo 'serial: 7'; echo "authority: $ed25519"; echo 'SERIAL: 0x10-0x20'
    echo 'hash: SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU'
    cat "$vectors/certificates/every-option-cert.pub"; } | put krl-specification ours

# --- texts

example alice.req | put request alice
example web1.req | put request web1
example alice.req | put armor-split alice
# The harness signs with a key of its own.
own='ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA11UHVOCACl0jfu9YJgNXZrmz5aFYaKlAqyiZWHiOOw'
for name in alice web1; do
    example $name.req | sed -n '/^-----BEGIN/q; p' | sed "s|^public-key: .*|public-key: $own|" |
        put request-text $name
done
{ example alice.req | sed -n '/^-----BEGIN/q; p' | sed "s|^public-key: .*|public-key: $own|"
    printf '%s\n' 'validity: 2026-11-22T10:00:00Z/2026-11-29T10:00:00Z' 'purpose: é' \
        'option: verify-required' 'option: permit-pty'; } | put request-text more
example audit/policy.txt | put policy example
example audit/roster.txt | put roster example
example policy.yaml | put policy-yaml example
example roster.yaml | put roster-yaml example
example audit/batch.txt | put manifest first
example second/audit/batch.txt | put manifest second
example rejection.txt | put rejection example
example audit/genesis.txt | put genesis example
example audit/checkpoint.txt | put checkpoint example
for file in $(sed -n 's/^```text file=\(.*entr.*\.txt\)$/\1/p' Docs/Formats/LedgerEntry.md); do
    example "$file" | put entry "$(basename "$file" .txt)"
    example "$file" | sed '1s/.*/conclave-sample: v1/; s/^message/free/' |
        put document "$(basename "$file" .txt)"
done

# --- values

put_lines base64 <<'END'
\nZg==
Zm8=
Zm9v
Zm9vYg==
AAAAC3NzaC1lZDI1NTE5AAAAIHZnj7MpAlvSuCyrxAOVAHLLBNOUBuml7K2sndp3Dg5i
END
put_lines hex <<'END'
00
0123456789abcdef
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
END
put_lines scalar <<'END'
1970-01-01T00:00:00Z
2024-02-29T23:59:59Z
9999-12-31T23:59:59Z
7d
36525d
2w
0
18446744073709551615
END
put_lines option <<'END'
verify-required
force-command=/usr/bin/rsync --server . /srv
source-address=192.0.2.0/24,198.51.100.7,2001:db8::/32,::1
source-address=::ffff:192.0.2.1/128,0.0.0.0/0,::/0
END
put_lines key-id-template <<'END'
{requester}/{profile}/{serial}
{authority}:{principal}+{request}
END
put_lines name <<'END'
alice
users@example.org
*.example.org
web.*.example.org
7d
2026-11-22T10:00:00Z/2026-11-29T10:00:00Z
SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU
END
put_lines target <<'END'
serial 7
serials 7-18446744073709551615
key-id alice/7
key ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHZnj7MpAlvSuCyrxAOVAHLLBNOUBuml7K2sndp3Dg5i
END
put_lines token-uri <<'END'
pkcs11:
pkcs11:token=users%20ca;manufacturer=Yubico%20%28www.yubico.com%29;serial=123;model=YubiKey
pkcs11:object=ca;id=%01%02?module-path=/usr/lib/libykcs11.so
END
printf '\x01\x02\x03%s' "$(head -c 200 /dev/zero | tr '\0' 'h')" | put proof short
printf '\xff\xff\xff\0\0\0\0\0\0\0\7\0\0\0\0\0\0\0\x08%s' "$(head -c 96 /dev/zero | tr '\0' 'h')" |
    put proof long
