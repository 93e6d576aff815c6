/* SPDX-License-Identifier: Apache-2.0
 *
 * Faults on demand, for tests: preloaded into a program, it counts the calls that make things last,
 * and at the one that it is told of lets the call fail or kills the process.
 *
 *     LD_PRELOAD=./faults.so CONCLAVE_FAULT=CALL:NUMBER:EFFECT program …
 *
 * CALL     write, pwrite, fsync, fdatasync, syncfs, rename, link, unlink, mkdir, ftruncate, open,
 *          or any, which counts them all together. The variants of a call are counted with it and
 *          are taken as its name too: renameat2 and rename are one, and so are pwrite64 and pwrite.
 *          Writes count where they go to regular files; opens, where they may make one (O_CREAT);
 *          removing a directory counts as unlink.
 * NUMBER   which call is meant, from 1; with + behind it that one and all after it.
 * EFFECT   kill: SIGKILL in place of the call. torn: half of a write, then SIGKILL.
 *          short: half of a write, reported as such. Or the errno to fail with, by name or number.
 *
 * CONCLAVE_FAULT_LOG=PATH      gets a line `CALL COUNT` for each call when the process exits.
 * CONCLAVE_FAULT_PROGRAM=NAME  leaves programs of other names alone, such as children.
 *
 * Each process counts for itself. Calls inside the C library (stdio) are not seen. A killed process
 * leaves what it wrote in the kernel's hands: this shows the order of calls, not what a disk loses. */

#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum call {
    ANY, WRITE, PWRITE, FSYNC, FDATASYNC, SYNCFS, RENAME, LINK, UNLINK, MKDIR, FTRUNCATE, OPEN,
    CALLS
};

static const char *const call_names[CALLS] = {
    "any", "write", "pwrite", "fsync", "fdatasync", "syncfs", "rename", "link", "unlink", "mkdir",
    "ftruncate", "open",
};

static const struct {
    const char *name;
    enum call call;
} aliases[] = {
    {"writev", WRITE}, {"pwrite64", PWRITE}, {"pwritev", PWRITE}, {"pwritev64", PWRITE},
    {"renameat", RENAME}, {"renameat2", RENAME}, {"linkat", LINK}, {"unlinkat", UNLINK},
    {"rmdir", UNLINK}, {"mkdirat", MKDIR}, {"ftruncate64", FTRUNCATE}, {"open64", OPEN},
    {"openat", OPEN}, {"openat64", OPEN}, {"creat", OPEN}, {"creat64", OPEN},
};

static const struct {
    const char *name;
    int number;
} faults[] = {
    {"EACCES", EACCES}, {"EAGAIN", EAGAIN}, {"EBUSY", EBUSY}, {"EDQUOT", EDQUOT},
    {"EEXIST", EEXIST}, {"EFBIG", EFBIG}, {"EINTR", EINTR}, {"EINVAL", EINVAL}, {"EIO", EIO},
    {"EMFILE", EMFILE}, {"ENFILE", ENFILE}, {"ENODEV", ENODEV}, {"ENOENT", ENOENT},
    {"ENOMEM", ENOMEM}, {"ENOSPC", ENOSPC}, {"ENOSYS", ENOSYS}, {"EPERM", EPERM},
    {"EROFS", EROFS}, {"ESTALE", ESTALE}, {"EXDEV", EXDEV},
};

/* Effects that are no errno. */
enum { NONE = 0, KILL = -1, TORN = -2, SHORT = -3 };

static struct {
    bool active;
    enum call call;
    unsigned long number;
    bool onwards;
    int effect;
} plan;

static atomic_ulong counts[CALLS];
static const char *log_path;

/* A test whose fault is misspelt must not pass as if there had been none. */
static void refuse(const char *text)
{
    dprintf(STDERR_FILENO, "faults: CONCLAVE_FAULT \"%s\" is not CALL:NUMBER[+]:EFFECT\n", text);
    _exit(99);
}

static bool find_call(const char *name, enum call *found)
{
    for (int index = 0; index < CALLS; index++) {
        if (strcmp(name, call_names[index]) == 0) {
            *found = (enum call)index;
            return true;
        }
    }
    for (size_t index = 0; index < sizeof aliases / sizeof *aliases; index++) {
        if (strcmp(name, aliases[index].name) == 0) {
            *found = aliases[index].call;
            return true;
        }
    }
    return false;
}

