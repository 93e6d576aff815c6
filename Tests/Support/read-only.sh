#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# usage: read-only.sh DIR COMMAND [ARGUMENT]...
#
# Runs a command to which DIR stands on a medium that is mounted read-only: a copy of it in memory, in a
# namespace of mounts that ends with the command.
set -u

if [ $# -lt 2 ]; then
    echo 'usage: read-only.sh DIR COMMAND [ARGUMENT]...' >&2
    exit 2
fi

# What is copied is found by a descriptor, once the medium lies over it.
# shellcheck disable=SC2016
mount='directory=$1 && shift && exec 9<"$directory" && mount -t tmpfs none "$directory" &&
    cp -a /proc/self/fd/9/. "$directory" && exec 9<&- && mount -o remount,ro "$directory"'

# Unprivileged where the kernel lets anybody have namespaces; else as root; else as root in a changed root.
reasons=''
for options in '--user --map-root-user --mount' --mount '--mount --propagation unchanged'; do
    # The words of options are meant to be split.
    # shellcheck disable=SC2086
    if reason=$(unshare $options sh -c "$mount" read-only "$1" 2>&1); then
        exec unshare $options sh -c "$mount"' && exec "$@"' read-only "$@"
    fi
    reasons="$reasons
unshare $options: $reason"
done
printf '%s\n' "read-only.sh: no namespace of mounts can be had here:$reasons" \
    'allow user namespaces (sysctl kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0),' \
    'or run this as root with CAP_SYS_ADMIN' >&2
exit 1
