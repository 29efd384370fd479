"""Entering the network of another process."""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def enter(pid, kind):
    """`kind` is `user` or `net`. - Source: setns(2); entering a user namespace asks for a process of one thread."""
    descriptor = os.open("/proc/%d/ns/%s" % (pid, kind), os.O_RDONLY | os.O_CLOEXEC)
    try:
        if libc.setns(descriptor, 0) != 0:
            number = ctypes.get_errno()
            raise OSError(number, "setns to the %s namespace of %d: %s" % (kind, pid, os.strerror(number)))
    finally:
        os.close(descriptor)
