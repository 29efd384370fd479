"""Simulated hours of selling while network, clocks, power, disk and server fail: nothing may be spent after a lease."""

import json
import subprocess

NAME = "hours"
PEER = "nobody: a promise is kept or it is not"
PEER_NEEDS_OURS = True
REPEATS = 1
FIGURES = {
    "violations": "sales that no lease or code allowed",
    "hours": "simulated hours",
    "permitted": "sales permitted in them",
    "refused": "sales refused in them",
}


def ours(bench):
    hours = 1000 if bench.options.quick else 10000
    done = subprocess.run([bench.product("simulated-hours"), str(hours)], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"simulated-hours ended with {done.returncode}: {done.stderr[-400:]}")
    took = json.loads(done.stdout)
    if took["violations"]:
        bench.say(done.stderr[:4000])
    return {key: took[key] for key in FIGURES}


def peer(bench):
    return {}
