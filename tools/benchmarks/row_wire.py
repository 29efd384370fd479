"""Bytes on the wire of one terminal in a day, with TLS and TCP/IP headers, without Ethernet's.

A day is one start (handshake, connection, first lease) and as many exchanges as the wait makes that a terminal reaches on a
quiet network after minutes. The bytes of an exchange do not depend on how long the server let it wait, so they are measured
with a short wait and multiplied; `--full` waits out real long ones instead, which also catches what happens in between.
"""

import time

from . import mosquitto, ours as vendlock, tls
from .netns import HERE, Cable

NAME = "wire"
PEER = "mosquitto_sub over TLS, one ping a minute"
REPEATS = 1
FIGURES = {
    "bytes_per_day": "bytes on the wire per terminal and day",
    "bytes_per_exchange": "bytes of one exchange",
    "packets_per_exchange": "packets of one exchange",
    "bytes_per_start": "bytes of one start",
}
DAY = 86400
WAIT = 270 * 127 / 128  # seconds: the default of `lease.longest_wait_s`, of which the server cuts up to a sixty-fourth
PING = 60


def day(cable, period, short, least, full, origin):
    """`origin` is the count before the client was started."""
    waited = period if full else short
    start = cable.quiet()[0] - origin[0]
    exchange, packets = cable.bursts(3 if full else 10, least, 20 * waited)
    return {
        "bytes_per_day": start + exchange * DAY / period,
        "bytes_per_exchange": exchange,
        "packets_per_exchange": packets,
        "bytes_per_start": start,
    }


def ours(bench):
    cable, full = Cable(bench), bench.options.full
    server = vendlock.fresh_server(bench, address=HERE, tls=tls.identity(bench), lease=(240, 110 if full else 5))
    agent = vendlock.Agent(bench, server, netns=cable.name, run=False)
    origin = cable.count()  # after the enrolment, which happens once in a terminal's life
    agent.run()
    agent.wait_until_permitted(bench)
    return day(cable, WAIT, 5, 400, full, origin)


def peer(bench):
    cable, full = Cable(bench), bench.options.full
    identity = tls.identity(bench)
    _, port = mosquitto.start(bench, address=HERE, tls=identity)
    origin = cable.count()
    mosquitto.subscribe(bench, HERE, port, identity, keep_alive=PING if full else 5, netns=cable.name)
    while cable.count() == origin:
        time.sleep(0.05)
    return day(cable, PING, 5, 150, full, origin)
