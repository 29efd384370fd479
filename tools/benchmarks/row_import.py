"""How long a lock waits while 100,000 accounts are imported."""

import http.client
import json
import random
import statistics
import time

from . import ours as vendlock

NAME = "import"
PEER = "the same locks, no import"
FIGURES = {
    "seconds": "100,000 accounts (10,000 with --quick) with a terminal each, s",
    "lock_median_us": "hold posted → answered meanwhile, median µs",
    "lock_p99_us": "hold posted → answered meanwhile, p99 µs",
    "lock_max_us": "hold posted → answered meanwhile, longest µs",
}
REPEATS = 1


def place_locks(server, goes_on):
    """Microseconds that each lock took, one every 10 ms."""
    server.post("/v1/accounts", {"reference": "LOCK-ME", "owner": {"name": "Shop"}})
    connection = http.client.HTTPConnection(server.address, server.port)
    headers = {"Authorization": "Bearer " + server.token_file.read_text().strip(), "Content-Type": "application/json"}
    took = []
    while goes_on():
        began = time.monotonic()
        connection.request("POST", "/v1/accounts/LOCK-ME/holds", json.dumps({"kind": "staff", "reason": "bench"}), headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 201:
            raise RuntimeError(f"a lock was answered {answer.status}: {body[:200]!r}")
        took.append((time.monotonic() - began) * 1e6)
        time.sleep(0.01)
    took.sort()
    return {"lock_median_us": statistics.median(took), "lock_p99_us": took[len(took) * 99 // 100], "lock_max_us": took[-1]}


def ours(bench):
    server = vendlock.fresh_server(bench)
    count = 10000 if bench.options.quick else 100000
    numbers = list(range(count))
    random.Random(1).shuffle(numbers)
    file = bench.subfolder("import") / "accounts.csv"
    with open(file, "w") as rows:
        rows.write("reference,owner_name,owner_surname,owner_address,linked_number,locked_channels,devices\n")
        for number in numbers:
            imei = vendlock.luhn(f"35{number:012d}")
            rows.write(f'SHOP-{number:07d},Name,Surname,"{number} Main Road, Soweto",+2782{number:07d},KazTimpaPro KazangMobi2,{imei}\n')
    began = time.monotonic()
    process = bench.start("import", bench.memo["vendlock-server"], "account", "import", file, "--url", server.url, "--token-file", server.token_file)
    taken = place_locks(server, lambda: process.child.poll() is None)
    if process.child.returncode != 0:
        raise RuntimeError(f"the import failed: {process.tail()}")
    return {"seconds": time.monotonic() - began, **taken}


def peer(bench):
    end = time.monotonic() + (2 if bench.options.quick else 10)
    return place_locks(vendlock.fresh_server(bench), lambda: time.monotonic() < end)
