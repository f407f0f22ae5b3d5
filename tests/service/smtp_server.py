"""An SMTP server for test_notification.c: keeps what it accepts, and misbehaves on demand.

    smtp_server.py FOLDER [PORT]

Writes its port into FOLDER/port once it listens. Each accepted mail becomes
FOLDER/N.eml. What it does is told by the recipient's name before the @:

    busy    450 for the first two times, then accepts
    gone    550 at once
    full    552 when it has seen the whole mail
    dies    keeps the mail, and ends before it answers
    early   kills the client (FOLDER/client.pid) before it has seen the mail
    late    keeps the mail, and kills the client before it answers
    stalls  never answers
"""
import asyncio
import os
import signal
import sys

from aiosmtpd.smtp import SMTP

folder = sys.argv[1]
port = int(sys.argv[2]) if len(sys.argv) > 2 else 0
counts = {}


def store(content):
    """Whole or not at all: the test may look at any moment."""
    n = len([name for name in os.listdir(folder) if name.endswith(".eml")])
    part = os.path.join(folder, "part")
    with open(part, "wb") as f:
        f.write(content)
    os.rename(part, os.path.join(folder, "%d.eml" % n))


def kill_client():
    with open(os.path.join(folder, "client.pid")) as f:
        os.kill(int(f.read()), signal.SIGKILL)


def count(name):
    counts[name] = counts.get(name, 0) + 1
    return counts[name]


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split("@")[0]
        if name == "busy" and count(name) <= 2:
            return "450 try again later"
        if name == "gone":
            return "550 there is nobody"
        if name == "early" and count(name) == 1:
            kill_client()
        if name == "stalls":
            await asyncio.sleep(600)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        name = envelope.rcpt_tos[0].split("@")[0]
        if name == "full":
            return "552 too much"
        store(envelope.original_content)
        if name == "dies" and not os.path.exists(os.path.join(folder, "died")):
            open(os.path.join(folder, "died"), "w").close()
            os._exit(0)
        if name == "late" and count(name) == 1:
            kill_client()
        return "250 OK"


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Handler(), hostname="localhost", loop=loop), "127.0.0.1", port, reuse_address=True)
    part = os.path.join(folder, "port.part")
    with open(part, "w") as f:
        f.write(str(server.sockets[0].getsockname()[1]))
    os.rename(part, os.path.join(folder, "port"))
    await server.serve_forever()


asyncio.run(main())
