#!/usr/bin/env python3
"""Who one is: signing up, in and out, tokens with scopes, roles, preferences.

    accounts.py BASE BIN STATE
"""
import email
import email.policy
import glob
import re
import uuid

import work
from world import ISSUER, PASSWORD, STATE, Person, await_that, check, fields_of, finish, newcomer, offer, seed, set_up


def mails_to(address):
    """The mails in the spool for ADDRESS, oldest first: (subject, text)."""
    found = []
    for name in sorted(glob.glob(f"{STATE}/mail/*.eml")):
        with open(name) as file:
            mail = email.message_from_file(file, policy=email.policy.default)
        if address in mail["To"]:
            found.append((mail["Subject"], mail.get_body(("plain",)).get_content()))
    return found


def link_in(address, n):
    """The token behind the # of the link in the Nth mail to ADDRESS."""
    mail = await_that(f"mail {n} to {address}", lambda: len(mails_to(address)) >= n and mails_to(address)[n - 1])
    return re.search(r"https?://\S+#(?:token=)?(\S+)", mail[1]).group(1)


def sign_up():
    address = f"new-{uuid.uuid4().hex[:8]}@example.org"
    person, body = Person(), {"email": address, "name": "Nora New", "password": PASSWORD, "locale": "en", "timeZone": "Europe/Berlin"}
    made = person.post("/accounts", body, want=201, key="sign-up-" + address[:20])
    check("the account", (made["email"], made["name"], made["confirmed"]), (address, "Nora New", False))
    person.post("/accounts", body, want=409)
    me = person.call("POST", "/sessions", {"email": address.upper(), "password": PASSWORD}, want=201)["account"]
    check("signed in, in any case", (me["id"], me["roles"]), (made["id"], []))
    cookie = person.headers["Set-Cookie"]
    check("the cookie", ("HttpOnly" in cookie, "SameSite=Lax" in cookie), (True, True))
    check("the token is not in the body", "token" in str(me), False)
    token = link_in(address, 1)
    check("confirmed by the link", Person().post("/accounts/confirmation", {"token": token})["confirmed"], True)
    Person().post("/accounts/confirmation", {"token": "vl_made-up"}, want=(404, 422))
    changed = person.put("/me", {"name": "Nora Newer", "locale": "de", "timeZone": "Europe/Paris"})["account"]
    check("changed", (changed["name"], changed["timeZone"]), ("Nora Newer", "Europe/Paris"))
    check("and kept", person.get("/me")["account"], changed)
    check("the faults", fields_of(person.put("/me", {"name": "", "timeZone": "Mars/Olympus"}, want=422)), ["name", "timeZone"])
    return person, address


def sessions(person, address):
    elsewhere = Person()
    elsewhere.call("POST", "/sessions", {"email": address, "password": PASSWORD}, want=201)
    rows = person.get("/sessions")["items"]
    check("signed in twice", (len(rows), sum(r["current"] for r in rows)), (2, 1))
    person.delete("/sessions/" + [r["id"] for r in rows if not r["current"]][0])
    await_that("the other is signed out", lambda: elsewhere.get("/me", want=(200, 401)) and elsewhere.status == 401)
    for kind in ("confirmation", "password"):
        Person().post("/accounts/mail", {"email": f"nobody-{uuid.uuid4().hex[:6]}@example.org", "kind": kind}, want=202)
    Person().post("/accounts/mail", {"email": address, "kind": "password"}, want=202)
    token = link_in(address, 2)
    check("too short", fields_of(Person().post("/accounts/password", {"token": token, "password": "short"}, want=422)), ["password"])
    Person().post("/accounts/password", {"token": token, "password": PASSWORD + " 2"}, want=204)
    Person().post("/accounts/password", {"token": token, "password": PASSWORD + " 3"}, want=(404, 422))
    await_that("every session has ended", lambda: person.get("/me", want=(200, 401)) and person.status == 401)
    Person().call("POST", "/sessions", {"email": address, "password": PASSWORD}, want=401)
    person.call("POST", "/sessions", {"email": address, "password": PASSWORD + " 2"}, want=201)
    person.delete("/sessions/current")
    person.get("/me", want=401)


def limits():
    """Wrong passwords have an end, and the answer says when to come back."""
    victim = newcomer("Guessed").account["email"]
    unknown = Person().post("/sessions", {"email": "nobody@example.org", "password": "wrong password"}, want=401)
    tries = 0
    guesser = Person()
    while guesser.post("/sessions", {"email": victim, "password": "wrong password"}, want=(401, 429)) and guesser.status == 401:
        tries += 1
        check("there is an end", tries <= 20, True)
    check("several are let in", tries >= 5, True)
    check("when to come back", int(guesser.headers["Retry-After"]) > 0, True)
    guesser.post("/sessions", {"email": victim, "password": PASSWORD}, want=429)
    again = Person().post("/sessions", {"email": "nobody@example.org", "password": "wrong password"}, want=401)
    check("nobody learns who exists", {k: v for k, v in again.items() if k != "trace"}, {k: v for k, v in unknown.items() if k != "trace"})


