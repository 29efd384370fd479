"""A cellular link between this side and a namespace for the terminal: delay and loss, and a terminal asked and told across it.

Carried by the tests' `line.py`, because a kernel need not have netem; it adds about 2 ms.
"""

import http.client
import json
import os
import pathlib
import socket
import ssl
import statistics
import subprocess
import time

from .bench import TREE
from .netns import HERE, THERE

ROUND_TRIP_MS = 300
LINE = TREE / "Tests" / "EndToEndTests" / "Networks" / "line.py"
INTERFACE = "line0"  # at both ends, by its program


class Link:
    def __init__(self, bench):
        if os.geteuid() != 0:
            raise RuntimeError("this row makes a network namespace and must run as root")
        self.bench, self.name = bench, f"bench-{os.getpid()}"
        bench.call("ip", "netns", "add", self.name)
        bench.at_stop(lambda: bench.call("ip", "netns", "del", self.name))
        holder = bench.start("holder", "sleep", "infinity", netns=self.name)
        # `ip netns exec` becomes the program only once it is there.
        end = time.monotonic() + 10
        while pathlib.Path(f"/proc/{holder.pid}/comm").read_text().strip() != "sleep":
            if time.monotonic() > end:
                raise RuntimeError("the namespace was not entered")
            time.sleep(0.01)
        self.line = bench.start("line", "python3", LINE, os.getpid(), holder.pid, 0, stdin=subprocess.PIPE)
        self.line.wait_for_file(f"/sys/class/net/{INTERFACE}")
        pathlib.Path(f"/proc/sys/net/ipv6/conf/{INTERFACE}/disable_ipv6").write_text("1")
        bench.call("sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6", netns=self.name)
        bench.call("ip", "address", "add", HERE, "peer", THERE, "dev", INTERFACE)
        bench.call("ip", "link", "set", INTERFACE, "up")
        # Terminals are older than Linux 6.5: an unanswered SYN is repeated after 1, 3 and 7 seconds, and not after each.
        bench.call("sh", "-c", "echo 0 > /proc/sys/net/ipv4/tcp_syn_linear_timeouts || true", netns=self.name)
        there = ["ip", "-n", self.name]
        bench.call(*there, "address", "add", THERE, "peer", HERE, "dev", INTERFACE)
        bench.call(*there, "link", "set", "lo", "up")
        self.plug(True)

    def shape(self, round_trip_ms, loss_percent=0):
        self._say(round_trip_ms / 2, loss_percent)

    def silence(self):
        """Nothing comes through any more, and nobody is told."""
        self._say(0, 100)

    def _say(self, milliseconds, loss):
        self.line.child.stdin.write(f"{milliseconds} {loss}\n".encode())
        self.line.child.stdin.flush()

    def plug(self, is_in):
        """The terminal's own interface goes down or up, as a modem's does."""
        self.bench.call("ip", "-n", self.name, "link", "set", INTERFACE, "up" if is_in else "down")


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
