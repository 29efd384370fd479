"""The server is killed and started again; the whole herd comes back at once."""

from . import mosquitto, ours as vendlock
from .herd import Herd

NAME = "reconnect"
PEER = "Mosquitto, CONNECT and SUBSCRIBE until the last SUBACK"
FIGURES = {
    "all_ms": "ms until the whole herd is back, all at once",
    "paced_ms": "ms until the whole herd is back, 64 at a time",
}
# All at once also measures how the kernel treats a full queue of new connections (a dropped SYN is sent again after 1 s);
# 64 at a time measures the servers alone.
WINDOWS = {"all_ms": 0, "paced_ms": 64}


def again(bench, serve, mode, port, words):
    """`serve()` starts the server on `port`, and returns its process once the port answers."""
    took = {}
    for figure, window in WINDOWS.items():
        process = serve()
        herd = Herd(bench, mode, port, bench.options.terminals, "--window", window, *words)
        herd.ready()
        bench.stop(process, kill=True)
        herd.dropped()
        process = serve()
        herd.say("go")
        took[figure] = herd.ready()
        herd.must_be_whole()
        herd.stop()
        bench.stop(process)
    return took


def ours(bench):
    data, sessions = vendlock.provisioned(bench, bench.options.terminals)
    port = vendlock.free_port()
    return again(bench, lambda: vendlock.Server(bench, data, port=port).process, "park", port, ["--list", sessions])


def peer(bench):
    port = vendlock.free_port()
    return again(bench, lambda: mosquitto.start(bench, port)[0], "mqtt", port, [])
