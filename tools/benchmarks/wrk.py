"""wrk, and one raw look at an answer."""

import re
import socket

from . import machine


def answer(port, path, host="127.0.0.1"):
    """(head, body) of one GET, as bytes, as they came."""
    with socket.create_connection((host, port), timeout=10) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        have = b""
        while b"\r\n\r\n" not in have:
            have += connection.recv(65536) or fail(path)
        head, body = have.split(b"\r\n\r\n", 1)
        length = int(re.search(rb"(?i)content-length: *(\d+)", head).group(1))
        while len(body) < length:
            body += connection.recv(65536) or fail(path)
    return head + b"\r\n\r\n", body


def fail(path):
    raise RuntimeError(f"the connection was closed while {path} was read")


def per_second(bench, url, *words, cores=None, script=()):
    """Answers per second on 64 kept connections. Any answer but 2xx is a failure, not a figure."""
    seconds = 2 if bench.options.quick else 5
    text = bench.call("wrk", "-t1", "-c64", f"-d{seconds}s", *words, url, *script, cores=cores)
    problem = re.search(r"(Non-2xx.*|Socket errors:.*)", text)
    if problem:
        raise RuntimeError(f"wrk on {url}: {problem.group(1)}")
    return float(re.search(r"Requests/sec:\s*([\d.]+)", text).group(1))


def split_cores():
    """(core for the server, core for the load); (None, None) on a machine with one."""
    return ("0", "1") if machine.cores() > 1 else (None, None)
