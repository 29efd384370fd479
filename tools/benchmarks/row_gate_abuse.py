"""The gate among hostile clients: 1,000 that ask as fast as they are answered, one that never reads, one that sends a byte a second, and a
process that connects and leaves without end; and a vending application that asks as ever."""

import json
import signal
import subprocess
import time

from . import ours as vendlock

NAME = "gate-abuse"
PEER = "nobody: the same agent left alone is row gate"
PEER_NEEDS_OURS = True
FIGURES = {
    "p99_us": "honest Check with its connection, p99 µs",
    "median_us": "honest Check with its connection, median µs",
    "unanswered": "honest Checks without an answer",
    "anonymous_bytes": "agent's anonymous memory meanwhile, bytes",
    "calls_per_s": "calls of the hostile ones per second",
}
CLIENTS, PROCESSES = 1000, 4


def ours(bench):
    server = vendlock.fresh_server(bench)
    agent = vendlock.Agent(bench, server)
    agent.wait_until_permitted(bench)
    crowd = bench.start("crowd", bench.programs / "crowd", agent.gate, CLIENTS, PROCESSES, stdout=subprocess.PIPE, text=True)
    if crowd.child.stdout.readline().strip() != "ready":
        raise RuntimeError(f"the crowd was not let in: {crowd.tail()}")
    seconds = 5 if bench.options.quick else 20
    began = time.monotonic()
    honest = bench.start("honest", bench.programs / "honest", agent.gate, seconds, stdout=subprocess.PIPE, text=True)
    most = 0
    while honest.child.poll() is None:
        most = max(most, agent.process.memory("Anonymous"))
        time.sleep(0.1)
    took = json.loads(honest.child.stdout.read())
    crowd.child.send_signal(signal.SIGTERM)
    did = json.loads(crowd.child.stdout.readline())
    lasted = time.monotonic() - began
    agent.process.must_live()
    if took["permitted"] + took["unanswered"] != took["asked"]:
        raise RuntimeError(f"the gate stopped permitting: {took}")
    bench.say(f"gate-abuse: {took}, {did}")
    return {**{key: took[key] for key in ("p99_us", "median_us", "unanswered")}, "anonymous_bytes": most, "calls_per_s": did["calls"] / lasted}


def peer(bench):
    return {}