static int find_effect(const char *name)
{
    if (strcmp(name, "kill") == 0) return KILL;
    if (strcmp(name, "torn") == 0) return TORN;
    if (strcmp(name, "short") == 0) return SHORT;
    for (size_t index = 0; index < sizeof faults / sizeof *faults; index++) {
        if (strcmp(name, faults[index].name) == 0) return faults[index].number;
    }
    char *end;
    long number = strtol(name, &end, 10);
    return *name != '\0' && *end == '\0' && number > 0 && number < 4096 ? (int)number : NONE;
}

static void parse(const char *text)
{
    char copy[64];
    if (strlen(text) >= sizeof copy) refuse(text);
    strcpy(copy, text);
    char *number = strchr(copy, ':');
    if (number == NULL) refuse(text);
    *number++ = '\0';
    char *effect = strchr(number, ':');
    if (effect == NULL) refuse(text);
    *effect++ = '\0';

    char *end;
    plan.number = strtoul(number, &end, 10);
    plan.onwards = *end == '+';
    if (plan.onwards) end++;
    plan.effect = find_effect(effect);
    bool sound = find_call(copy, &plan.call) && *end == '\0' && plan.number > 0
        && plan.effect != NONE;
    if (!sound) refuse(text);
    plan.active = true;
}

__attribute__((constructor)) static void begin(void)
{
    const char *program = getenv("CONCLAVE_FAULT_PROGRAM");
    if (program != NULL && strcmp(program, program_invocation_short_name) != 0) return;
    log_path = getenv("CONCLAVE_FAULT_LOG");
    const char *text = getenv("CONCLAVE_FAULT");
    if (text != NULL && *text != '\0') parse(text);
}

__attribute__((destructor)) static void end(void)
{
    if (log_path == NULL) return;
    /* By their numbers, so that the log is not among what it counts. */
    long file = syscall(
        SYS_openat, AT_FDCWD, log_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) return;
    for (int call = 0; call < CALLS; call++) {
        char line[64];
        int size = snprintf(line, sizeof line, "%s %lu\n", call_names[call], counts[call]);
        syscall(SYS_write, file, line, (size_t)size);
    }
    syscall(SYS_close, file);
}

static bool reached(enum call call)
{
    unsigned long any = atomic_fetch_add(&counts[ANY], 1) + 1;
    unsigned long own = atomic_fetch_add(&counts[call], 1) + 1;
    if (!plan.active || (plan.call != ANY && plan.call != call)) return false;
    unsigned long count = plan.call == ANY ? any : own;
    return plan.onwards ? count >= plan.number : count == plan.number;
}

/* Counts a call, and tells whether it is to fail; then errno is set. Does not return from a kill. */
static bool fails(enum call call)
{
    if (!reached(call)) return false;
    if (plan.effect < 0) {
        /* Only a write has halves. */
        if (plan.effect == SHORT) return false;
        kill(getpid(), SIGKILL);
        for (;;) pause();
    }
    errno = plan.effect;
    return true;
}

/* As `fails`, for a write of `*size` bytes, which is halved where that is the effect; `torn` tells
 * that the process ends after it. */
static bool write_fails(enum call call, int descriptor, size_t *size, bool *torn)
{
    struct stat status;
    int before = errno;
    *torn = false;
    bool regular = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    errno = before;
    if (!regular) return false;
    if (plan.effect != TORN && plan.effect != SHORT) return fails(call);
    if (!reached(call)) return false;
    *torn = plan.effect == TORN;
    /* A write of one byte that is short would be one of none, which says something else. */
    if (*torn || *size > 1) *size /= 2;
    return false;
}

