/* SPDX-License-Identifier: Apache-2.0
 *
 * Another hour on the clock, for tests: preloaded into a program, it moves the time of day.
 *
 *     LD_PRELOAD=./clock.so CONCLAVE_CLOCK=SECONDS program …
 *
 * SECONDS is added to the time of day, and may be negative. Clocks that measure spans are left alone.
 * CONCLAVE_FAULT_PROGRAM=NAME leaves programs of other names alone, such as children. */

#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static long offset;

/* A test whose clock is misspelt must not pass as if it were now. */
static void refuse(const char *text)
{
    dprintf(STDERR_FILENO, "clock: CONCLAVE_CLOCK \"%s\" is no number of seconds\n", text);
    _exit(99);
}

__attribute__((constructor)) static void begin(void)
{
    const char *program = getenv("CONCLAVE_FAULT_PROGRAM");
    if (program != NULL && strcmp(program, program_invocation_short_name) != 0) return;
    const char *text = getenv("CONCLAVE_CLOCK");
    if (text == NULL || *text == '\0') return;
    char *end;
    offset = strtol(text, &end, 10);
    if (*end != '\0') refuse(text);
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    static int (*next)(clockid_t, struct timespec *);
    if (next == NULL) next = (typeof(next))dlsym(RTLD_NEXT, "clock_gettime");
    int result = next(clock, time);
    if (result == 0 && clock == CLOCK_REALTIME) time->tv_sec += offset;
    return result;
}
