#!/usr/bin/env python3
"""A slow line between two networks: line.py PID PID MILLISECONDS [LOSS]

Makes an interface `line0` in the network of each process and carries every packet from one to the other, that much later.
LOSS is a percentage, each way. Says "up" once both are there; from then on a line "MILLISECONDS LOSS" on its input changes both. For kernels without netem (`CONFIG_NET_SCH_NETEM`); an interface that a program reads is slow
enough for a terminal, and no faster than 2 ms.
"""

import collections
import fcntl
import os
import random
import select
import struct
import sys
import time

sys.dont_write_bytecode = True
import namespaces  # noqa: E402

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000  # linux/if_tun.h
LONGEST = 65536

first, second, milliseconds = (int(word) for word in sys.argv[1:4])
delay, loss = milliseconds / 1000, float(sys.argv[4]) if len(sys.argv) > 4 else 0.0


def interface(pid):
    namespaces.enter(pid, "net")
    descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    fcntl.ioctl(descriptor, TUNSETIFF, struct.pack("16sH22x", b"line0", IFF_TUN | IFF_NO_PI))
    return descriptor


namespaces.enter(first, "user")
ends = [interface(first), interface(second)]
other = {ends[0]: ends[1], ends[1]: ends[0]}
print("up", flush=True)

underway = collections.deque()
watched = ends + [sys.stdin.fileno()]
while True:
    patience = max(0, underway[0][0] - time.monotonic()) if underway else None
    ready, _, _ = select.select(watched, [], [], patience)
    now = time.monotonic()
    for end in ready:
        if end not in other:
            words = os.read(end, 100).decode().splitlines()
            if words:
                delay, loss = (float(number) / scale for number, scale in zip(words[-1].split(), (1000, 1)))
            else:
                watched.remove(end)
            continue
        try:
            packet = os.read(end, LONGEST)
            if random.uniform(0, 100) >= loss:
                underway.append((now + delay, other[end], packet))
        except BlockingIOError:
            pass
    while underway and underway[0][0] <= now:
        _, end, packet = underway.popleft()
        try:
            os.write(end, packet)
        except OSError:
            pass  # The interface is down, as lines sometimes are.
