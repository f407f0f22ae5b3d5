#!/usr/bin/env python3
"""A credential in every form that it is to be had in.

    credentials.py BASE BIN STATE
"""
import base64
import json

import work
from world import BASE, Person, await_that, check, finish, newcomer, offer, set_up, vouchctl


def part(token, i):
    text = token.split(".")[i]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def forms(row):
    """By Accept, by suffix; a page for people."""
    anyone = Person()
    path = f"/credentials/{row['id']}"
    shown = anyone.get(path)
    check("JSON unless told", (anyone.headers["Content-Type"].split(";")[0], shown["title"]), ("application/json", row["title"]))
    check("it says that there are others", "Accept" in anyone.headers.get("Vary", ""), True)
    by_accept = anyone.get(path, headers={"Accept": "application/vc+jwt"})
    check("a JWT by Accept", anyone.headers["Content-Type"].split(";")[0], "application/vc+jwt")
    by_suffix = anyone.get(path + ".jwt")
    check("and by suffix", (anyone.headers["Content-Type"].split(";")[0], by_suffix), ("application/vc+jwt", by_accept))
    linked = anyone.get(path, headers={"Accept": "application/ld+json"})
    check("JSON-LD by Accept", anyone.headers["Content-Type"].split(";")[0], "application/ld+json")
    check("and by suffix", anyone.get(path + ".jsonld"), linked)
    check("a suffix goes before Accept", anyone.get(path + ".jwt", headers={"Accept": "application/ld+json"}), by_accept)
    for form in ("svg", "png"):
        mime = {"svg": "image/svg+xml", "png": "image/png"}[form]
        picture = anyone.get(path + "." + form)
        check("a picture by suffix", anyone.headers["Content-Type"].split(";")[0], mime)
        check("and by Accept", anyone.get(path, headers={"Accept": mime}), picture)
        check("which holds what is signed", by_accept in picture, True)
        check("and verifies", vouchctl("credential", "verify", "-", text=picture)["valid"], True)
    check("the best of several", anyone.get(path, headers={"Accept": "application/ld+json;q=0.5, application/vc+jwt"}), by_accept)
    anyone.get(path, headers={"Accept": "image/gif"}, want=406)
    anyone.get(path, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}, want=303)
    where = anyone.headers["Location"]
    page = anyone.opener.open(BASE + where, timeout=20).read().decode()
    check("a page for people, without a script of its own", (row["title"] in page, page.count("<script")), (True, page.count("<script defer src=")))
    for name in (row["id"][:-1] + "0", "nobody~" + row["id"].split("~")[1]):
        anyone.get(f"/credentials/{name}", want=404)
    return shown, by_accept.decode(), linked


def signed(row, shown, token, linked, earner):
    """What is signed, by whom, and that it is what is shown."""
    anyone = Person()
    head, claims = part(token, 0), part(token, 1)
    keys = anyone.get("/.well-known/jwks.json", root=True)["keys"]
    check("the key is published", [k["kid"] for k in keys if k["kid"].split("#")[-1] == head["kid"].split("#")[-1]] != [], True)
    did = anyone.get("/.well-known/did.json", root=True)
    check("and in the DID document", did["id"].startswith("did:web:"), True)
    profile = anyone.get(f"/issuers/{row['issuer']['id']}/profile")
    check("the issuer's profile", "Profile" in json.dumps(profile["type"]), True)
    vc = claims.get("vc", claims)
    check("Open Badges 3.0", "OpenBadgeCredential" in vc["type"], True)
    check("the holder has a name", earner.account["name"] in json.dumps(vc), True)
    check("and no address", earner.account["email"] in json.dumps(vc), False)
    check("what is shown is what is signed", linked["credentialSubject"], vc["credentialSubject"])
    check("whose it is", shown["recipientName"], earner.account["name"])
    told = vouchctl("credential", "verify", "-", text=token)
    check("it verifies", told["valid"], True)
    forged = {**linked, "credentialSubject": {**linked["credentialSubject"], "id": "urn:uuid:somebody-else"}, "jwt": token}
    check("what is shown otherwise does not", vouchctl("credential", "verify", "-", text=json.dumps(forged), want=1)["valid"], False)


def main():
    set_up()
    earner = newcomer("Celebrated")
    path, receipt = work.hand_in(earner, offer("celebrated-work"))
    work.decide(Person("assessor"), receipt["code"], "awarded")
    work.state_comes(earner, path, "awarded")
    row = await_that("the credential is signed", lambda: earner.get("/credentials")["items"])[0]
    await_that("the submission names it", lambda: earner.get(path).get("credentialId"))
    check("one alone", len(earner.get("/credentials")["items"]), 1)
    check("others have none", Person("other").get("/credentials")["items"], [])
    shown, token, linked = forms(row)
    signed(row, shown, token, linked, earner)
    told = await_that("the earner is told", lambda: [n for n in earner.get("/notifications")["items"] if n["kind"] == "credential_issued"])
    check("the link leads to it", row["title"] in earner.opener.open(BASE + told[0]["link"], timeout=20).read().decode(), True)
    finish()


main()
