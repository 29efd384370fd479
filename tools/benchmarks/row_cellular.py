"""From the commit of a hold until the gate refuses, across a link of 300 ms round trip, with and without loss."""

import time

from . import cellular, mosquitto, ours as vendlock, tls
from .netns import HERE

NAME = "cellular"
PEER = "mosquitto, publish (QoS 1) to receive across the same link"
REPEATS = 1
FIGURES = {
    "median_ms": "hold committed → gate refuses, 300 ms round trip, median ms",
    "p99_ms": "the same, p99 ms",
    "lossy_median_ms": "the same with 3 % loss each way, median ms",
    "lossy_p99_ms": "the same with 3 % loss each way, p99 ms",
}


def turns(bench):
    return 30 if bench.options.quick else 100


def figures(bench, link, once):
    result = {}
    for prefix, loss in (("", 0), ("lossy_", 3)):
        link.shape(cellular.ROUND_TRIP_MS, loss)
        took = []
        for turn in range(turns(bench)):
            took.append(once(turn) * 1000)
            if turn % 50 == 49:
                bench.say(f"cellular: {turn + 1} of {turns(bench)} at {loss} % loss")
        result[prefix + "median_ms"], _, result[prefix + "p99_ms"] = cellular.spread(took)
    return result


def ours(bench):
    link = cellular.Link(bench)
    server = vendlock.fresh_server(bench, address=HERE, tls=tls.identity(bench))
    agent = vendlock.Agent(bench, server, netns=link.name)
    agent.wait_until_permitted(bench)
    gate, office = cellular.Gate(agent.gate), cellular.Office(server)
    holds = f"/v1/accounts/{agent.account}/holds"

    def once(_):
        hold = office.call("POST", holds, {"kind": "staff", "reason": "bench"})
        committed = time.monotonic()
        refused = gate.wait_until(False, 60)
        office.call("DELETE", f"{holds}/{hold['id']}", {"note": "bench"})
        gate.wait_until(True, 60)
        # Its next poll is parked by then, unless that was lost.
        time.sleep(cellular.ROUND_TRIP_MS / 1000 + 0.1)
        return refused - committed

    return figures(bench, link, once)


def peer(bench):
    link = cellular.Link(bench)
    identity = tls.identity(bench)
    _, port = mosquitto.start(bench, address=HERE, tls=identity)
    subscriber = mosquitto.Listener(bench, HERE, port, identity, netns=link.name)
    publisher = mosquitto.Speaker(bench, HERE, port, identity)

    def once(turn):
        published = time.monotonic()
        publisher.say(f"turn-{turn}")
        received = subscriber.hear(f"turn-{turn}")
        time.sleep(2 * cellular.ROUND_TRIP_MS / 1000)
        return received - published

    return figures(bench, link, once)
