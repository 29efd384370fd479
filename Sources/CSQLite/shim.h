#pragma once
#include <sqlite3.h>

/// SQLITE_TRANSIENT is a cast that Swift does not import; the bytes are copied.
static inline int vendlock_bind_text(sqlite3_stmt *statement, int place, const char *bytes, int count) {
    return sqlite3_bind_text(statement, place, bytes, count, SQLITE_TRANSIENT);
}

/// As above; an empty blob stays a blob, where a null pointer would bind NULL.
static inline int vendlock_bind_blob(sqlite3_stmt *statement, int place, const void *bytes, int count) {
    return count == 0 ? sqlite3_bind_zeroblob(statement, place, 0) : sqlite3_bind_blob(statement, place, bytes, count, SQLITE_TRANSIENT);
}

static inline int vendlock_keep_wal_pages(void *pages, sqlite3 *database, const char *name, int count) {
    (void)database;
    (void)name;
    *(int *)pages = count;
    return SQLITE_OK;
}

/// Keeps the write-ahead log's length after each commit in `pages`; a C function, so that no closure crosses into C.
/// It takes the place of SQLite's own automatic checkpoint, which is a hook of this kind.
static inline void vendlock_watch_wal(sqlite3 *database, int *pages) {
    sqlite3_wal_hook(database, vendlock_keep_wal_pages, pages);
}
