// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "CFuzzing.h"

// Of the sanitizers' runtime: sanitizer/allocator_interface.h.
int __sanitizer_install_malloc_and_free_hooks(void (*allocated)(const volatile void *, size_t),
                                              void (*released)(const volatile void *));
size_t __sanitizer_get_allocated_size(const volatile void *);

static int64_t live;
static int64_t peak;

static void allocated(const volatile void *memory, size_t size) {
    (void)memory;
    live += (int64_t)size;
    if (live > peak) peak = live;
}

static void released(const volatile void *memory) {
    if (memory) live -= (int64_t)__sanitizer_get_allocated_size(memory);
}

void fuzzing_count_allocations(void) {
    __sanitizer_install_malloc_and_free_hooks(allocated, released);
}

void fuzzing_reset_allocations(void) {
    live = 0;
    peak = 0;
}

size_t fuzzing_peak_allocation(void) { return (size_t)peak; }

int64_t fuzzing_held_allocation(void) { return live; }

uint64_t fuzzing_processor_time(void) {
    struct timespec time;
    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) != 0) return 0;
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

void fuzzing_report(const char *line) { fprintf(stderr, "%s\n", line); }

void fuzzing_fail(const char *line) {
    fuzzing_report(line);
    abort();
}
