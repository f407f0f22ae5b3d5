"""An earner's work on its way: the steps that several stories take."""
from world import Person, await_that

TEXT = "My circle reads a chapter each week and the roles change."
PARTS = ("overview", "work_examples", "reflection")
DECLARED = {"collaboration": {"collaborative": False}, "ai": {"used": False},
            "personalInformation": {"reviewed": True}, "ownWork": {"confirmed": True}}


def start(earner, micro_credential):
    """A draft. The submission service hears of a micro-credential a moment after it is published."""
    def attempt():
        made = earner.post("/submissions", {"microCredentialId": micro_credential}, want=(201, 404))
        return made if earner.status == 201 else None
    return await_that("the submission service knows the version", attempt)


def write(earner, path, key, text, want=200):
    """Writes a part over whatever version it has."""
    version = [part["version"] for part in earner.get(path)["parts"] if part["key"] == key][0]
    return earner.put(f"{path}/parts/{key}", {"text": text}, version, want)


def fill(earner, path, text=TEXT):
    """All that a draft needs; waits until its evidence was looked at."""
    for key in PARTS:
        write(earner, path, key, f"{text} This is part {key}.")
    earner.put(f"{path}/declarations", DECLARED)
    earner.upload(f"{path}/evidence", "plan.txt", "text/plain", b"We read together every Monday. " * 20,
                  {"title": "The plan"})
    await_that("the file is checked", lambda: earner.get(f"{path}/checks")["ready"])


def hand_in(earner, micro_credential, text=TEXT):
    """A submission from start to receipt: (its path, the receipt)."""
    path = f"/submissions/{start(earner, micro_credential)['id']}"
    fill(earner, path, text)
    return path, earner.post(f"{path}/submit")


def review_of(assessor, code, queue="pool"):
    """The row of the review for CODE, once it is in the queue."""
    return await_that(f"the review of {code} is queued", lambda: [
        row for row in assessor.get(f"/reviews?queue={queue}&limit=100")["items"] if row["submissionCode"] == code])[0]


def scores(review, failing=(), feedback=None):
    """Levels for every criterion, not passing where the part is in FAILING."""
    return {"scores": [{"criterionId": c["id"], "levelId": "l2" if part["part"] in failing else "l1", "comment": "Seen."}
                       for part in review["rubric"]["parts"] for c in part["criteria"]],
            "feedback": feedback or [{"kind": "praise", "part": "overview", "text": "The roles are clear."}]}


def decide(assessor, code, outcome, failing=(), feedback=None):
    """Claims the review of CODE, scores it and decides; the review afterwards."""
    path = f"/reviews/{review_of(assessor, code)['id']}"
    review = assessor.post(f"{path}/claim")
    assessor.put(f"{path}/scores", scores(review, failing, feedback), review["version"])
    return assessor.post(f"{path}/decision", {"outcome": outcome})


def state_comes(earner, path, state):
    """The submission once it is in STATE."""
    def look():
        now = earner.get(path)
        return now if now["state"] == state else None
    return await_that(f"{path} is {state}", look)


def anyone():
    return Person()
