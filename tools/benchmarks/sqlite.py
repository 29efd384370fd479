"""The peer sqlite3: its shell writes the rows that our server has left, in groups, on a copy of the same database."""

import contextlib
import pathlib
import shutil
import sqlite3

# The server's own, so that both do the same for the same promise.
PRAGMAS = """PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA cache_size = -16000;
"""
# In seconds, by SQLite's own clock: without the shell's start, and without the checkpoint when it ends.
CLOCK = "SELECT printf('%.3f', (julianday('now') - 2440587.5) * 86400);\n"


def connect(path):
    """Of a server that has stopped; leaves no mark beside the file."""
    connection = sqlite3.connect(f"file:{path}?immutable=1", uri=True)
    connection.row_factory = sqlite3.Row
    return connection


def quoted(database, value):
    return database.execute("SELECT quote(?)", (value,)).fetchone()[0]


def rows(database, table, key):
    """The rows of a table as INSERT statements, by the value of one of their columns."""
    names = [row["name"] for row in database.execute(f"PRAGMA table_info({table})")]
    values = " || ', ' || ".join(f"quote({name})" for name in names)
    into = f"INSERT INTO {table} VALUES ("
    return {row[0]: into + row[1] + ");" for row in database.execute(f"SELECT {key}, {values} FROM {table}")}


def locks(before, after):
    """What each lock wrote that a store has and had not before, oldest first: (statements, the statement that follows with the next commit).

    Rows are taken as the lock left them, whatever became of them later: an answer that has gone since was waiting then.
    """
    with contextlib.closing(connect(before)) as database:
        known = database.execute("SELECT COALESCE(max(number), 0) FROM holds").fetchone()[0]
    with contextlib.closing(connect(after)) as database:
        messages, deliveries = rows(database, "messages", "account"), rows(database, "deliveries", "hold")
        watches, heads = rows(database, "lock_watches", "hold"), rows(database, "account_note_heads", "account")
        notes = {row["account"]: row["id"] for row in database.execute("SELECT account, id FROM notes WHERE kind = 'hold_placed'")}
        note_rows, outbox = rows(database, "notes", "id"), waiting(database)
        columns = [row["name"] for row in database.execute("PRAGMA table_info(holds)")]
        result = []
        for hold in database.execute("SELECT * FROM holds WHERE number > ? ORDER BY number", (known,)):
            account = quoted(database, hold["account"])
            fresh = ", ".join("NULL" if name == "committed_at" else quoted(database, hold[name]) for name in columns)
            statements = [
                f"UPDATE highest_revision SET revision = {hold['revision']};",
                f"UPDATE accounts SET revision = {hold['revision']} WHERE reference = {account};",
                f"INSERT INTO holds VALUES ({fresh});",
                deliveries[hold["id"]],
                note_rows[notes[hold["account"]]],
                heads[hold["account"]].removesuffix(";") + " ON CONFLICT DO UPDATE SET count = excluded.count, hash = excluded.hash;",
                *([outbox[hold["account"]]] if hold["account"] in outbox else []),
                watches[hold["number"]],
                messages[hold["account"]],
            ]
            later = f"UPDATE holds SET committed_at = {hold['committed_at']} WHERE id = {quoted(database, hold['id'])};"
            result.append((statements, later))
    return result


def waiting(database):
    """The rows of the outbox by their account, each as it was when it was put there."""
    columns = [row["name"] for row in database.execute("PRAGMA table_info(outbox)")]
    then = {"state": "'waiting'", "ready_at": "not_before", "attempts": "0", "provider_id": "NULL", "failure": "NULL", "changed_at": "created_at"}
    values = " || ', ' || ".join(f"quote({then.get(name, name)})" for name in columns)
    return {row[0]: f"INSERT INTO outbox VALUES ({row[1]});" for row in database.execute(f"SELECT account, {values} FROM outbox")}


def groups(all_locks, size):
    """Transactions of `size` locks. The times of their commits come with the next group, as in our server."""
    later, result = [], []
    for start in range(0, len(all_locks), size):
        part = all_locks[start:start + size]
        result.append([statement for statements, _ in part for statement in statements] + later)
        later = [statement for _, statement in part]
    return result + [later]


def run(bench, database, transactions):
    """Seconds that the shell takes for these transactions."""
    script = bench.subfolder("sqlite") / "script.sql"
    with open(script, "w") as file:
        file.write(PRAGMAS + CLOCK)
        for statements in transactions:
            file.write("BEGIN IMMEDIATE;\n" + "\n".join(statements) + "\nCOMMIT;\n")
        file.write(CLOCK)
    # `.read` names the file: then nothing of it waits in a pipe.
    lines = bench.call("sqlite3", "-batch", "-bail", database, f".read {script}").split()
    script.unlink()
    return float(lines[-1]) - float(lines[-2])


def repeat(bench, before, after, size):
    """Seconds in which the shell brings a copy of the store `before` to what the server has left in `after`, and how many locks these are."""
    before, after, database = pathlib.Path(before) / "store.db", pathlib.Path(after) / "store.db", bench.subfolder("peer") / "store.db"
    shutil.copy(before, database)
    done = locks(before, after)
    bench.settle_disk()
    seconds = run(bench, database, groups(done, size))
    must_be_alike(database, after)
    return seconds, len(done)


def must_be_alike(one, other):
    """A peer that writes less than our server does is none."""
    def counts(path):
        with contextlib.closing(connect(path)) as database:
            tables = [row[0] for row in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
            return {table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
    mine, theirs = counts(one), counts(other)
    if mine != theirs:
        different = [f"{table}: {mine.get(table)} and {count}" for table, count in theirs.items() if mine.get(table) != count]
        raise RuntimeError("sqlite3 has not written what the server wrote, sqlite.py must follow: " + ", ".join(different))


def narrow(bench, count, size):
    """Seconds for as many locks of one narrow row each: what groups alone cost."""
    database = bench.subfolder("narrow") / "narrow.db"
    bench.call("sqlite3", "-batch", "-bail", database, "CREATE TABLE locks (number INTEGER PRIMARY KEY, account TEXT NOT NULL)")
    single = [([f"INSERT INTO locks VALUES ({number}, '{10000000 + number}');"], "") for number in range(count)]
    bench.settle_disk()
    return run(bench, database, groups(single, size)[:-1])
