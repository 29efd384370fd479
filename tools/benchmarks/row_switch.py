"""The switch's question, answered from memory, with the load on the same two cores."""

import json
import pathlib

from . import ours as vendlock, wrk

NAME = "switch"
PEER = "/healthz of the same server, the same way"
FIGURES = {
    "per_s": "authorizations per second, server and load on two cores",
    "median_us": "median of one, µs",
    "p99_us": "p99 of one, µs",
    "cpu_us": "server's own µs per authorization",
}
ACCOUNTS = 1000
# As many as a switch keeps open. More only wait in line: then the median is their number divided by the rate.
CONNECTIONS = 16


def started(bench):
    """A server with accounts that each have a registered terminal, and the questions of a switch about them."""
    server = vendlock.fresh_server(bench)
    imeis = [vendlock.luhn(f"35{number:012d}") for number in range(ACCOUNTS)]
    names = [f"SWITCH-{number:06d}" for number in range(ACCOUNTS)]
    rows = ["reference,owner_name,locked_channels,devices"] + [f"{name},Shop,KazTimpaPro,{imei}" for name, imei in zip(names, imeis)]
    folder = bench.subfolder("switch")
    (folder / "accounts.csv").write_text("\n".join(rows) + "\n")
    bench.call(bench.memo["vendlock-server"], "account", "import", folder / "accounts.csv", "--url", server.url, "--token-file", server.token_file)
    questions = folder / "questions"
    questions.write_text("".join(
        json.dumps({"account": name, "imei": imei, "channel": "KazTimpaPro", "operation": "airtime_vend", "amount_cents": 1000}) + "\n"
        for name, imei in zip(names, imeis)))
    return server, questions


def ours(bench):
    server, questions = started(bench)
    token = server.post("/v1/tokens", {"role": "switch", "name": "switch"})["token"]
    script = pathlib.Path(__file__).with_name("switch.lua")
    return wrk.latency(bench, server.process, server.url, "-s", script, connections=CONNECTIONS, script=("--", token, questions))


def peer(bench):
    server = vendlock.fresh_server(bench)
    return wrk.latency(bench, server.process, server.url + "/healthz", connections=CONNECTIONS)
