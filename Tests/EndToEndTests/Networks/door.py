#!/usr/bin/env python3
"""A door from this machine to a server in another network: door.py PID PORT CA_FILE NAME

Listens in plain HTTP on a free loopback port of the network that it is started in, says "door PORT", and passes each
connection to the server on PORT in the network of process PID, over TLS, as to NAME.
"""

import os
import socket
import ssl
import sys
import threading

sys.dont_write_bytecode = True
import namespaces  # noqa: E402

holder, port, authority, name = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
# A socket stays in the network that it was made in.
door = socket.create_server(("127.0.0.1", 0), backlog=64)
namespaces.enter(holder, "user")
namespaces.enter(holder, "net")
context = ssl.create_default_context(cafile=authority)
print("door %d" % door.getsockname()[1], flush=True)


def carry(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    # Both directions end together: every call has a connection of its own.
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(client):
    with client:
        try:
            server = context.wrap_socket(socket.create_connection(("localhost", port), timeout=20), server_hostname=name)
        except OSError as error:
            print(error, file=sys.stderr, flush=True)
            return
        server.settimeout(None)
        with server:
            back = threading.Thread(target=carry, args=(server, client), daemon=True)
            back.start()
            carry(client, server)
            back.join()


while True:
    client, _ = door.accept()
    threading.Thread(target=serve, args=(client,), daemon=True).start()
