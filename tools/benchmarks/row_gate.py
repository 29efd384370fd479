"""Round trips of the gate's `Check`, against an echo of as many bytes over the same kind of socket, on one core."""

from . import ours as vendlock

NAME = "gate"
PEER = "C echo server, the same sizes"
FIGURES = {
    "per_s": "gate Check round trips per second",
    "median_us": "gate Check, median µs",
    "p99_us": "gate Check, p99 µs",
}
# Both ends on one core. Left to the scheduler, the same echo answers 20,000 times a second across cores (each message wakes an
# idle core) or 100,000 times within one; on one core the figure is what the two programs and the kernel do, and nothing else.
CORE = "0"
# A permitted decision's usual size, where ours is not measured.
USUAL_REPLY = 110


def drive(bench, socket):
    return bench.call_json(bench.programs / "gate", "drive", socket, 2 if bench.options.quick else 5, cores=CORE)


def ours(bench):
    server = vendlock.fresh_server(bench)
    agent = vendlock.Agent(bench, server, cores=CORE)
    agent.wait_until_permitted(bench)
    took = drive(bench, agent.gate)
    if not took["permitted"]:
        raise RuntimeError("the gate stopped permitting while it was measured")
    bench.memo["gate_reply"] = took["reply_bytes"]
    return {key: took[key] for key in FIGURES}


def peer(bench):
    socket = bench.sockets / "echo.sock"
    socket.unlink(missing_ok=True)
    echo = bench.start("echo", bench.programs / "gate", "echo", socket, bench.memo.get("gate_reply", USUAL_REPLY), cores=CORE)
    echo.wait_for_file(socket)
    took = drive(bench, socket)
    return {key: took[key] for key in FIGURES}
