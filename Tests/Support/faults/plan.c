/* SPDX-License-Identifier: Apache-2.0 */

#define _GNU_SOURCE

#include "plan.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *const call_names[CALLS] = {
    "all", "any", "write", "pwrite", "fsync", "fdatasync", "syncfs", "rename", "link", "unlink",
    "mkdir", "ftruncate", "open", "chmod", "openread", "read", "pread", "stat", "list", "close",
    "lock", "map", "seek",
};

static const struct {
    const char *name;
    enum call call;
} aliases[] = {
    {"writev", WRITE}, {"pwrite64", PWRITE}, {"pwritev", PWRITE}, {"pwritev64", PWRITE},
    {"renameat", RENAME}, {"renameat2", RENAME}, {"linkat", LINK}, {"unlinkat", UNLINK},
    {"rmdir", UNLINK}, {"mkdirat", MKDIR}, {"mkdtemp", MKDIR}, {"ftruncate64", FTRUNCATE},
    {"open64", OPEN}, {"openat", OPEN}, {"openat64", OPEN}, {"creat", OPEN}, {"creat64", OPEN},
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
enum { NONE = 0, KILL = -1, TORN = -2, SHORT = -3, UNMOUNT = -4 };

static struct {
    bool active;
    enum call call;
    unsigned long number;
    bool onwards;
    int effect;
} plan;

static atomic_ulong counts[CALLS];
static atomic_bool has_fired, is_unmounted;
static bool is_meant;
static const char *log_path, *trace_path, *fired_path, *under, *except;
static size_t under_size;

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
    if (strcmp(name, "unmount") == 0) return UNMOUNT;
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
        && plan.effect != NONE && (plan.effect != UNMOUNT || under != NULL);
    if (!sound) refuse(text);
    plan.active = true;
}

__attribute__((constructor)) static void begin(void)
{
    const char *program = getenv("CONCLAVE_FAULT_PROGRAM");
    if (program != NULL && strcmp(program, program_invocation_short_name) != 0) return;
    log_path = getenv("CONCLAVE_FAULT_LOG");
    trace_path = getenv("CONCLAVE_FAULT_TRACE");
    fired_path = getenv("CONCLAVE_FAULT_FIRED");
    under = getenv("CONCLAVE_FAULT_UNDER");
    except = getenv("CONCLAVE_FAULT_EXCEPT");
    under_size = under == NULL ? 0 : strlen(under);
    const char *text = getenv("CONCLAVE_FAULT");
    if (text != NULL && *text != '\0') parse(text);
    is_meant = true;
}