def tokens(micro_credential):
    person = newcomer("Scripter")
    made = person.post("/tokens", {"name": "reads", "scopes": ["submission:read"]}, want=201)
    reads = Person(token=made["token"])
    check("it reads", reads.get("/submissions")["items"], [])
    check("it is who made it", reads.get("/submissions", want=200) and made["name"], "reads")
    reads.post("/submissions", {"microCredentialId": micro_credential}, want=403)
    reads.get("/tickets", want=403)
    reads.post("/tokens", {"name": "more", "scopes": ["all:write"]}, want=403)
    writes = Person(token=person.post("/tokens", {"name": "writes", "scopes": ["submission:write", "submission:read"]}, want=201)["token"])
    s = work.start(writes, micro_credential)
    check("a program needs no origin", writes.put(f"/submissions/{s['id']}/parts/overview", {"text": "By program."}, 1)["version"] > 1, True)
    rows = person.get("/tokens")["items"]
    check("without their secrets", (len(rows), any("token" in row for row in rows)), (2, False))
    check("no such scope", fields_of(person.post("/tokens", {"name": "x", "scopes": ["moon:write"]}, want=422)), ["scopes[0]"])
    check("none", fields_of(person.post("/tokens", {"name": "x", "scopes": []}, want=422)), ["scopes"])
    person.delete(f"/tokens/{made['id']}")
    await_that("taken back", lambda: reads.get("/submissions", want=(200, 401)) and reads.status == 401)
    Person("other").delete(f"/tokens/{made['id']}", want=404)


def roles():
    author = Person("author")
    unconfirmed = newcomer("Unconfirmed").account["email"]
    author.post("/studio/roles", {"issuerId": ISSUER, "email": unconfirmed, "role": "assessor"}, want=404)
    seed("promoted", "Promoted", [])
    person = Person("promoted")
    body = {"issuerId": ISSUER, "email": person.account["email"], "role": "assessor"}
    grant = author.post("/studio/roles", body, want=201)
    check("granted", (grant["role"], grant["name"], grant["accountId"]), ("assessor", "Promoted", person.account["id"]))
    await_that("it works", lambda: person.get("/reviews", want=(200, 403)) and person.status == 200)
    check("and shows", person.get("/me")["account"]["roles"], [{"issuerId": ISSUER, "role": "assessor"}])
    check("in the list", grant["id"] in [g["id"] for g in author.get(f"/studio/roles?issuerId={ISSUER}&limit=100")["items"]], True)
    for role in ("platform_admin", "anyone", "queen"):
        author.post("/studio/roles", {**body, "role": role}, want=(400, 403, 422))
    person.post("/studio/roles", body, want=403)
    author.delete(f"/studio/roles/{ISSUER}/{grant['id']}")
    await_that("taken back", lambda: person.get("/reviews", want=(200, 403)) and person.status == 403)


def inbox(micro_credential):
    person = newcomer("Notified")
    items = person.get("/notification-preferences")["items"]
    check("decisions are always sent", [p["required"] for p in items if p["kind"] == "decision"], [True])
    person.call("PUT", "/notification-preferences", {"items": [{"kind": "submission_received", "mail": False, "inbox": True}]})
    check("kept", [p["mail"] for p in person.get("/notification-preferences")["items"] if p["kind"] == "submission_received"], [False])
    person.call("PUT", "/notification-preferences", {"items": [{"kind": "decision", "mail": False, "inbox": False}]}, want=(200, 422))
    check("not decisions", [p["mail"] for p in person.get("/notification-preferences")["items"] if p["kind"] == "decision"], [True])
    person.call("PUT", "/notification-preferences", {"items": [{"kind": "gossip", "mail": True, "inbox": True}]}, want=422)
    path, receipt = work.hand_in(person, micro_credential)
    told = await_that("it has arrived", lambda: person.get("/notifications?unread=true")["items"])[0]
    check("what of", (told["kind"], told["submissionCode"], "readAt" in told), ("submission_received", receipt["code"], False))
    check("no mail was wanted", [m for m in mails_to(person.account["email"]) if receipt["code"] in m[1]], [])
    Person("other").post(f"/notifications/{told['id']}/read", want=404)
    check("read", "readAt" in person.post(f"/notifications/{told['id']}/read"), True)
    person.post("/notifications/read", want=204)
    check("nothing is unread", person.get("/notifications")["unread"], 0)
    person.post(f"{path}/withdraw", {})


def main():
    set_up()
    micro_credential = offer("account-work")
    person, address = sign_up()
    sessions(person, address)
    limits()
    tokens(micro_credential)
    roles()
    inbox(micro_credential)
    finish()


main()
