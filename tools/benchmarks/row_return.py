"""The network goes until every lease has run out, and comes back: until the gates permit again."""

import random
import time

from . import cellular, ours as vendlock, tls
from .netns import HERE

NAME = "return"
PEER = "none: the figure is counted in round trips of the link"
REPEATS = 1
TERMINALS = 20
LEASE = (6, 2)
FIGURES = {
    "link_median_ms": "interface up again → gate permits, 300 ms round trip, median ms",
    "link_p95_ms": "the same, 95th percentile ms",
    "silence_median_ms": "silent network heard again → gate permits, median ms",
    "silence_p95_ms": "the same, 95th percentile ms",
    "overrun_ms": "longest that a gate permitted after its lease's end, ms",
}


def outages(bench):
    return 2 if bench.options.quick else 5


def ours(bench):
    link = cellular.Link(bench)
    server = vendlock.fresh_server(bench, address=HERE, tls=tls.identity(bench), lease=LEASE)
    agents = [vendlock.Agent(bench, server, netns=link.name) for _ in range(TERMINALS)]
    gates = []
    for agent in agents:
        agent.wait_until_permitted(bench)
        gates.append(cellular.Gate(agent.gate))
    link.shape(cellular.ROUND_TRIP_MS)
    result, overrun = {}, 0.0
    for name, begin, end in (
        ("link", lambda: link.plug(False), lambda: link.plug(True)),
        ("silence", link.silence, lambda: link.shape(cellular.ROUND_TRIP_MS)),
    ):
        took = []
        for turn in range(outages(bench)):
            for gate in gates:
                gate.wait_until(True, 60, 0.02)
            begin()
            gone = time.monotonic()
            # Nothing that was signed before can run longer than a lease from here, but what is on its way still comes.
            refused = [gate.wait_until(False, 60, 0.02) for gate in gates]
            overrun = max(overrun, max(refused) - gone - LEASE[0] - cellular.ROUND_TRIP_MS / 2000)
            # Long enough that none of them still waits for the answer to a poll of before.
            time.sleep(random.uniform(10, 20))
            end()
            back = time.monotonic()
            waiting = dict(enumerate(gates))
            while waiting:
                for number, gate in list(waiting.items()):
                    if gate.permits():
                        took.append((time.monotonic() - back) * 1000)
                        del waiting[number]
                if time.monotonic() - back > 60:
                    raise RuntimeError(f"{len(waiting)} of {TERMINALS} gates do not permit a minute after the network is back")
                time.sleep(0.005)
            bench.say(f"return: {name}, outage {turn + 1} of {outages(bench)}, slowest {max(took[-TERMINALS:]):.0f} ms")
        result[f"{name}_median_ms"], result[f"{name}_p95_ms"], _ = cellular.spread(took)
    return {**result, "overrun_ms": max(0.0, overrun * 1000)}


def peer(bench):
    return {}
