"""Our server and agent, driven by their documented interfaces only."""

import http.client
import json
import pathlib
import ssl
import shutil
import time
import urllib.error
import urllib.request

from .process import free_port


class Server:
    """`vendlock-server serve` over a folder of data."""

    def __init__(self, bench, data, port=None, address="127.0.0.1", tls=None, lease=None, cores=None, whatsapp=None):
        self.bench, self.data, self.port, self.address = bench, pathlib.Path(data), port or free_port(), address
        self.tls, self.kept = tls, None
        words = [bench.memo["vendlock-server"], "serve", "--data", data, "--listen", f"{address}:{self.port}"]
        settings = {}
        if tls:
            settings["tls"] = {"certificate": str(tls.certificate), "key": str(tls.key)}
        if lease:
            settings["lease"] = {"ttl_s": lease[0], "wait_s": lease[1]}
        if whatsapp:
            settings["whatsapp"] = whatsapp
        if settings:
            file = bench.subfolder("server") / "server.json"
            file.write_text(json.dumps(settings))
            words += ["--config", file]
        self.process = bench.start("vendlock-server", *words, cores=cores)
        self.process.wait_for_port(self.port, host=address)
        self.process.wait_for_file(self.token_file)

    @property
    def token_file(self):
        return self.data / "admin-token"

    @property
    def url(self):
        host = "localhost" if self.tls and self.address == "127.0.0.1" else self.address
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"

    def post(self, path, body, expected=201):
        """One call of the back-office API as administrator."""
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), method="POST", headers={
            "Authorization": "Bearer " + self.token_file.read_text().strip(), "Content-Type": "application/json"})
        context = ssl.create_default_context(cafile=str(self.tls.authority)) if self.tls else None
        try:
            with urllib.request.urlopen(request, timeout=20, context=context) as answer:
                status, text = answer.status, answer.read()
        except urllib.error.HTTPError as refusal:
            status, text = refusal.code, refusal.read()
        if status != expected:
            raise RuntimeError(f"POST {path} was answered {status}, not {expected}: {text[:300]!r}")
        return json.loads(text)

    def get(self, path):
        """One answer of the back-office API, over a connection that is kept: some rows ask thousands of times."""
        if self.kept is None:
            self.kept = http.client.HTTPConnection(self.address, self.port, timeout=20)
        self.kept.request("GET", path, headers={"Authorization": "Bearer " + self.token_file.read_text().strip()})
        answer = self.kept.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"GET {path} was answered {answer.status}: {text[:300]!r}")
        return json.loads(text)

    def vendor_holds(self):
        """How many holds of the vendor's own stand on each account that has any."""
        found, after = {}, ""
        while after is not None:
            page = self.get("/v1/accounts?limit=200" + (f"&after={after}" if after else ""))
            for account in page["accounts"]:
                if count := sum(hold["kind"] == "vendor" for hold in account["holds"]):
                    found[account["reference"]] = count
            after = page.get("next")
        return found

    def metric(self, name):
        context = ssl.create_default_context(cafile=str(self.tls.authority)) if self.tls else None
        with urllib.request.urlopen(self.url + "/metrics", timeout=20, context=context) as answer:
            for line in answer.read().decode().splitlines():
                words = line.split()
                if words and words[0] == name:
                    return float(words[1])
        raise RuntimeError(f"/metrics has no {name}")

    def wait_until_parked(self, count, seconds=20):
        self.wait_for_metric("vendlock_parked_polls", count, seconds)

    def wait_for_metric(self, name, count, seconds=20):
        """Until a metric has reached `count`."""
        end = time.monotonic() + seconds
        while (reached := self.metric(name)) < count:
            if time.monotonic() > end:
                raise RuntimeError(f"{name} is {reached:.0f} and not {count} after {seconds} s")
            time.sleep(0.1)

    def stop(self, kill=False):
        self.bench.stop(self.process, kill)


def fresh_server(bench, **kwargs):
    return Server(bench, bench.subfolder("data"), **kwargs)


def provision(bench, server, count, file):
    """Enrols `count` terminals; their sessions go to `file`. Returns how long a session lives, in seconds."""
    words = bench.call(bench.programs / "herd", "provision", "--port", server.port, "--token-file", server.token_file,
                       "--count", count, "--out", file).split()
    bench.say(f"enrolled {words[1]} terminals in {float(words[2]) / 1000:.1f} s")
    return int(words[3])


def provisioned(bench, count):
    """(folder of data, list of sessions) with `count` terminals enrolled: made once a run, served again by each row."""
    if ("provisioned", count) not in bench.memo:
        server = fresh_server(bench)
        file = bench.folder / f"sessions-{count}"
        provision(bench, server, count, file)
        server.stop()
        bench.memo["provisioned", count] = (server.data, file)
    return bench.memo["provisioned", count]


def copy(bench, data):
    """A folder of data like this one, for a row that leaves marks."""
    folder = bench.subfolder("data")
    shutil.copytree(data, folder, dirs_exist_ok=True)
    bench.settle_disk()
    return folder


def luhn(digits):
    total = sum(sum(divmod(int(d) * (2 if i % 2 else 1), 10)) for i, d in enumerate(digits))
    return digits + str(-total % 10)


class Agent:
    """A real `vendlock-agent`, enrolled on a server and running."""

    CHANNEL = "KazTimpaPro"

    def __init__(self, bench, server, netns=None, cores=None, run=True):
        # A number of its own in each turn: rows of one run share a store.
        number = bench.memo["agents"] = bench.memo.get("agents", 0) + 1
        self.imei, self.account = luhn(f"35209900{number:06d}"), f"20{number:06d}"
        self.number = f"27712{number:06d}"
        folder = bench.subfolder("agent")
        self.gate = bench.sockets / f"gate-{number}.sock"
        self.configuration = folder / "agent.json"
        state = folder / "state"
        state.mkdir(mode=0o700)
        settings = {"server": server.url, "imei": self.imei, "channel": self.CHANNEL, "state_dir": str(state),
                    "gate_socket": str(self.gate)}
        if server.tls:
            settings["ca_file"] = str(server.tls.authority)
        self.configuration.write_text(json.dumps(settings))
        post = server.post
        post("/v1/accounts", {"reference": self.account, "owner": {"name": "Agent"}, "linked_number": "+" + self.number,
                               "locked_channels": [self.CHANNEL]})
        post("/v1/devices", {"imei": self.imei, "account": self.account})
        code = post(f"/v1/devices/{self.imei}/enrolment-codes", {})["code"]
        bench.call(bench.memo["vendlock-agent"], "enrol", "--server", server.url, "--imei", self.imei, "--channel", self.CHANNEL, "--code", code,
                   "--config", self.configuration, netns=netns)
        self.bench, self.netns, self.cores = bench, netns, cores
        if run:
            self.run()

    def run(self):
        program = self.bench.memo["vendlock-agent"]
        self.process = self.bench.start("vendlock-agent", program, "run", "--config", self.configuration,
                                        netns=self.netns, cores=self.cores)
        self.process.wait_for_file(self.gate)

    def wait_until_permitted(self, bench, seconds=20):
        """Until the gate permits, which also says that a lease runs."""
        end = time.monotonic() + seconds
        while True:
            try:
                return bench.call(bench.programs / "gate", "once", self.gate)
            except RuntimeError as problem:
                if time.monotonic() > end:
                    raise RuntimeError(f"the gate does not permit: {problem}") from None
                time.sleep(0.05)


def stripped_copy(bench, product):
    copy = bench.folder / f"{product}.stripped"
    shutil.copy(bench.memo[product], copy)
    bench.call("strip", copy)
    return copy
