"""The herd of clients (load/herd.c), split over as many processes as descriptors allow."""

import os
import select
import subprocess
import time

MOST_EACH = 15000


class Herd:
    def __init__(self, bench, mode, port, count, *words):
        self.bench, self.count, self.parts, self.pending = bench, count, [], {}
        for first in range(0, count, MOST_EACH):
            part = bench.start("herd", bench.programs / "herd", mode, "--port", port, "--from", first,
                               "--count", min(MOST_EACH, count - first), *words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            self.parts.append(part)
            self.pending[part] = b""

    def line(self, part, kind, seconds):
        """The next line of a part that begins with `kind`, as its words after that."""
        end = time.monotonic() + seconds
        while True:
            while b"\n" in self.pending[part]:
                line, self.pending[part] = self.pending[part].split(b"\n", 1)
                words = line.decode().split()
                if words[0] == kind:
                    return words[1:]
            readable, _, _ = select.select([part.child.stdout], [], [], max(0, end - time.monotonic()))
            if not readable:
                raise RuntimeError(f"the herd did not say '{kind}' in {seconds} s")
            more = os.read(part.child.stdout.fileno(), 4096)
            if not more:
                part.child.wait()
                part.must_live()
            self.pending[part] += more

    def say(self, word):
        for part in self.parts:
            part.child.stdin.write(word.encode() + b"\n")
            part.child.stdin.flush()

    def ready(self, seconds=130):
        """Milliseconds until the last client settled."""
        return max(float(self.line(part, "ready", seconds)[1]) for part in self.parts)

    def dropped(self, seconds=30):
        for part in self.parts:
            self.line(part, "dropped", seconds)

    def must_be_whole(self):
        """A herd that lost connections while it was measured measured something else."""
        self.say("status")
        for part in self.parts:
            status = dict(word.split("=") for word in self.line(part, "status", 10))
            if int(status["down"]):
                raise RuntimeError(f"{status['down']} of {self.count} connections were lost while parked")

    def stop(self):
        for part in self.parts:
            self.bench.stop(part)
