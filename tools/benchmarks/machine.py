"""The machine: its packages, its cores, what to print about it."""

import os
import pathlib
import platform
import subprocess
import sys
import time

PREPARE = pathlib.Path(__file__).resolve().parent.parent / "prepare"


def install():
    """Installs the peers that are missing, from Debian; which they are, tools/prepare knows. What it says goes to stderr."""
    if subprocess.run([PREPARE, "bench"], stdout=sys.stderr).returncode != 0:
        raise SystemExit("tools/bench: the peers could not be installed, see above. Run `tools/prepare bench` as root, then this again.")


def cores():
    return len(os.sched_getaffinity(0))


def busy_share(seconds=0.5):
    """Share of all cores that is in use, 0 to 1."""
    def read():
        with open("/proc/stat") as file:
            ticks = [int(word) for word in file.readline().split()[1:9]]
        return sum(ticks), ticks[3] + ticks[4]
    total, idle = read()
    time.sleep(seconds)
    total_after, idle_after = read()
    return 1 - (idle_after - idle) / max(1, total_after - total)


def wait_until_idle(say, seconds=15):
    """Waits for other load to end, and returns the share that is still there: it weighs on the figures, and is shown with them."""
    end = time.monotonic() + seconds
    share = busy_share()
    while share > 0.1 and time.monotonic() < end:
        share = busy_share()
    if share > 0.1:
        say(f"other programs use {share:.0%} of this machine: the next figures are worth that much less")
    return share


def model():
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


def version(*words):
    done = subprocess.run(words, capture_output=True, text=True)
    return ((done.stdout or done.stderr).splitlines() or ["?"])[0].strip()


def about(bench):
    return {
        "cores": cores(), "cpu": model(), "kernel": platform.release(),
        "nginx": version("nginx", "-v").rsplit("/", 1)[-1], "mosquitto": version("mosquitto", "-h").split()[-1],
        "openssl": version("openssl", "version").split()[1], "terminals": bench.options.terminals,
        "other load": f"up to {max(bench.memo.get('busy', [0])):.0%}",
        "repeats": 1 if bench.options.quick else 3,
    }
