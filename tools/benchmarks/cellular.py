"""The cable as a cellular link: delay and loss in both directions, and a terminal asked and told across it."""

import http.client
import json
import socket
import ssl
import statistics
import time

from .netns import HERE, Cable

ROUND_TRIP_MS = 300


class Link(Cable):
    """`Cable` with `tc netem` at both ends."""

    def shape(self, round_trip_ms, loss_percent=0):
        words = ["netem", "delay", f"{round_trip_ms // 2}ms", "limit", "10000"]
        if loss_percent:
            words += ["loss", f"{loss_percent}%"]
        self._at_both("replace", words)

    def silence(self):
        """Nothing comes through any more, and nobody is told."""
        self._at_both("replace", ["netem", "loss", "100%"])

    def _at_both(self, verb, words):
        self.bench.call("tc", "qdisc", verb, "dev", self.near, "root", *words)
        self.bench.call("tc", "-n", self.name, "qdisc", verb, "dev", self.far, "root", *words)

    def plug(self, is_in):
        """The terminal's own interface goes down or up, as a modem's does."""
        self.bench.call("ip", "-n", self.name, "link", "set", self.far, "up" if is_in else "down")


class Gate:
    """A vending application: one kept connection to an agent's gate."""

    QUESTION = json.dumps({"method": "io.vendlock.Gate.Check", "parameters": {"operation": "airtime_vend", "amount_cents": 5000}}).encode() + b"\0"

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20)
        self.socket.connect(str(path))

    def permits(self):
        self.socket.sendall(self.QUESTION)
        answer = b""
        while not answer.endswith(b"\0"):
            part = self.socket.recv(4096)
            if not part:
                raise RuntimeError("the gate ended the connection")
            answer += part
        return json.loads(answer[:-1])["parameters"]["decision"]["permitted"]

    def wait_until(self, permitted, seconds, pause=0.001):
        """Returns the monotonic time at which the gate first said so."""
        end = time.monotonic() + seconds
        while self.permits() != permitted:
            if time.monotonic() > end:
                raise RuntimeError(f"the gate did not {'permit' if permitted else 'refuse'} in {seconds} s")
            time.sleep(pause)
        return time.monotonic()


class Office:
    """One kept connection of staff to the server, not across the link."""

    def __init__(self, server):
        context = ssl.create_default_context(cafile=str(server.tls.authority))
        self.connection = http.client.HTTPSConnection(HERE, server.port, timeout=20, context=context)
        self.headers = {"Authorization": "Bearer " + server.token_file.read_text().strip(), "Content-Type": "application/json"}

    def call(self, method, path, body):
        self.connection.request(method, path, json.dumps(body), self.headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status not in (200, 201, 204):
            raise RuntimeError(f"{method} {path} was answered {answer.status}: {text[:300]!r}")
        return json.loads(text) if text else {}


def spread(milliseconds):
    """(median, 95th, 99th percentile)"""
    ordered = sorted(milliseconds)
    return statistics.median(ordered), ordered[int(0.95 * (len(ordered) - 1))], ordered[int(0.99 * (len(ordered) - 1))]