static void end_if(bool torn)
{
    if (!torn) return;
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* The C library's own function of the name that the caller has taken over. */
#define NEXT(name)                                                                                 \
    static typeof(&name) next;                                                                     \
    if (next == NULL) next = (typeof(next))dlsym(RTLD_NEXT, #name)

/* A call that is counted as `call`, and answers -1 where it fails. */
#define WRAP(call, name, parameters, arguments)                                                    \
    int name parameters                                                                            \
    {                                                                                              \
        NEXT(name);                                                                                \
        return fails(call) ? -1 : next arguments;                                                  \
    }

WRAP(FSYNC, fsync, (int descriptor), (descriptor))
WRAP(FDATASYNC, fdatasync, (int descriptor), (descriptor))
WRAP(SYNCFS, syncfs, (int descriptor), (descriptor))
WRAP(RENAME, rename, (const char *from, const char *to), (from, to))
WRAP(RENAME, renameat, (int base, const char *from, int other, const char *to),
     (base, from, other, to))
WRAP(RENAME, renameat2, (int base, const char *from, int other, const char *to, unsigned flags),
     (base, from, other, to, flags))
WRAP(LINK, link, (const char *from, const char *to), (from, to))
WRAP(LINK, linkat, (int base, const char *from, int other, const char *to, int flags),
     (base, from, other, to, flags))
WRAP(UNLINK, unlink, (const char *path), (path))
WRAP(UNLINK, unlinkat, (int base, const char *path, int flags), (base, path, flags))
WRAP(UNLINK, rmdir, (const char *path), (path))
WRAP(MKDIR, mkdir, (const char *path, mode_t mode), (path, mode))
WRAP(MKDIR, mkdirat, (int base, const char *path, mode_t mode), (base, path, mode))
WRAP(FTRUNCATE, ftruncate, (int descriptor, off_t size), (descriptor, size))
WRAP(FTRUNCATE, ftruncate64, (int descriptor, off64_t size), (descriptor, size))
WRAP(OPEN, creat, (const char *path, mode_t mode), (path, mode))
WRAP(OPEN, creat64, (const char *path, mode_t mode), (path, mode))

/* A write of one buffer. */
#define WRAP_WRITE(call, name, parameters, arguments)                                              \
    ssize_t name parameters                                                                        \
    {                                                                                              \
        NEXT(name);                                                                                \
        bool torn;                                                                                 \
        if (write_fails(call, descriptor, &size, &torn)) return -1;                                \
        ssize_t result = next arguments;                                                           \
        end_if(torn);                                                                              \
        return result;                                                                             \
    }

WRAP_WRITE(WRITE, write, (int descriptor, const void *bytes, size_t size),
           (descriptor, bytes, size))
WRAP_WRITE(PWRITE, pwrite, (int descriptor, const void *bytes, size_t size, off_t offset),
           (descriptor, bytes, size, offset))
WRAP_WRITE(PWRITE, pwrite64, (int descriptor, const void *bytes, size_t size, off64_t offset),
           (descriptor, bytes, size, offset))

/* A write of several buffers, which halves by the buffer: the first of two is written. */
#define WRAP_VECTOR(call, name, parameters, arguments)                                             \
    ssize_t name parameters                                                                        \
    {                                                                                              \
        NEXT(name);                                                                                \
        bool torn;                                                                                 \
        size_t half = (size_t)count;                                                               \
        if (write_fails(call, descriptor, &half, &torn)) return -1;                                \
        count = (int)half;                                                                         \
        ssize_t result = next arguments;                                                           \
        end_if(torn);                                                                              \
        return result;                                                                             \
    }

WRAP_VECTOR(WRITE, writev, (int descriptor, const struct iovec *buffers, int count),
            (descriptor, buffers, count))
WRAP_VECTOR(PWRITE, pwritev, (int descriptor, const struct iovec *buffers, int count, off_t offset),
            (descriptor, buffers, count, offset))
WRAP_VECTOR(PWRITE, pwritev64,
            (int descriptor, const struct iovec *buffers, int count, off64_t offset),
            (descriptor, buffers, count, offset))

/* An open with a mode of the kind that only O_CREAT and O_TMPFILE bring. */
#define WRAP_OPEN(name, parameters, arguments)                                                     \
    int name parameters                                                                            \
    {                                                                                              \
        NEXT(name);                                                                                \
        mode_t mode = 0;                                                                           \
        if ((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE) {                          \
            va_list rest;                                                                          \
            va_start(rest, flags);                                                                 \
            mode = va_arg(rest, mode_t);                                                           \
            va_end(rest);                                                                          \
            if (fails(OPEN)) return -1;                                                            \
        }                                                                                          \
        return next arguments;                                                                     \
    }

WRAP_OPEN(open, (const char *path, int flags, ...), (path, flags, mode))
WRAP_OPEN(open64, (const char *path, int flags, ...), (path, flags, mode))
WRAP_OPEN(openat, (int base, const char *path, int flags, ...), (base, path, flags, mode))
WRAP_OPEN(openat64, (int base, const char *path, int flags, ...), (base, path, flags, mode))
