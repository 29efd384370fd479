"""From a signed WhatsApp webhook until the gate of one terminal refuses, among the parked herd; beside it staff's hold by the API."""

from . import ours as vendlock, row_lock, whatsapp
from .herd import Herd

NAME = "webhook"
PEER = "our own hold by the API, as in row lock"
PEER_NEEDS_OURS = True
FIGURES = {
    "median_us": "webhook sent → gate refuses, median µs",
    "p99_us": "webhook sent → gate refuses, p99 µs",
    "answered_us": "webhook sent → 200, median µs",
}
TURNS = 200


def ours(bench):
    count = bench.options.terminals
    data, sessions = vendlock.provisioned(bench, count)
    server = vendlock.Server(bench, data, whatsapp=whatsapp.answering(bench))
    herd = Herd(bench, "park", server.port, count, "--list", sessions)
    herd.ready()
    agent = vendlock.Agent(bench, server)
    agent.wait_until_permitted(bench)
    server.wait_until_parked(count + 1)
    took = bench.call_json(bench.programs / "latency", "webhook", "--port", server.port, "--token-file", server.token_file, "--account",
                           agent.account, "--number", agent.number, "--secret", whatsapp.SECRET, "--gate", agent.gate, "--count", TURNS)
    herd.must_be_whole()
    # A lock whose answer is lost would be cheaper than one is.
    server.wait_for_metric('vendlock_messages_total{provider="whatsapp",outcome="sent"}', TURNS)
    return {"median_us": took["refused_median_us"], "p99_us": took["refused_p99_us"], "answered_us": took["answered_median_us"]}


def peer(bench):
    return row_lock.ours(bench)
