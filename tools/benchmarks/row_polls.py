"""Signed polls per second that answer at once, on one core, against the bare signatures of one core."""

import pathlib

from . import ours as vendlock, wrk

NAME = "polls"
PEER = "openssl speed ed25519, sign/s, one core"
FIGURES = {"per_s": "signed polls per second, one core"}


def ours(bench):
    core, other = wrk.split_cores()
    data, sessions = vendlock.provisioned(bench, min(1000, bench.options.terminals))
    server = vendlock.Server(bench, data, cores=core)
    script = pathlib.Path(__file__).with_name("poll.lua")
    return {"per_s": wrk.per_second(bench, server.url, "-s", script, cores=other, script=("--", sessions))}


def peer(bench):
    core, _ = wrk.split_cores()
    text = bench.call("openssl", "speed", "-seconds", "1" if bench.options.quick else "3", "ed25519", cores=core)
    line = next(line for line in text.splitlines() if "Ed25519" in line)
    return {"per_s": float(line.split()[-2])}
