"""A proxy that breaks connections between clients and the gateway, by a seed.

What happens to a request hangs on the seed, its Idempotency-Key and how often
it was sent, and on nothing else: the same seed makes the same choices, however
the threads take turns. Its modes:

    swallow   the whole answer is read (so the work is committed), and the
              connection cut before its first byte goes on
    drop      the connection is cut as soon as the request was forwarded
    partial   the answer is cut after some of its bytes
    delay     the answer goes on later
    pass      nothing

Every answer that a client did not get whole is kept under its key, so that it
can be compared with what a repeat is told.
"""
import random
import socket
import struct
import threading
import time

HEAD_MAX = 64 << 10
BODY_MAX = 8 << 20
TRIES_CUT = 4       # from then on a request passes, so that every call ends
WAIT = 20


def read_message(stream):
    """One HTTP message as (head, body); None at the end of the stream."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = stream.readline(HEAD_MAX)
        if not line or len(head) > HEAD_MAX:
            return None
        head += line
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    if length > BODY_MAX:
        return None
    body = stream.read(length) if length else b""
    return (head, body) if len(body) == length else None


def header(head, name):
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.strip().lower() == name:
            return value.strip().decode("latin-1")
    return ""


def cut(connection):
    """Ends a connection by a reset, as a lost network would."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class Proxy:
    def __init__(self, target, seed):
        self.target, self.seed = target, seed
        self.rate = 0.0                 # of the requests that something happens to
        self.lock = threading.Lock()
        self.sent = {}                  # key -> how often
        self.kept = {}                  # key -> [(status, body)] of answers that did not arrive whole
        self.counts = {}
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def choose(self, key):
        with self.lock:
            n = self.sent[key] = self.sent.get(key, 0) + 1
        dice = random.Random(f"{self.seed}/{key}/{n}")
        if not key or n > TRIES_CUT or dice.random() >= self.rate:
            return "pass", dice
        return dice.choices(("swallow", "drop", "partial", "delay"), (5, 2, 2, 2))[0], dice

    def count(self, mode):
        with self.lock:
            self.counts[mode] = self.counts.get(mode, 0) + 1

    def keep(self, key, answer):
        with self.lock:
            self.kept.setdefault(key, []).append((int(answer[0].split(b" ")[1]), answer[1]))

    def serve(self, connection):
        connection.settimeout(120)
        try:
            upstream = socket.create_connection(self.target, timeout=WAIT)
        except OSError:
            cut(connection)
            return
        try:
            requests, answers = connection.makefile("rb"), upstream.makefile("rb")
            while self.exchange(connection, upstream, requests, answers):
                pass
            connection.close()
        except (OSError, ValueError):
            cut(connection)
        finally:
            upstream.close()

    def exchange(self, connection, upstream, requests, answers):
        """One request and its answer. False: the connection is over."""
        request = read_message(requests)
        if request is None:
            return False
        mode, dice = self.choose(header(request[0], b"idempotency-key"))
        upstream.sendall(request[0] + request[1])
        if mode == "drop":
            self.count(mode)
            raise OSError("cut")
        answer = read_message(answers)
        if answer is None:
            raise OSError("the gateway ended the connection")
        whole = answer[0] + answer[1]
        if mode != "pass":
            self.count(mode)
        if mode in ("swallow", "partial"):
            self.keep(header(request[0], b"idempotency-key"), answer)
            if mode == "partial":
                connection.sendall(whole[:dice.randrange(1, len(whole))])
            raise OSError("cut")
        if mode == "delay":
            time.sleep(dice.uniform(0.01, 0.4))
        connection.sendall(whole)
        return b"connection: close" not in answer[0].lower()
