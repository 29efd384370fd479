"""Plain answers per second: `/healthz` against nginx returning the same bytes; the server on one core, wrk on another."""

from . import nginx, ours as vendlock, wrk

NAME = "plain"
PEER = "nginx, `return 200`, one core"
FIGURES = {"per_s": "plain answers per second, one core", "cpu_us": "server's own µs per plain answer"}


def ours(bench):
    core, other = wrk.split_cores()
    server = vendlock.fresh_server(bench, cores=core)
    bench.memo["healthz"] = wrk.answer(server.port, "/healthz")
    return wrk.load(bench, server.process, server.url + "/healthz", cores=other)


def peer(bench):
    head, body = bench.memo.get("healthz", (b"", b'{"status":"ok"}'))
    padding = 0
    if head:
        process, port = start(bench, body, 0)
        padding = len(head) - len(wrk.answer(port, "/healthz")[0]) - len("X-Padding: \r\n")
        bench.stop(process)
    process, port = start(bench, body, max(0, padding))
    return wrk.load(bench, process, f"http://127.0.0.1:{port}/healthz", cores=wrk.split_cores()[1])


def start(bench, body, padding):
    extra = f'add_header X-Padding "{"x" * padding}";' if padding else ""
    text = body.decode().replace("\\", "\\\\").replace("'", "\\'")
    place = f"location = /healthz {{ default_type application/json; {extra} return 200 '{text}'; }}"
    return nginx.start(bench, place, cores=wrk.split_cores()[0])
