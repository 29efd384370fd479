"""The command: options, the order of the rows, repeats, exit status."""

import argparse
import json
import pathlib
import resource
import signal
import statistics
import sys
import traceback

from . import machine, table
from .bench import Bench
from . import row_batch, row_cellular, row_gate, row_gate_abuse, row_hours, row_import, row_lock, row_memory, row_plain, row_polls, row_reconnect
from . import row_rest, row_return, row_switch, row_webhook, row_webhooks, row_wire

ROWS = [row_plain, row_polls, row_memory, row_lock, row_webhook, row_webhooks, row_batch, row_reconnect, row_gate, row_gate_abuse, row_switch,
        row_import, row_rest, row_wire, row_cellular, row_return, row_hours]


def options(arguments):
    names = [row.NAME for row in ROWS]
    parser = argparse.ArgumentParser(prog="tools/bench", description="Measures vendlock against its peers on this machine.")
    parser.add_argument("--only", action="append", metavar="ROW", choices=names, help="measure this row only (repeatable): " + ", ".join(names))
    parser.add_argument("--peers-only", action="store_true", help="measure the peers' halves only; builds nothing of ours")
    parser.add_argument("--quick", action="store_true", help="once instead of the median of three, and shorter")
    parser.add_argument("--full", action="store_true", help="row wire: wait out real default polls instead of scaling short ones (12 minutes)")
    parser.add_argument("--terminals", type=int, default=10000, metavar="N", help="size of the herd (10000)")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write the table as JSON too")
    parser.add_argument("--no-build", action="store_true", help="use what the last release build left")
    parser.add_argument("--agent", type=pathlib.Path, metavar="FILE", help="measure this vendlock-agent instead of building one")
    parser.add_argument("--server", type=pathlib.Path, metavar="FILE", help="measure this vendlock-server instead of building one")
    parser.add_argument("--keep", action="store_true", help="keep the run's folder, with every log")
    return parser.parse_args(arguments)


def measure(row, bench, repeats):
    """One row: ours and the peer in turn, `repeats` times. Returns (ours, peer) as dictionaries of medians.

    Ours is first, because some peers are made to answer with as many bytes as ours did.
    """
    halves = {"ours": [], "peer": []}
    for turn in range(getattr(row, "REPEATS", repeats)):
        for name, taken in halves.items():
            if name == "ours" and bench.options.peers_only:
                continue
            bench.memo.setdefault("busy", []).append(machine.wait_until_idle(bench.say))
            bench.say(f"{row.NAME}: {name}, {turn + 1} of {getattr(row, 'REPEATS', repeats)}")
            try:
                taken.append(getattr(row, name)(bench))
            finally:
                bench.stop_all()
            bench.say(f"{row.NAME}: {name}: " + ", ".join(f"{key} {table.number(value)}" for key, value in taken[-1].items()))
    return tuple({key: statistics.median(one[key] for one in halves[name]) for key in (halves[name] or [{}])[0]} for name in ("ours", "peer"))


def run(arguments):
    chosen = options(arguments)
    # 10,000 connections need as many descriptors, in the children too.
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    # Ended from outside, it still ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    rows = [row for row in ROWS if not chosen.only or row.NAME in chosen.only]
    lines = []
    with Bench(chosen) as bench:
        machine.install()
        bench.build()
        for row in rows:
            if chosen.peers_only and getattr(row, "PEER_NEEDS_OURS", False):
                bench.say(f"{row.NAME}: left out, its peer works with what our half has left")
                continue
            try:
                ours, peer = measure(row, bench, 1 if chosen.quick else 3)
                lines += table.lines(row, ours, peer, chosen.peers_only)
            except Exception as problem:  # the other rows are still worth having; this one counts as missed
                if not isinstance(problem, RuntimeError):
                    traceback.print_exc()
                bench.say(f"{row.NAME}: failed: {problem}")
                lines.append(table.failed(row, problem))
        about = machine.about(bench)
    print(table.text(lines, about))
    if chosen.json:
        chosen.json.write_text(json.dumps({"machine": about, "lines": lines}, indent=2) + "\n")
    missed = [line for line in lines if line["verdict"] in ("MISSED", "FAILED")]
    return 1 if missed else 0
