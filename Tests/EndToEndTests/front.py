"""Stands where a server is expected, and says on standard output what it heard.

front.py PORT redirect                       a login page: plain HTTP that sends everybody elsewhere
front.py PORT page CERTIFICATE KEY           a login page with a certificate
front.py PORT relay CERTIFICATE KEY UPSTREAM ends TLS and reads along
"""
import asyncio
import ssl
import sys

port, mode, rest = int(sys.argv[1]), sys.argv[2], sys.argv[3:]


def heard(data):
    sys.stdout.write(data.decode("latin-1"))
    sys.stdout.flush()


async def answer(reader, writer):
    try:
        if mode == "relay":
            upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", int(rest[2]))
            back = asyncio.create_task(copy(upstream_reader, writer, lambda data: None))
            await copy(reader, upstream_writer, heard)
            await back
        elif mode == "page":
            while data := await reader.readuntil(b"\r\n\r\n"):
                heard(data)
                page = b"<html>Welcome! Please sign in to use this network.</html>"
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(page) + page)
                await writer.drain()
                break
        else:
            heard(await reader.read(1024))
            writer.write(b"HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
    except (OSError, EOFError, ssl.SSLError):
        pass
    finally:
        writer.close()


async def copy(reader, writer, look):
    try:
        while data := await reader.read(65536):
            look(data)
            writer.write(data)
            await writer.drain()
    except (OSError, ssl.SSLError):
        pass
    finally:
        writer.close()


async def main():
    context = None
    if mode != "redirect":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(rest[0], rest[1])
    server = await asyncio.start_server(answer, "127.0.0.1", port, ssl=context)
    print("listening", server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


asyncio.run(main())
