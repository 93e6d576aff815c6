/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <sqlite3.h>

/* Whether the last connection that closes writes the log into the database; sqlite3_db_config(3) takes its
 * arguments as they come, which Swift cannot give. */
static inline int conclave_sqlite3_checkpoint_on_close(sqlite3 *database, int enabled)
{
    return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !enabled, (int *)0);
}

/* Spares the sums of the memory that SQLite has, and the lock around them; likewise for sqlite3_config(3), which
 * must come before all else. */
static inline int conclave_sqlite3_count_no_memory(void)
{
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}
