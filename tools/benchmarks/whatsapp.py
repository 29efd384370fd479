"""WhatsApp's side: what signs its webhooks, and somebody who takes the answers."""

import hashlib
import hmac
import json
import secrets
import time

from . import nginx

SECRET = "bench-app-secret"
# A message id for each answer, as Graph gives: the server keeps it. nginx and not the tests' stand-in, because it is here anyway, needs no
# build of test code, and takes no more of the two cores than what it answers.
GRAPH = """
        location ~ /messages$ {
            default_type application/json;
            return 200 '{"messaging_product":"whatsapp","messages":[{"id":"wamid.HBgL$request_id"}]}';
        }
"""


def receiving():
    """The server's section: messages come in, and nobody is answered."""
    return {"app_secret": SECRET}


def answering(bench):
    """The server's section with somebody who takes the answers."""
    _, port = nginx.start(bench, GRAPH)
    return {**receiving(), "access_token": "bench-token", "graph_url": f"http://127.0.0.1:{port}"}


def signature(body):
    return "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()


def batch(vendors, size):
    """One webhook of exactly `size` bytes with a Stop from each of these (account, number): an entry each, as different senders come,
    their profile names as long as that takes."""
    def body(names):
        entries = [{"id": "100000000000001", "changes": [{"field": "messages", "value": {
            "messaging_product": "whatsapp", "metadata": {"display_phone_number": "27110000000", "phone_number_id": "200000000000002"},
            "contacts": [{"profile": {"name": name}, "wa_id": number}],
            "messages": [{"from": number, "id": identifier, "timestamp": str(now), "text": {"body": f"Stop {account}"}, "type": "text"}],
        }}]} for (account, number), identifier, name in zip(vendors, identifiers, names)]
        return json.dumps({"object": "whatsapp_business_account", "entry": entries}, separators=(",", ":")).encode()

    now, identifiers = int(time.time()), ["wamid.HBgL" + secrets.token_hex(24) for _ in vendors]
    missing = size - len(body([""] * len(vendors)))
    each, rest = divmod(missing, len(vendors))
    if each < 1:
        raise RuntimeError(f"{len(vendors)} messages do not fit into {size} bytes")
    return body(["V" * (each + (place < rest)) for place in range(len(vendors))])
