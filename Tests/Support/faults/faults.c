/* SPDX-License-Identifier: Apache-2.0
 *
 * Faults on demand, for tests: preloaded into a program, it counts the calls that make things last,
 * and at the one that it is told of lets the call fail or kills the process.
 *
 *     LD_PRELOAD=./faults.so CONCLAVE_FAULT=CALL:NUMBER:EFFECT program …
 *
 * CALL     What changes the disk: write, pwrite, fsync, fdatasync, syncfs, rename, link, unlink,
 *          mkdir, ftruncate, open (which may make a file), chmod; any counts these together.
 *          What looks at it: openread, read, pread, stat (and access), list (readdir), close, lock
 *          (flock, fcntl), map, seek; all counts everything together.
 *          The variants of a call are counted with it and are taken as its name too: renameat2 and
 *          rename are one, and so are pwrite64 and pwrite. Writes, reads and maps count where they
 *          go to regular files; removing a directory counts as unlink.
 * NUMBER   which call is meant, from 1; with + behind it that one and all after it.
 * EFFECT   kill: SIGKILL in place of the call. torn: half of a write, then SIGKILL.
 *          short: half of a write or read, reported as such. Or the errno to fail with, by name or
 *          number. unmount: the medium at CONCLAVE_FAULT_UNDER is pulled: what is open there fails
 *          with ENODEV from then on, and its path leads to an empty directory; the medium is moved
 *          to PATH.gone.
 *
 * CONCLAVE_FAULT_LOG=PATH      gets a line `CALL COUNT` for each call when the process exits.
 * CONCLAVE_FAULT_TRACE=PATH    gets a line `ALL ANY OWN CALL PATH` at each call, with its numbers.
 * CONCLAVE_FAULT_FIRED=PATH    gets a line `CALL PATH` when the fault happens for the first time.
 * CONCLAVE_FAULT_UNDER=PATH    counts calls below this directory alone; its path holds no link.
 * CONCLAVE_FAULT_EXCEPT=PATH   leaves out what lies below this one.
 * CONCLAVE_FAULT_PROGRAM=NAME  leaves programs of other names alone, such as children.
 *
 * Each process counts for itself. Calls inside the C library (stdio, dlopen) are not seen. A killed
 * process leaves what it wrote in the kernel's hands: this shows the order of calls, not what a disk
 * loses. */

#define _GNU_SOURCE

#include "plan.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define AT(base, path) ((struct place){base, path})
#define NAMED(path) AT(AT_FDCWD, path)
#define OF(descriptor) AT(descriptor, NULL)

