"""One webhook of 3 MB with 1,000 messages, each a lock: how soon it is answered, and that nothing of it is lost to a kill."""

import http.client
import random
import statistics
import threading
import time

from . import ours as vendlock, sqlite, whatsapp

NAME = "batch"
PEER = "sqlite3, the same rows in one transaction"
PEER_NEEDS_OURS = True
FIGURES = {
    "answered_ms": "3 MB with 1,000 locks → 200, median ms of five",
    "worst_ms": "the slowest of the five",
    "cut_short": "batches killed before their answer, none lost",
}
MESSAGES, BYTES, BATCHES = 1000, 3_000_000, 5


def post(port, body):
    """(status, milliseconds) of one batch; the status is None when the server went away."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.connect()
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": whatsapp.signature(body)}
    start = time.monotonic()
    try:
        connection.request("POST", "/hooks/whatsapp", body, headers)
        answer = connection.getresponse()
        answer.read()
        status = answer.status
    except (OSError, http.client.HTTPException):
        status = None
    took = (time.monotonic() - start) * 1000
    connection.close()
    return status, took


def vendors(sessions, place):
    """(account, number) of the terminals that batch number `place` is about."""
    with open(sessions) as file:
        lines = file.readlines()[place * MESSAGES:(place + 1) * MESSAGES]
    return [tuple(line.split()[3:5]) for line in lines]


def ours(bench):
    original, sessions = vendlock.provisioned(bench, max(bench.options.terminals, MESSAGES * BATCHES))
    section = whatsapp.answering(bench)
    took = timed(bench, original, sessions, section)
    cut = killed(bench, original, sessions, section, statistics.median(took))
    return {"answered_ms": statistics.median(took), "worst_ms": max(took), "cut_short": cut}


def timed(bench, original, sessions, section):
    data = vendlock.copy(bench, original)
    server = vendlock.Server(bench, data, whatsapp=section)
    took = []
    for place in range(BATCHES):
        chosen = vendors(sessions, place)
        status, milliseconds = post(server.port, whatsapp.batch(chosen, BYTES))
        if status != 200:
            raise RuntimeError(f"a batch of {BYTES} bytes was answered {status}")
        took.append(milliseconds)
    bench.say("batch: answered after " + ", ".join(f"{one:.0f}" for one in took) + " ms")
    must_be_locked(server, [account for place in range(BATCHES) for account, _ in vendors(sessions, place)])
    server.stop()
    bench.memo["batch"] = (original, data)
    return took


def killed(bench, original, sessions, section, usual):
    """Kills the server at some moment of a batch, starts it, and sends the batch again. Returns how many had no answer when it was killed."""
    data, cut, rounds = vendlock.copy(bench, original), 0, 2 if bench.options.quick else BATCHES
    for place in range(rounds):
        chosen = vendors(sessions, place)
        body, result = whatsapp.batch(chosen, BYTES), {}
        server = vendlock.Server(bench, data, whatsapp=section)
        sending = threading.Thread(target=lambda: result.update(status=post(server.port, body)[0]))
        # A random moment, and a later one in each round: all of the batch's life is met.
        moment = (place + random.random()) / rounds * usual / 1000
        sending.start()
        time.sleep(moment)
        server.stop(kill=True)
        sending.join()
        server = vendlock.Server(bench, data, whatsapp=section)
        holds = server.vendor_holds()
        stood = sum(holds.get(account, 0) for account, _ in chosen)
        if stood not in (0, MESSAGES) or (result["status"] == 200 and stood == 0):
            raise RuntimeError(f"killed after {moment * 1000:.0f} ms, answered {result['status']}: {stood} of {MESSAGES} locks were kept")
        cut += result["status"] is None
        status, _ = post(server.port, body)
        if status != 200:
            raise RuntimeError(f"a batch that was sent again was answered {status}")
        must_be_locked(server, [account for account, _ in chosen])
        bench.say(f"batch: killed after {moment * 1000:.0f} ms, {'not ' if result['status'] is None else ''}answered, {stood} locks kept; "
                  f"sent again, all {MESSAGES} stand once")
        server.stop()
    if cut == 0:
        raise RuntimeError("every batch was answered before its kill: nothing was tried")
    return cut


def must_be_locked(server, accounts):
    """Each with one hold of the vendor's and one note of it, as the API tells."""
    holds = server.vendor_holds()
    for account in accounts:
        notes = [note for note in server.get(f"/v1/accounts/{account}/notes?limit=200")["notes"] if note["kind"] == "hold_placed"]
        if holds.get(account) != 1 or len(notes) != 1:
            raise RuntimeError(f"account {account} has {holds.get(account, 0)} holds of the vendor and {len(notes)} notes of them, not one and one")


def peer(bench):
    seconds, count = sqlite.repeat(bench, *bench.memo["batch"], MESSAGES)
    return {"answered_ms": seconds * 1000 * MESSAGES / count}
