"""What a run has: options, folders, the compiled load programs, our executables, and the list of what it started."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from .process import Process

TREE = pathlib.Path(__file__).resolve().parents[2]
LOAD = pathlib.Path(__file__).resolve().parent / "load"

PROGRAMS = {
    "herd": ["herd.c", "engine.c", "vendlock.c", "nchan.c", "mqtt.c", "provision.c", "common.c"],
    "hooks": ["hooks.c", "webhook.c", "common.c"],
    "latency": ["latency.c", "webhook.c", "common.c"],
    "gate": ["gate.c", "common.c"],
    "crowd": ["crowd.c", "common.c"],
    "honest": ["honest.c", "common.c", *[f"../../../Firmware/vendgate/{name}.c" for name in ("vendgate", "answer", "exchange", "json", "utf8")]],
}


class Bench:
    def __init__(self, options):
        self.options = options
        self.began = time.monotonic()
        self.running = []
        self.closing = []
        self.memo = {}
        # On the tree's own disk: /tmp may be memory, and rows that count an fsync must have a real one.
        base = TREE / ".build" / "bench"
        base.mkdir(parents=True, exist_ok=True)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="run-", dir=base))
        # Paths of Unix sockets are short; this one is whatever the tree's is.
        self.sockets = pathlib.Path(tempfile.mkdtemp(prefix="bench-"))
        self.programs = base / "bin"

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.stop_all()
        shutil.rmtree(self.sockets, ignore_errors=True)
        if self.options.keep:
            self.say(f"kept {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def say(self, line):
        print(f"[{time.monotonic() - self.began:6.1f} s] {line}", file=sys.stderr, flush=True)

    # Programs

    def build(self):
        self.programs.mkdir(exist_ok=True)
        for name, sources in PROGRAMS.items():
            self.call("gcc", "-O2", "-Wall", "-Wextra", "-D_GNU_SOURCE", "-o", self.programs / name,
                      *[LOAD / source for source in sources], "-lcrypto", "-lpthread", "-lm")
        if self.options.peers_only:
            return
        wanted = {"vendlock-agent": self.options.agent, "vendlock-server": self.options.server}
        for product, given in wanted.items():
            self.memo[product] = given.resolve() if given else self.product(product)
            if not self.memo[product].exists():
                raise SystemExit(f"tools/bench: {self.memo[product]} does not exist; run without --no-build")

    def product(self, name):
        """A program of the package, built for release."""
        if not self.options.no_build:
            self.say(f"building {name} for release")
            done = subprocess.run(["swift", "build", "-c", "release", "--static-swift-stdlib", "--product", name],
                                  cwd=TREE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if done.returncode:
                raise SystemExit(done.stdout[-4000:] + f"\ntools/bench: {name} does not build")
        return (TREE / ".build" / "release" / name).resolve()

    # Processes

    def start(self, name, *words, **kwargs):
        process = Process(name, words, self.folder / f"{name}.log", **kwargs)
        self.running.append(process)
        return process

    def stop(self, process, kill=False):
        process.stop(kill)
        if process in self.running:
            self.running.remove(process)

    def at_stop(self, action):
        """Called when the row's half is over, after its processes."""
        self.closing.append(action)

    def stop_all(self):
        for process in reversed(self.running):
            process.stop()
        self.running.clear()
        while self.closing:
            self.closing.pop()()

    def call(self, *words, netns=None, cores=None, timeout=600):
        """Runs a program to its end and returns what it printed."""
        words = [str(word) for word in words]
        if cores is not None:
            words = ["taskset", "-c", cores, *words]
        if netns:
            words = ["ip", "netns", "exec", netns, *words]
        done = subprocess.run(words, capture_output=True, text=True, timeout=timeout)
        if done.returncode:
            raise RuntimeError(f"{pathlib.Path(words[0]).name}: {(done.stderr or done.stdout).strip()[-400:]}")
        return done.stdout

    def call_json(self, *words, **kwargs):
        return json.loads(self.call(*words, **kwargs))

    def settle_disk(self):
        """Writes down what was copied: written back by the kernel in the middle of a row, it would weigh on that."""
        os.sync()

    def subfolder(self, name):
        """A new, empty folder of the run."""
        return pathlib.Path(tempfile.mkdtemp(prefix=name + "-", dir=self.folder))
