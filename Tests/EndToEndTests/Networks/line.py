#!/usr/bin/env python3
"""A slow line between two networks: line.py PID PID MILLISECONDS

Makes an interface `line0` in the network of each process and carries every packet from one to the other, that much later.
Says "up" once both are there. For kernels without netem (`CONFIG_NET_SCH_NETEM`); an interface that a program reads is slow
enough for a terminal, and no faster than 2 ms.
"""

import collections
import fcntl
import os
import select
import struct
import sys
import time

import namespaces

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000  # linux/if_tun.h
LONGEST = 65536

first, second, milliseconds = (int(word) for word in sys.argv[1:])
delay = milliseconds / 1000


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
while True:
    patience = max(0, underway[0][0] - time.monotonic()) if underway else None
    ready, _, _ = select.select(ends, [], [], patience)
    now = time.monotonic()
    for end in ready:
        try:
            underway.append((now + delay, other[end], os.read(end, LONGEST)))
        except BlockingIOError:
            pass
    while underway and underway[0][0] <= now:
        _, end, packet = underway.popleft()
        try:
            os.write(end, packet)
        except OSError:
            pass  # The interface is down, as lines sometimes are.
