"""The machine: Debian packages, cores, what to print about it."""

import os
import platform
import shutil
import subprocess
import time

# Package, and the file that shows it is there.
PACKAGES = {
    "nginx-light": "/usr/sbin/nginx",
    "libnginx-mod-nchan": "/usr/lib/nginx/modules/ngx_nchan_module.so",
    "mosquitto": "/usr/sbin/mosquitto",
    "mosquitto-clients": "/usr/bin/mosquitto_sub",
    "wrk": "/usr/bin/wrk",
    "openssl": "/usr/bin/openssl",
    "gcc": "/usr/bin/gcc",
    "libc6-dev": "/usr/include/stdio.h",
    "libssl-dev": "/usr/include/openssl/evp.h",
    "iproute2": "/usr/sbin/ip",
    "binutils": "/usr/bin/strip",
}


def missing():
    return [package for package, file in PACKAGES.items() if not os.path.exists(file) and not shutil.which(os.path.basename(file))]


def install(say):
    """Installs the peers that are missing, from Debian, trying once more when a mirror hiccups."""
    wanted = missing()
    if not wanted:
        return
    if os.geteuid() != 0:
        raise SystemExit("tools/bench: these Debian packages are missing: " + " ".join(wanted) + ". Install them, or run as root.")
    say("installing " + " ".join(wanted))
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    # Debian starts a daemon as soon as it is installed; here they are only wanted as programs.
    policy = "/usr/sbin/policy-rc.d"
    ours = not os.path.exists(policy)
    if ours:
        with open(policy, "w") as file:
            file.write("#!/bin/sh\nexit 101\n")
        os.chmod(policy, 0o755)
    try:
        for attempt in (1, 2):
            environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(["apt-get", "update", "-qq"], **quiet)
            done = subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *wanted], env=environment, **quiet)
            if done.returncode == 0 and not missing():
                return
            say(f"attempt {attempt} failed: {done.stderr.strip()[-300:]}")
    finally:
        if ours:
            os.unlink(policy)
    raise SystemExit("tools/bench: the peers could not be installed: " + " ".join(missing()))


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
