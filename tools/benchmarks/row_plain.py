"""Plain answers per second: `/healthz` against nginx returning the same bytes."""

from . import machine, nginx, ours as vendlock, wrk

NAME = "plain"
PEER = "nginx, `return 200`, a worker per core"
FIGURES = {"per_s": "plain answers per second"}


def ours(bench):
    server = vendlock.fresh_server(bench)
    bench.memo["healthz"] = wrk.answer(server.port, "/healthz")
    return {"per_s": wrk.per_second(bench, server.url + "/healthz")}


def peer(bench):
    head, body = bench.memo.get("healthz", (b"", b'{"status":"ok"}'))
    padding = 0
    if head:
        process, port = start(bench, body, 0)
        padding = len(head) - len(wrk.answer(port, "/healthz")[0]) - len("X-Padding: \r\n")
        bench.stop(process)
    _, port = start(bench, body, max(0, padding))
    return {"per_s": wrk.per_second(bench, f"http://127.0.0.1:{port}/healthz")}


def start(bench, body, padding):
    extra = f'add_header X-Padding "{"x" * padding}";' if padding else ""
    text = body.decode().replace("\\", "\\\\").replace("'", "\\'")
    place = f"location = /healthz {{ default_type application/json; {extra} return 200 '{text}'; }}"
    return nginx.start(bench, place, workers=machine.cores())
