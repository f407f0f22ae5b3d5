#!/usr/bin/env python3
"""A service that does not answer: what callers hear, and that nothing is done twice.

    away.py BASE BIN STATE

Every instance of the helpdesk is held still for a while. It alone must be asked
nothing by others meanwhile: this story runs by itself.
"""
import glob
import os
import signal
import threading

from world import STATE, Person, await_that, check, finish, newcomer, set_up, vouchctl


def processes(name):
    """The processes of this installation that run vouch-NAME."""
    found = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                words = file.read().decode(errors="replace").split("\0")
        except OSError:         # it has ended meanwhile
            continue
        if os.path.basename(words[0]) == f"vouch-{name}" and f"{STATE}/vouch.conf" in words:
            found.append(int(path.split("/")[2]))
    return found


def beside(*steps):
    """Takes the steps at once, each in a thread of its own; their results, in order."""
    results = [None] * len(steps)

    def take(i):
        results[i] = steps[i]()
    threads = [threading.Thread(target=take, args=(i,)) for i in range(len(steps))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check("each had an answer", all(result is not None for result in results), True)
    return results


def main():
    set_up()
    earner, reader, elsewhere = newcomer("Patient"), Person(), newcomer("Busy")
    question = {"subject": "Once", "body": "Is anybody there?"}
    still = processes("helpdesk")
    check("the helpdesk runs", len(still) >= 1, True)
    for pid in still:
        os.kill(pid, signal.SIGSTOP)
    try:
        beside(lambda: reader.get("/articles", want=(503, 504)),
               lambda: earner.post("/tickets", question, want=(503, 504), key="patience"),
               lambda: elsewhere.get("/submissions"))
        for person in (reader, earner):
            check("when to come back", person.status == 504 or int(person.headers["Retry-After"]) > 0, True)
        check("who is not ready", await_that("it is seen", lambda: [
            s["name"] for s in vouchctl("status", want=(0, 1))["services"] if not s["ready"]]), ["installation", "helpdesk"])
    finally:
        for pid in still:
            os.kill(pid, signal.SIGCONT)
    made = await_that("it answers again", lambda: (lambda t: t if earner.status == 201 else None)(
        earner.post("/tickets", question, want=(201, 409, 503, 504), key="patience")))
    mine = earner.get("/tickets")["items"]
    check("asked once, whatever became of the first", [t["id"] for t in mine], [made["id"]])
    await_that("all are ready", lambda: vouchctl("status", want=(0, 1))["ready"])
    finish()


main()