/* By their numbers, so that what is written here is not among what is counted. */
static void put(const char *path, int flags, const char *text, size_t size)
{
    int before = errno;
    long file = syscall(
        SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
    if (file >= 0) {
        syscall(SYS_write, file, text, size);
        syscall(SYS_close, file);
    }
    errno = before;
}

__attribute__((destructor)) static void end(void)
{
    if (log_path == NULL) return;
    char text[CALLS * 40];
    size_t size = 0;
    for (int call = 0; call < CALLS; call++) {
        size += (size_t)snprintf(
            text + size, sizeof text - size, "%s %lu\n", call_names[call], counts[call]);
    }
    put(log_path, O_TRUNC, text, size);
}

void end_now(void)
{
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* The path of a place, absolute, its own last name not followed; empty where it has none. */
static void resolve(struct place place, char *path, size_t room)
{
    char directory[PATH_MAX] = "";
    path[0] = '\0';
    if (place.path != NULL && place.path[0] == '/') {
        snprintf(path, room, "%s", place.path);
        return;
    }
    char link[40] = "/proc/self/cwd";
    if (place.base != AT_FDCWD) snprintf(link, sizeof link, "/proc/self/fd/%d", place.base);
    long size = syscall(SYS_readlinkat, AT_FDCWD, link, directory, sizeof directory - 1);
    if (size <= 0 || directory[0] != '/') return;
    directory[size] = '\0';
    if (place.path == NULL || place.path[0] == '\0') {
        snprintf(path, room, "%s", directory);
    } else {
        const char *name = strncmp(place.path, "./", 2) == 0 ? place.path + 2 : place.path;
        snprintf(path, room, "%s/%s", directory, name);
    }
}

static bool lies_in(const char *path, const char *directory)
{
    size_t size = strlen(directory);
    return strncmp(path, directory, size) == 0 && (path[size] == '/' || path[size] == '\0');
}

/* Takes the medium at `under` away, and leaves the empty directory that it was mounted on. */
static void unmount(void)
{
    char away[PATH_MAX];
    snprintf(away, sizeof away, "%s.gone", under);
    syscall(SYS_renameat2, AT_FDCWD, under, AT_FDCWD, away, 0);
    syscall(SYS_mkdirat, AT_FDCWD, under, 0755);
    atomic_store(&is_unmounted, true);
}

/* Whether a place is on the medium that was taken away. */
static bool is_gone(const char *path)
{
    return strncmp(path, under, under_size) == 0 && strncmp(path + under_size, ".gone", 5) == 0
        && (path[under_size + 5] == '/' || path[under_size + 5] == '\0');
}

/* Counts a call, and tells whether it is the one, or one of those, that the plan means. */
static bool reached(enum call call, struct place place, char *path, size_t room)
{
    if (!is_meant) return false;
    path[0] = '\0';
    if (under != NULL || except != NULL || trace_path != NULL || fired_path != NULL) {
        int before = errno;
        resolve(place, path, room);
        errno = before;
        if (is_unmounted && is_gone(path)) return true;
        if (under != NULL && !lies_in(path, under)) return false;
        if (except != NULL && lies_in(path, except)) return false;
    }
    unsigned long all = atomic_fetch_add(&counts[ALL], 1) + 1;
    bool changes = call <= CHMOD;
    unsigned long any = changes ? atomic_fetch_add(&counts[ANY], 1) + 1 : counts[ANY];
    unsigned long own = atomic_fetch_add(&counts[call], 1) + 1;
    if (trace_path != NULL) {
        char line[PATH_MAX + 80];
        int size = snprintf(
            line, sizeof line, "%lu %lu %lu %s %s\n", all, any, own, call_names[call], path);
        put(trace_path, O_APPEND, line, (size_t)size);
    }
    if (!plan.active || is_unmounted) return false;
    bool matches = plan.call == ALL || (plan.call == ANY && changes) || plan.call == call;
    if (!matches) return false;
    unsigned long count = plan.call == ALL ? all : plan.call == ANY ? any : own;
    if (plan.onwards ? count < plan.number : count != plan.number) return false;
    if (fired_path != NULL && !atomic_exchange(&has_fired, true)) {
        char line[PATH_MAX + 40];
        int size = snprintf(line, sizeof line, "%s %s\n", call_names[call], path);
        put(fired_path, O_APPEND, line, (size_t)size);
    }
    return true;
}

/* What is to happen to a call that the plan means: failure, or nothing. */
static bool take_effect(enum call call, struct place place, char *path, size_t room)
{
    if (is_unmounted) {
        errno = ENODEV;
        return true;
    }
    switch (plan.effect) {
    case KILL: case TORN: end_now();
    /* Only what moves bytes has halves. */
    case SHORT: return false;
    case UNMOUNT:
        unmount();
        resolve(place, path, room);
        errno = ENODEV;
        return is_gone(path);
    default:
        /* A descriptor is closed whatever close(2) says. */
        if (call == CLOSE) syscall(SYS_close, place.base);
        errno = plan.effect;
        return true;
    }
}

bool fails(enum call call, struct place place)
{
    char path[PATH_MAX];
    return reached(call, place, path, sizeof path) && take_effect(call, place, path, sizeof path);
}

enum manner manner_of(enum call call, int descriptor)
{
    struct stat status;
    char path[PATH_MAX];
    struct place place = {descriptor, NULL};
    int before = errno;
    bool regular = syscall(SYS_newfstatat, descriptor, "", &status, AT_EMPTY_PATH) == 0
        && S_ISREG(status.st_mode);
    errno = before;
    if (!regular || !reached(call, place, path, sizeof path)) return WHOLE;
    if (!is_unmounted && plan.effect == SHORT) return HALF;
    if (!is_unmounted && plan.effect == TORN && call <= CHMOD) return HALF_AND_END;
    return take_effect(call, place, path, sizeof path) ? FAILED : WHOLE;
}
