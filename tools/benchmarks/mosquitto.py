"""The peer Mosquitto: broker and subscriber, plain or over TLS."""

import subprocess
import time

from .process import free_port


def start(bench, port=None, address="127.0.0.1", tls=None):
    """Returns (process, port). `tls` is a tls.Identity."""
    folder, port = bench.subfolder("mosquitto"), port or free_port()
    lines = ["user root", "persistence false", "allow_anonymous true", "log_dest none", "connection_messages false",
             "max_queued_messages 10", f"listener {port} {address}", "max_connections -1"]
    if tls:
        lines += [f"certfile {tls.certificate}", f"keyfile {tls.key}"]
    file = folder / "mosquitto.conf"
    file.write_text("\n".join(lines) + "\n")
    process = bench.start("mosquitto", "mosquitto", "-c", file)
    process.wait_for_port(port, host=address)
    return process, port


def subscribe(bench, host, port, tls, keep_alive, netns=None):
    return bench.start("mosquitto_sub", "mosquitto_sub", "-h", host, "-p", port, "--cafile", tls.authority, "-k", keep_alive,
                       "-q", "1", "-i", "terminal-356938030000017", "-t", "lock/356938030000017", netns=netns)


class Listener:
    """A subscriber whose messages are heard as they come."""

    def __init__(self, bench, host, port, tls, netns=None):
        self.process = bench.start("mosquitto_sub", "mosquitto_sub", "-h", host, "-p", port, "--cafile", tls.authority, "-q", "1",
                                   "-t", "lock/#", netns=netns, stdout=subprocess.PIPE)
        # The subscription itself is told by a message that the broker keeps.
        bench.call("mosquitto_pub", "-h", host, "-p", port, "--cafile", tls.authority, "-t", "lock/ready", "-m", "ready", "-r")
        self.hear("ready")

    def hear(self, text):
        """Waits for that message; returns the monotonic time at which it was there."""
        for line in self.process.child.stdout:
            if line.decode().strip() == text:
                return time.monotonic()
        raise RuntimeError("mosquitto_sub ended")


class Speaker:
    """A publisher with one kept connection."""

    def __init__(self, bench, host, port, tls):
        self.process = bench.start("mosquitto_pub", "mosquitto_pub", "-h", host, "-p", port, "--cafile", tls.authority, "-q", "1",
                                   "-t", "lock/356938030000017", "-l", stdin=subprocess.PIPE)

    def say(self, text):
        self.process.child.stdin.write(text.encode() + b"\n")
        self.process.child.stdin.flush()
