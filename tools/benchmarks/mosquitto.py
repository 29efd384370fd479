"""The peer Mosquitto: broker and subscriber, plain or over TLS."""

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
