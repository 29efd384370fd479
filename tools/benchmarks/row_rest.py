"""A terminal at rest: memory, time on the core, size on its disk."""

import time

from . import mosquitto, ours as vendlock, tls

NAME = "rest"
PEER = "mosquitto_sub over TLS, keep-alive 60 s"
REPEATS = 1
FIGURES = {
    "anonymous_bytes": "agent at rest, anonymous memory, bytes",
    "cpu_percent": "agent at rest, % of a core",
    "binary_bytes": "agent, stripped static binary, bytes",
}


def rest(bench, process):
    seconds = 20 if bench.options.quick else 60
    time.sleep(3)
    before = process.cpu_seconds()
    time.sleep(seconds)
    process.must_live()
    return {
        "anonymous_bytes": process.memory("Anonymous"),
        "cpu_percent": (process.cpu_seconds() - before) / seconds * 100,
    }


def ours(bench):
    server = vendlock.fresh_server(bench, tls=tls.identity(bench))
    agent = vendlock.Agent(bench, server)
    agent.wait_until_permitted(bench)
    server.wait_until_parked(1)
    size = vendlock.stripped_copy(bench, "vendlock-agent").stat().st_size
    return {**rest(bench, agent.process), "binary_bytes": size}


def peer(bench):
    identity = tls.identity(bench)
    _, port = mosquitto.start(bench, tls=identity)
    return rest(bench, mosquitto.subscribe(bench, "localhost", port, identity, keep_alive=60))
