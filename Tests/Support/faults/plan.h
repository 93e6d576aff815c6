/* SPDX-License-Identifier: Apache-2.0
 *
 * What is to go wrong, as the environment says it, and the counting of calls. */

#ifndef CONCLAVE_FAULTS_PLAN_H
#define CONCLAVE_FAULTS_PLAN_H

#include <stdbool.h>
#include <stddef.h>

/* Those up to CHMOD change what is on the disk. */
enum call {
    ALL, ANY, WRITE, PWRITE, FSYNC, FDATASYNC, SYNCFS, RENAME, LINK, UNLINK, MKDIR, FTRUNCATE, OPEN,
    CHMOD, OPENREAD, READ, PREAD, STAT, LIST, CLOSE, LOCK, MAP, SEEK, CALLS
};

/* What a call works on. */
struct place {
    /* Where a path begins: a descriptor or AT_FDCWD; alone, the descriptor that is meant. */
    int base;
    /* NULL for the descriptor itself. */
    const char *path;
};

/* How a call of bytes is to be carried out. */
enum manner { WHOLE, HALF, HALF_AND_END, FAILED };

/* Counts a call, and tells whether it is to fail; then errno is set. Does not return from a kill. */
bool fails(enum call call, struct place place);

/* As `fails`, for a call of bytes on a descriptor. */
enum manner manner_of(enum call call, int descriptor);

/* Ends the process, as the power's end would. */
void end_now(void) __attribute__((noreturn));

#endif
