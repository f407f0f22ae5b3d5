#!/usr/bin/env python3
"""Live changes: what is heard while connected, and after coming back.

    live.py BASE BIN STATE
"""
import http.client
import json
import queue
import socket
import threading
import urllib.parse

import contract
import work
from world import BASE, Person, await_that, check, count, finish, newcomer, offer, set_up


class Stream:
    """A browser that listens: its events, in order, as (id, data)."""

    def __init__(self, person, last=None):
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in person.jar)
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(BASE).netloc, timeout=30)
        connection.request("GET", "/api/v1/events", headers={
            "Cookie": cookies, "Accept": "text/event-stream", **({} if last is None else {"Last-Event-ID": str(last)})})
        self.socket = connection.sock
        self.reply = connection.getresponse()
        check("a stream", (self.reply.status, self.reply.headers["Content-Type"].split(";")[0]), (200, "text/event-stream"))
        contract.hold("GET", "/events", self.reply.status, self.reply.headers["Content-Type"], b"")
        check("its request has an id", bool(self.reply.headers["X-Request-Id"]), True)
        self.events, self.heard = queue.Queue(), []
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        number = data = None
        try:
            for line in self.reply:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name == "id":
                    number = int(value)
                elif name == "data":
                    data = json.loads(value)["notification"]
                elif not line.strip() and data is not None:
                    self.events.put((number, data))
                    data = None
        except (OSError, ValueError, AttributeError):       # closed by us
            pass

    def until(self, what, wanted):
        """Listens until WANTED(data); the event."""
        while True:
            try:
                event = self.events.get(timeout=20)
            except queue.Empty:
                raise SystemExit(f"{what}: not heard; heard {[d['kind'] for _, d in self.heard]}") from None
            self.heard.append(event)
            if wanted(event[1]):
                count()
                return event

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)


def main():
    set_up()
    earner, other = newcomer("Listener"), newcomer("Deaf")
    micro_credential = offer("live-work")
    path, receipt = work.hand_in(earner, micro_credential)
    stream, stranger = Stream(earner), Stream(other)
    work.decide(Person("assessor"), receipt["code"], "denied", failing=("reflection",), feedback=[
        {"kind": "challenge", "part": "reflection", "text": "Say what you would change."}])
    number, decision = stream.until("the decision", lambda data: data["kind"] == "decision")
    check("of this work", decision["submissionCode"], receipt["code"])
    check("it is the one of the inbox", [n for n in earner.get("/notifications")["items"] if n["id"] == decision["id"]], [decision])
    check("numbers rise", [n for n, _ in stream.heard], sorted({n for n, _ in stream.heard}))
    stream.close()
    # Away: another thing happens. Back with the last id: it is heard, and nothing twice.
    draft = earner.post(f"{path}/resubmission", want=201)
    again = f"/submissions/{draft['id']}"
    earner.put(f"{again}/declarations", work.DECLARED)      # one confirms one's work each time
    await_that("nothing blocks", lambda: earner.get(f"{again}/checks")["ready"])
    second = earner.post(f"{again}/submit")
    await_that("the inbox has it", lambda: [n for n in earner.get("/notifications")["items"] if n.get("submissionCode") == second["code"]])
    back = Stream(earner, number)
    missed, received = back.until("what was missed", lambda data: True)
    check("what was missed comes first", (received["submissionCode"], missed > number), (second["code"], True))
    whole = Stream(earner, 0)
    whole.until("the first of all", lambda data: data["submissionCode"] == receipt["code"])
    whole.until("to the last", lambda data: data["submissionCode"] == second["code"])
    check("in order, each once", [n for n, _ in whole.heard], sorted({n for n, _ in whole.heard}))
    earner.post(f"{again}/withdraw", {})
    back.until("and it stays live", lambda data: data["kind"] == "submission_withdrawn")
    check("somebody else hears nothing", stranger.events.empty(), True)
    for bad in ("x", "-1", "9" * 30):
        earner.get("/events", want=400, headers={"Last-Event-ID": bad})
    earner.delete("/sessions/current")
    for each in (back, whole):
        await_that("signing out ends the stream", lambda each=each: not each.reader.is_alive())
    stranger.close()
    finish()


main()
