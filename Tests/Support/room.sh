#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Runs a command in namespaces of its own: mounts, with an empty /run that has /run/pcscd; network; processes,
# which end with the command. pcscd's socket has one place and vpcd listens on all addresses: in a room they
# meet nobody.
set -u

if [ $# -eq 0 ]; then
    echo 'usage: room.sh COMMAND [ARGUMENT]...' >&2
    exit 2
fi

spaces='--mount --net --pid --fork --kill-child'
# Programs look themselves up in /proc, which must be that of their processes; Swift's crash where it is not.
empty='mount -t proc none /proc && mount -t tmpfs none /run && mkdir /run/pcscd'
# Where / is no mount, as in a changed root, unshare cannot make all mounts private: /run alone is then.
own="mount --make-private /run && mount --make-private /proc && $empty"

# Unprivileged where the kernel lets anybody have namespaces; else as root; else as root in a changed root.
reasons=''
try() {
    preparation=$1
    shift
    # The words of options are meant to be split.
    # shellcheck disable=SC2086
    if reason=$(unshare "$@" $spaces sh -c "$preparation" 2>&1); then return 0; fi
    reasons="$reasons
unshare $* $spaces: $reason"
    return 1
}

# shellcheck disable=SC2086
if try "$empty" --user --map-root-user; then
    exec unshare --user --map-root-user $spaces sh -c "$empty && exec \"\$@\"" room "$@"
elif try "$empty"; then
    exec unshare $spaces sh -c "$empty && exec \"\$@\"" room "$@"
elif try "$own" --propagation unchanged; then
    exec unshare --propagation unchanged $spaces sh -c "$own && exec \"\$@\"" room "$@"
fi
printf '%s\n' "room.sh: no namespaces of mounts, network and processes can be had here:$reasons" \
    'allow user namespaces (sysctl kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0),' \
    'or run this as root with CAP_SYS_ADMIN' >&2
exit 1
