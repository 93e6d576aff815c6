/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <sys/random.h>

/* Calls of the C library that its headers show only under _GNU_SOURCE, which Swift's Glibc module
 * is built without. Declarations alone: nothing here has a body. */

/* rename(2) with flags; with the flag below it fails with EEXIST instead of replacing. */
int renameat2(
    int old_directory, const char *old_path, int new_directory, const char *new_path,
    unsigned int flags);

/* RENAME_NOREPLACE of <stdio.h>. */
enum { CONCLAVE_RENAME_NOREPLACE = 1 };

/* Writes back the whole file system that holds `descriptor`; tells of write errors since Linux 5.8. */
int syncfs(int descriptor);
