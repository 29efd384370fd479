"""Memory of one parked poll, with the whole herd parked."""

import time

from . import nginx, ours as vendlock
from .herd import Herd

NAME = "memory"
PEER = "nginx nchan long-poll subscribers, one worker"
FIGURES = {"bytes_per_poll": "bytes of memory per parked poll"}


def grown(bench, process, fill):
    """Bytes that each client added. Proportional set size: pages that nginx's processes share count once."""
    time.sleep(1)
    before = process.memory("Pss")
    fill()
    time.sleep(2)
    return {"bytes_per_poll": (process.memory("Pss") - before) / bench.options.terminals}


def ours(bench):
    count = bench.options.terminals
    data, sessions = vendlock.provisioned(bench, count)
    server = vendlock.Server(bench, data)

    def fill():
        herd = Herd(bench, "park", server.port, count, "--list", sessions)
        herd.ready()
        server.wait_until_parked(count)
        herd.must_be_whole()

    return grown(bench, server.process, fill)


def peer(bench):
    process, port = nginx.start_nchan(bench)

    def fill():
        herd = Herd(bench, "nchan", port, bench.options.terminals)
        herd.ready()
        time.sleep(1)
        herd.must_be_whole()

    return grown(bench, process, fill)
