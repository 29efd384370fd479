"""Runs an agent as an unprivileged user and looks at it as that same user. Arguments: the agent, its configuration, its gate, a directory.

Prints one line for each finding, "what: outcome". Needs root.
"""
import os, resource, signal, socket, subprocess, sys, time

agent, config, gate, directory = sys.argv[1:]
NOBODY = 65534
# As the unit has it: the runtime's own report of a crash would print memory, and would not end a process that was sent the signal.
environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "SWIFT_BACKTRACE": "enable=no"}


def cores_allowed():
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def start(words):
    return subprocess.Popen(words, user=NOBODY, group=NOBODY, extra_groups=[], cwd=directory, preexec_fn=cores_allowed, env=environment)


def memory(pid):
    look = ["sh", "-c", "exec 3< /proc/$0/mem", str(pid)]
    return subprocess.run(look, user=NOBODY, group=NOBODY, extra_groups=[], stderr=subprocess.DEVNULL).returncode == 0


def abort(process):
    process.send_signal(signal.SIGABRT)
    _, status = os.waitpid(process.pid, 0)
    return "core" if os.WCOREDUMP(status) else "none"


other = start(["sleep", "60"])
while open(f"/proc/{other.pid}/comm").read().strip() != "sleep":
    time.sleep(0.001)
print("memory of another process:", "open" if memory(other.pid) else "closed")
print("core of another process:", abort(other))
process = start([agent, "run", "--config", config])
while True:
    try:
        socket.socket(socket.AF_UNIX).connect(gate)
        break
    except OSError:
        if process.poll() is not None:
            sys.exit(f"the agent ended with {process.returncode}")
        time.sleep(0.01)
print("memory of the agent:", "open" if memory(process.pid) else "closed")
print("core of the agent:", abort(process))
