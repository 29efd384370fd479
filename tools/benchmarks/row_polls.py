"""Signed polls per second that answer at once, on one core, against the bare signatures of one core."""

import pathlib

from . import ours as vendlock, wrk

NAME = "polls"
PEER = "openssl speed ed25519, sign/s, one core"
FIGURES = {"per_s": "signed polls per second, one core", "cpu_us": "server's own µs per signed poll"}


def ours(bench):
    core, other = wrk.split_cores()
    data, sessions = vendlock.provisioned(bench, min(1000, bench.options.terminals))
    server = vendlock.Server(bench, data, cores=core)
    script = pathlib.Path(__file__).with_name("poll.lua")
    return wrk.load(bench, server.process, server.url, "-s", script, cores=other, script=("--", sessions))


def peer(bench):
    core, _ = wrk.split_cores()
    # By the wall clock, as ours is: by default it counts its own time only, and other load would slow one half and not the other.
    text = bench.call("openssl", "speed", "-seconds", "1" if bench.options.quick else "3", "-elapsed", "ed25519", cores=core)
    line = next(line for line in text.splitlines() if "Ed25519" in line)
    return {"per_s": float(line.split()[-2])}
