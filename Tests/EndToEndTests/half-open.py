#!/usr/bin/env python3
"""Opens connections and never finishes a request: half-open.py PORT COUNT NUMBER

Says "opened N" once they stand, and ends with 0 when the server has closed every one of them. NUMBER tells helpers apart:
each has source addresses of its own, because one pair of addresses has too few ports.
"""

import errno
import resource
import select
import socket
import sys

port, count, number = (int(word) for word in sys.argv[1:])
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
beginnings = [b"", b"G", b"GET /healthz HTTP/1.1\r\nHost: h\r\nX-Slow: ", b"POST /v1/enrolments HTTP/1.1\r\nHost: h\r\nContent-Le"]
poller = select.epoll()
standing = {}
closed = 0


def sweep(timeout):
    """Takes note of those that the server has closed."""
    global closed
    for descriptor, _ in poller.poll(timeout):
        connection = standing[descriptor]
        try:
            if connection.recv(4096):
                continue
        except OSError:
            pass
        poller.unregister(descriptor)
        standing.pop(descriptor).close()
        closed += 1


for index in range(count):
    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # The port is chosen when both ends are known. - Source: ip(7), IP_BIND_ADDRESS_NO_PORT
    connection.setsockopt(socket.SOL_IP, 24, 1)
    connection.bind(("127.0.%d.%d" % (1 + number, 1 + index % 200), 0))
    connection.connect(("127.0.0.1", port))
    try:
        connection.send(beginnings[index % len(beginnings)])
    except OSError as error:
        if error.errno not in (errno.EPIPE, errno.ECONNRESET):
            raise
    standing[connection.fileno()] = connection
    poller.register(connection.fileno(), select.EPOLLIN | select.EPOLLRDHUP)
    if index % 500 == 499:
        sweep(0)
print("opened %d, %d standing" % (count, len(standing)), flush=True)
while standing:
    sweep(-1)
print("closed %d" % closed, flush=True)
