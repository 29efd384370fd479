#!/usr/bin/env python3
"""Somebody on the way who answers in the server's place: stranger.py PORT CERTIFICATE KEY portal | inspect HOST CA_FILE NAME

portal:  a page instead of an answer, to whatever is asked: 302 to a POST, 200 and HTML to the rest.
inspect: passes everything on to the server at HOST, port 443, over a second TLS connection, and reads it.

Says "listening", then a line for each thing that happens: "refused" by a client that did not go on, "asked" by one that spoke,
"gone" is one whose words were passed on, and "read a lease" what it was passed.
"""

import socket
import ssl
import sys
import threading

port, certificate, key, role = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
PAGE = b"<!doctype html><title>Welcome</title><p>Buy data to go on."

own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
own.load_cert_chain(certificate, key)
listener = socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=64)


def say(text):
    print(text, flush=True)


def portal(client):
    request = client.recv(65536)
    if not request:
        raise ConnectionAbortedError("it went away")
    say("asked")
    if request.startswith(b"POST"):
        head = b"HTTP/1.1 302 Found\r\nLocation: https://portal.test/\r\nContent-Length: 0\r\n\r\n"
        client.sendall(head)
    else:
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(PAGE) + PAGE)


def inspect(client):
    context = ssl.create_default_context(cafile=sys.argv[6])
    server = context.wrap_socket(socket.create_connection((sys.argv[5], 443), timeout=20), server_hostname=sys.argv[7])
    server.settimeout(None)

    def carry(source, sink):
        try:
            while data := source.recv(65536):
                if source is client:
                    say("asked")
                elif b"application/jwt" in data:
                    say("read a lease")
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    threading.Thread(target=carry, args=(server, client), daemon=True).start()
    carry(client, server)
    say("gone")


def serve(connection):
    try:
        client = own.wrap_socket(connection, server_side=True)
        # A client of TLS 1.3 refuses a certificate after the handshake has ended here.
        (portal if role == "portal" else inspect)(client)
    except OSError as error:
        say("refused: %s" % error)
    finally:
        connection.close()


say("listening")
while True:
    connection, _ = listener.accept()
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
