"""From the post of a hold until the gate of one terminal refuses, among the parked herd."""

import time

from . import nginx, ours as vendlock
from .herd import Herd

NAME = "lock"
PEER = "nchan, publish to receive, plus one fdatasync of 4 KiB"
FIGURES = {
    "median_us": "hold posted → gate refuses, median µs",
    "p99_us": "hold posted → gate refuses, p99 µs",
    "answered_us": "hold posted → answered, median µs",
    "received_us": "publish → received, median µs",
    "fdatasync_us": "one fdatasync of 4 KiB, median µs",
}
TURNS = 200


def ours(bench):
    count = bench.options.terminals
    data, sessions = vendlock.provisioned(bench, count)
    server = vendlock.Server(bench, data)
    herd = Herd(bench, "park", server.port, count, "--list", sessions)
    herd.ready()
    agent = vendlock.Agent(bench, server)
    agent.wait_until_permitted(bench)
    server.wait_until_parked(count + 1)
    took = bench.call_json(bench.programs / "latency", "lock", "--port", server.port, "--token-file", server.token_file,
                           "--account", agent.account, "--gate", agent.gate, "--count", TURNS)
    herd.must_be_whole()
    return {"median_us": took["refused_median_us"], "p99_us": took["refused_p99_us"], "answered_us": took["answered_median_us"]}


def peer(bench):
    process, port = nginx.start_nchan(bench)
    herd = Herd(bench, "nchan", port, bench.options.terminals)
    herd.ready()
    time.sleep(1)
    took = bench.call_json(bench.programs / "latency", "nchan", "--port", port, "--count", TURNS)
    herd.must_be_whole()
    disk = bench.call_json(bench.programs / "latency", "fdatasync", "--dir", bench.folder, "--count", TURNS)
    return {
        "median_us": took["received_median_us"] + disk["fdatasync_median_us"],
        "p99_us": took["received_p99_us"] + disk["fdatasync_p99_us"],
        "received_us": took["received_median_us"],
        "fdatasync_us": disk["fdatasync_median_us"],
    }
