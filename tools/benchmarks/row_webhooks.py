"""Signed webhooks per second, each a durable lock of another account."""

from . import ours as vendlock, sqlite, whatsapp

NAME = "webhooks"
PEER = "sqlite3, the same rows in groups of 64"
PEER_NEEDS_OURS = True
FIGURES = {
    "per_s": "webhooks per second, 64 at once, each a lock",
    "silent_per_s": "the same, no answers configured",
    "cpu_us": "server's own µs per webhook",
    "median_us": "webhook sent → 200, median µs",
    "narrow_per_s": "sqlite3, one narrow row a lock, groups of 64",
}
AT_ONCE = 64


def ours(bench):
    answering = drive(bench, whatsapp.answering(bench), keep=True)
    silent = drive(bench, whatsapp.receiving())
    return {**answering, "silent_per_s": silent["per_s"]}


def drive(bench, section, keep=False):
    """One server from start to stop, on a copy of the herd's accounts, none of them locked."""
    count = min(bench.options.terminals, 4000) if bench.options.quick else bench.options.terminals
    original, sessions = vendlock.provisioned(bench, bench.options.terminals)
    data = vendlock.copy(bench, original)
    server = vendlock.Server(bench, data, whatsapp=section)
    before = server.process.cpu_seconds()
    took = bench.call_json(bench.programs / "hooks", "--port", server.port, "--secret", whatsapp.SECRET, "--list", sessions,
                           "--count", count, "--connections", AT_ONCE)
    cpu = server.process.cpu_seconds() - before
    standing = sum(server.vendor_holds().values())
    if standing != took["answered"]:
        raise RuntimeError(f"{took['answered']} webhooks were answered 200, and {standing} locks stand")
    server.stop()
    if keep:
        bench.memo["webhooks"] = (original, data)
    return {"per_s": took["per_s"], "cpu_us": cpu / count * 1e6, "median_us": took["median_us"]}


def peer(bench):
    seconds, count = sqlite.repeat(bench, *bench.memo["webhooks"], AT_ONCE)
    return {"per_s": count / seconds, "narrow_per_s": count / sqlite.narrow(bench, count, AT_ONCE)}
