"""One child process: started, waited for, measured, and stopped by its own id."""

import os
import pathlib
import signal
import socket
import subprocess
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    def __init__(self, name, words, log, cores=None, netns=None, **kwargs):
        self.name, self.log = name, pathlib.Path(log)
        if cores is not None:
            words = ["taskset", "-c", cores, *words]
        if netns:
            words = ["ip", "netns", "exec", netns, *words]  # which executes the program in its own place
        self.file = open(self.log, "a")
        self.child = subprocess.Popen([str(word) for word in words], stdin=kwargs.pop("stdin", subprocess.DEVNULL),
                                      stdout=kwargs.pop("stdout", self.file), stderr=self.file, **kwargs)

    @property
    def pid(self):
        return self.child.pid

    def wait_for_port(self, port, seconds=20, host="127.0.0.1"):
        """Returns the monotonic time at which the port first answered."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.must_live()
            try:
                with socket.create_connection((host, port), timeout=1):
                    return time.monotonic()
            except OSError:
                time.sleep(0.002)
        raise RuntimeError(f"{self.name} did not open port {port} in {seconds} s: {self.tail()}")

    def wait_for_file(self, path, seconds=20):
        end = time.monotonic() + seconds
        while not os.path.exists(path):
            self.must_live()
            if time.monotonic() > end:
                raise RuntimeError(f"{self.name} did not make {path} in {seconds} s: {self.tail()}")
            time.sleep(0.01)

    def must_live(self):
        if self.child.poll() is not None:
            raise RuntimeError(f"{self.name} ended with status {self.child.returncode}: {self.tail()}")

    def tail(self):
        text = self.log.read_text(errors="replace").strip()
        return " / ".join(text.splitlines()[-3:])[-400:] or "(it said nothing)"

    def stop(self, kill=False, seconds=15):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
            try:
                self.child.wait(seconds)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
        self.file.close()

    def family(self):
        """This process and its children, such as nginx's workers."""
        children = pathlib.Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [self.pid, *map(int, children)]

    def memory(self, field):
        """Sum over the family of a field of smaps_rollup ("Rss", "Pss", "Anonymous"), in bytes."""
        total = 0
        for pid in self.family():
            for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith(field + ":"):
                    total += int(line.split()[1]) * 1024
        return total

    def cpu_seconds(self):
        """Time on a core of all the family's threads, from the scheduler's nanoseconds (finer than the ticks of `stat`)."""
        tasks = [task for pid in self.family() for task in pathlib.Path(f"/proc/{pid}/task").iterdir()]
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
