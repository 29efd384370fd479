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
    """(answers per second, answers) on 64 kept connections. Any answer but 2xx is a failure, not a figure."""
    seconds = 2 if bench.options.quick else 5
    text = bench.call("wrk", "-t1", "-c64", f"-d{seconds}s", *words, url, *script, cores=cores)
    problem = re.search(r"(Non-2xx.*|Socket errors:.*)", text)
    if problem:
        raise RuntimeError(f"wrk: {problem.group(1)}")
    return float(re.search(r"Requests/sec:\s*([\d.]+)", text).group(1)), int(re.search(r"(\d+) requests in", text).group(1))


def load(bench, process, url, *words, **kwargs):
    """Answers per second, and the microseconds that the server's own threads spend on one. The second is there because wrk fills
    its core too: where it is the slower of the two, the first compares wrk with itself."""
    before = process.cpu_seconds()
    rate, answers = per_second(bench, url, *words, **kwargs)
    return {"per_s": rate, "cpu_us": (process.cpu_seconds() - before) / answers * 1e6}


def latency(bench, process, url, *words, connections=16, script=()):
    """As `load`, over all cores at once and over so many connections, with the median and the p99 of one answer in microseconds."""
    seconds = 2 if bench.options.quick else 5
    before = process.cpu_seconds()
    text = bench.call("wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", *words, url, *script)
    problem = re.search(r"(Non-2xx.*|Socket errors:.*)", text)
    if problem:
        raise RuntimeError(f"wrk: {problem.group(1)}")
    units = {"us": 1, "ms": 1e3, "s": 1e6}
    quantiles = {name: float(value) * units[unit] for name, value, unit in re.findall(r"(50|99)%\s+([\d.]+)(us|ms|s)", text)}
    answers = int(re.search(r"(\d+) requests in", text).group(1))
    return {
        "per_s": float(re.search(r"Requests/sec:\s*([\d.]+)", text).group(1)), "median_us": quantiles["50"], "p99_us": quantiles["99"],
        "cpu_us": (process.cpu_seconds() - before) / answers * 1e6,
    }


def split_cores():
    """(core for the server, core for the load); (None, None) on a machine with one."""
    return ("0", "1") if machine.cores() > 1 else (None, None)