/* The C library's own function of the name that the caller has taken over. */
#define NEXT(name)                                                                                 \
    static typeof(&name) next;                                                                     \
    if (next == NULL) next = (typeof(next))dlsym(RTLD_NEXT, #name)

/* A call that is counted as `call`, and answers `failure` where it fails. */
#define WRAP_AS(type, failure, call, place, name, parameters, arguments)                           \
    type name parameters                                                                           \
    {                                                                                              \
        NEXT(name);                                                                                \
        return fails(call, place) ? failure : next arguments;                                      \
    }

#define WRAP(call, place, name, parameters, arguments)                                             \
    WRAP_AS(int, -1, call, place, name, parameters, arguments)

WRAP(FSYNC, OF(descriptor), fsync, (int descriptor), (descriptor))
WRAP(FDATASYNC, OF(descriptor), fdatasync, (int descriptor), (descriptor))
WRAP(SYNCFS, OF(descriptor), syncfs, (int descriptor), (descriptor))
WRAP(RENAME, NAMED(to), rename, (const char *from, const char *to), (from, to))
WRAP(RENAME, AT(other, to), renameat, (int base, const char *from, int other, const char *to),
     (base, from, other, to))
WRAP(RENAME, AT(other, to), renameat2,
     (int base, const char *from, int other, const char *to, unsigned flags),
     (base, from, other, to, flags))
WRAP(LINK, NAMED(to), link, (const char *from, const char *to), (from, to))
WRAP(LINK, AT(other, to), linkat,
     (int base, const char *from, int other, const char *to, int flags),
     (base, from, other, to, flags))
WRAP(UNLINK, NAMED(path), unlink, (const char *path), (path))
WRAP(UNLINK, AT(base, path), unlinkat, (int base, const char *path, int flags),
     (base, path, flags))
WRAP(UNLINK, NAMED(path), rmdir, (const char *path), (path))
WRAP(MKDIR, NAMED(path), mkdir, (const char *path, mode_t mode), (path, mode))
WRAP(MKDIR, AT(base, path), mkdirat, (int base, const char *path, mode_t mode),
     (base, path, mode))
WRAP_AS(char *, NULL, MKDIR, NAMED(path), mkdtemp, (char *path), (path))
WRAP(FTRUNCATE, OF(descriptor), ftruncate, (int descriptor, off_t size), (descriptor, size))
WRAP(FTRUNCATE, OF(descriptor), ftruncate64, (int descriptor, off64_t size), (descriptor, size))
WRAP(CHMOD, OF(descriptor), fchmod, (int descriptor, mode_t mode), (descriptor, mode))
WRAP(CHMOD, OF(descriptor), fchown, (int descriptor, uid_t user, gid_t group),
     (descriptor, user, group))
WRAP(CHMOD, NAMED(path), chmod, (const char *path, mode_t mode), (path, mode))

WRAP(STAT, OF(descriptor), fstat, (int descriptor, struct stat *status), (descriptor, status))
WRAP(STAT, OF(descriptor), fstat64, (int descriptor, struct stat64 *status), (descriptor, status))
WRAP(STAT, NAMED(path), stat, (const char *path, struct stat *status), (path, status))
WRAP(STAT, NAMED(path), stat64, (const char *path, struct stat64 *status), (path, status))
WRAP(STAT, NAMED(path), lstat, (const char *path, struct stat *status), (path, status))
WRAP(STAT, NAMED(path), lstat64, (const char *path, struct stat64 *status), (path, status))
WRAP(STAT, AT(base, path), fstatat,
     (int base, const char *path, struct stat *status, int flags), (base, path, status, flags))
WRAP(STAT, AT(base, path), fstatat64,
     (int base, const char *path, struct stat64 *status, int flags), (base, path, status, flags))
WRAP(STAT, NAMED(path), access, (const char *path, int mode), (path, mode))
WRAP(STAT, AT(base, path), faccessat, (int base, const char *path, int mode, int flags),
     (base, path, mode, flags))
WRAP_AS(DIR *, NULL, LIST, NAMED(path), opendir, (const char *path), (path))
WRAP_AS(DIR *, NULL, LIST, OF(descriptor), fdopendir, (int descriptor), (descriptor))
WRAP_AS(struct dirent *, NULL, LIST, OF(dirfd(directory)), readdir, (DIR *directory), (directory))
WRAP_AS(struct dirent64 *, NULL, LIST, OF(dirfd(directory)), readdir64, (DIR *directory),
        (directory))
WRAP(LOCK, OF(descriptor), flock, (int descriptor, int operation), (descriptor, operation))
WRAP_AS(off_t, -1, SEEK, OF(descriptor), lseek, (int descriptor, off_t offset, int whence),
        (descriptor, offset, whence))
WRAP_AS(off64_t, -1, SEEK, OF(descriptor), lseek64, (int descriptor, off64_t offset, int whence),
        (descriptor, offset, whence))

/* Whether a descriptor is a file or directory: others have no place on a disk. */
static bool is_on_disk(int descriptor)
{
    char link[40], path[2] = "";
    int before = errno;
    __builtin_snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    bool answer = readlink(link, path, sizeof path) > 0 && path[0] == '/';
    errno = before;
    return answer;
}

int close(int descriptor)
{
    NEXT(close);
    return is_on_disk(descriptor) && fails(CLOSE, OF(descriptor)) ? -1 : next(descriptor);
}

/* Only the calls that lock a part of a file count. */
#define WRAP_CONTROL(name)                                                                         \
    int name(int descriptor, int command, ...)                                                     \
    {                                                                                              \
        NEXT(name);                                                                                \
        va_list rest;                                                                              \
        va_start(rest, command);                                                                   \
        void *argument = va_arg(rest, void *);                                                     \
        va_end(rest);                                                                              \
        bool locks = command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK           \
            || command == F_OFD_SETLKW;                                                            \
        return locks && fails(LOCK, OF(descriptor)) ? -1 : next(descriptor, command, argument);    \
    }

WRAP_CONTROL(fcntl)
WRAP_CONTROL(fcntl64)

#define WRAP_MAP(name, type)                                                                       \
    void *name(void *start, size_t size, int protection, int flags, int descriptor, type offset)   \
    {                                                                                              \
        NEXT(name);                                                                                \
        if (descriptor >= 0 && fails(MAP, OF(descriptor))) return MAP_FAILED;                      \
        return next(start, size, protection, flags, descriptor, offset);                           \
    }

WRAP_MAP(mmap, off_t)
WRAP_MAP(mmap64, off64_t)

/* Half of `size`; but half of one byte would be none, which says something else. */
static size_t half_of(size_t size) { return size > 1 ? size / 2 : size; }

/* A call of one buffer. */
#define WRAP_BYTES(call, name, parameters, arguments)                                              \
    ssize_t name parameters                                                                        \
    {                                                                                              \
        NEXT(name);                                                                                \
        enum manner manner = manner_of(call, descriptor);                                          \
        if (manner == FAILED) return -1;                                                           \
        if (manner == HALF) size = half_of(size);                                                  \
        if (manner == HALF_AND_END) size /= 2;                                                     \
        ssize_t result = next arguments;                                                           \
        if (manner == HALF_AND_END) end_now();                                                     \
        return result;                                                                             \
    }

WRAP_BYTES(WRITE, write, (int descriptor, const void *bytes, size_t size),
           (descriptor, bytes, size))
WRAP_BYTES(PWRITE, pwrite, (int descriptor, const void *bytes, size_t size, off_t offset),
           (descriptor, bytes, size, offset))
WRAP_BYTES(PWRITE, pwrite64, (int descriptor, const void *bytes, size_t size, off64_t offset),
           (descriptor, bytes, size, offset))
WRAP_BYTES(READ, read, (int descriptor, void *bytes, size_t size), (descriptor, bytes, size))
WRAP_BYTES(PREAD, pread, (int descriptor, void *bytes, size_t size, off_t offset),
           (descriptor, bytes, size, offset))
WRAP_BYTES(PREAD, pread64, (int descriptor, void *bytes, size_t size, off64_t offset),
           (descriptor, bytes, size, offset))

/* A write of several buffers, which halves by the buffer: the first of two is written. */
#define WRAP_VECTOR(call, name, parameters, arguments)                                             \
    ssize_t name parameters                                                                        \
    {                                                                                              \
        NEXT(name);                                                                                \
        enum manner manner = manner_of(call, descriptor);                                          \
        if (manner == FAILED) return -1;                                                           \
        if (manner == HALF) count = (int)half_of((size_t)count);                                   \
        if (manner == HALF_AND_END) count /= 2;                                                    \
        ssize_t result = next arguments;                                                           \
        if (manner == HALF_AND_END) end_now();                                                     \
        return result;                                                                             \
    }

WRAP_VECTOR(WRITE, writev, (int descriptor, const struct iovec *buffers, int count),
            (descriptor, buffers, count))
WRAP_VECTOR(PWRITE, pwritev, (int descriptor, const struct iovec *buffers, int count, off_t offset),
            (descriptor, buffers, count, offset))
WRAP_VECTOR(PWRITE, pwritev64,
            (int descriptor, const struct iovec *buffers, int count, off64_t offset),
            (descriptor, buffers, count, offset))

WRAP(OPEN, NAMED(path), creat, (const char *path, mode_t mode), (path, mode))
WRAP(OPEN, NAMED(path), creat64, (const char *path, mode_t mode), (path, mode))

/* An open that may make a file has a mode, which only O_CREAT and O_TMPFILE bring. */
#define WRAP_OPEN(name, place, parameters, arguments)                                              \
    int name parameters                                                                            \
    {                                                                                              \
        NEXT(name);                                                                                \
        mode_t mode = 0;                                                                           \
        bool makes = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;                   \
        if (makes) {                                                                               \
            va_list rest;                                                                          \
            va_start(rest, flags);                                                                 \
            mode = va_arg(rest, mode_t);                                                           \
            va_end(rest);                                                                          \
        }                                                                                          \
        return fails(makes ? OPEN : OPENREAD, place) ? -1 : next arguments;                        \
    }

WRAP_OPEN(open, NAMED(path), (const char *path, int flags, ...), (path, flags, mode))
WRAP_OPEN(open64, NAMED(path), (const char *path, int flags, ...), (path, flags, mode))
WRAP_OPEN(openat, AT(base, path), (int base, const char *path, int flags, ...),
          (base, path, flags, mode))
WRAP_OPEN(openat64, AT(base, path), (int base, const char *path, int flags, ...),
          (base, path, flags, mode))
