// SPDX-License-Identifier: Apache-2.0
//
// What the fuzz targets need of C: the count of allocations, the processor's clock, a signing key.
#ifndef CONCLAVE_CFUZZING_H
#define CONCLAVE_CFUZZING_H

#include <stddef.h>
#include <stdint.h>

/// Begins to count: from here on every allocation and release of the process is seen.
void fuzzing_count_allocations(void);

/// Forgets what was counted.
void fuzzing_reset_allocations(void);

/// The most bytes that were allocated at one time since the last reset, beyond what was then.
size_t fuzzing_peak_allocation(void);

/// The bytes that were allocated since the last reset and not released.
int64_t fuzzing_held_allocation(void);

/// The processor time that this process has used, in nanoseconds.
uint64_t fuzzing_processor_time(void);

/// Writes one line to standard error.
void fuzzing_report(const char *line);

/// Prints a last line and ends the process as a crash, so that libFuzzer keeps the input.
void fuzzing_fail(const char *line) __attribute__((noreturn));

/// Writes the public half, 32 bytes, of the one key that targets sign with.
int fuzzing_public_key(uint8_t *key);

/// Writes that key's Ed25519 signature over a message, 64 bytes.
int fuzzing_sign(const uint8_t *message, size_t length, uint8_t *signature);

#endif
